"""Runs tests/cases/**/*.txt: inputs under `== path ==`, then what is expected of the build.

Expectations: `== diagnostics ==` the text form of all of them; `== anchors ==` each placed annotation with
the words it stands on; `== turns ==` the transcripts as read; `== html ADDRESS#ID ==` the element with this
id, without the notes inside it; `== html ADDRESS ==` lines that must stand in the page (with `!`: must not).
`== import NAME ==` what importing the file under `== raw NAME ==` gives: transcripts, report and problems.
`== include PATH ==` takes a file of this repository as an input. A path followed by `(escaped)` has
backslash escapes. `pytest tests/test_cases.py --rewrite` writes what the build gives.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from sitegen.diagnostics import CODES, as_text, in_order
from sitegen.importers import Context, Raw, import_file
from sitegen.model import Event, Introduction, Part, Turn
from tests.door import REPOSITORY, SEED, Result, build
from tests.reading import check_notes, check_pages, check_text, pages_of

CASES = Path(__file__).parent / "cases"
SPOILT = {"duplicate-id", "template-error", "control-character"}
"""Errors after which the pages cannot be as they should."""

_SECTION = re.compile(r"^== (.+?) ==\n", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    """A case file in sections, in their order, and the comment above them."""

    comment: str
    sections: tuple[tuple[str, str], ...]

    def inputs(self) -> dict[str, str | bytes]:
        """The site's files."""
        return {name: data for name, data in self._files().items() if not name.startswith("raw ")}

    def raw(self, name: str) -> bytes:
        """A file to import, by the name behind `raw`."""
        data = self._files()[f"raw {name}"]
        return data.encode() if isinstance(data, str) else data

    def _files(self) -> dict[str, str | bytes]:
        files: dict[str, str | bytes] = {}
        for name, text in self.sections:
            if name.startswith("include "):
                path = name.removeprefix("include ")
                files[path] = (REPOSITORY / path).read_bytes()
            elif name.endswith(" (escaped)"):
                escaped = text.rstrip("\n").encode().decode("unicode_escape")
                files[name.removesuffix(" (escaped)")] = escaped.encode("latin-1")
            elif not self.is_expectation(name):
                files[name] = text
        return files

    @staticmethod
    def is_expectation(name: str) -> bool:
        """Whether a section says what is expected rather than what is built."""
        return name in ("diagnostics", "anchors", "turns") or name.startswith(("html ", "import "))


def read_case(path: Path) -> Case:
    """Cuts a case file into its sections."""
    comment, *rest = _SECTION.split(path.read_bytes().decode())
    return Case(comment, tuple(zip(rest[::2], rest[1::2], strict=True)))


@pytest.mark.parametrize("path", sorted(CASES.rglob("*.txt")), ids=lambda p: p.relative_to(CASES).as_posix())
def test_case(path: Path, pytestconfig: pytest.Config) -> None:
    case = read_case(path)
    assert any(case.is_expectation(name) for name, _ in case.sections), "a case must expect something"
    result = build(case.inputs())
    actual = [(name, _actual(name, text, result, case)) for name, text in case.sections]
    if pytestconfig.getoption("--rewrite"):
        text = case.comment + "".join(f"== {name} ==\n{body}" for name, body in actual)
        path.write_bytes(text.encode())
        return
    for (name, expected), (_, got) in zip(case.sections, actual, strict=True):
        assert got.rstrip("\n") == expected.rstrip("\n"), f"{path.name}: {name}"
    if not SPOILT & set(result.codes()) and not any(SEED in name for name, _ in case.sections):
        _check_output(result)


def _check_output(result: Result) -> None:
    """Whatever a case is about, its pages are sound: see `tests.reading`."""
    pages = pages_of(result.files)
    check_pages(result, pages)
    by_path = {page.path: page for page in pages}
    for annotated in result.annotated:
        page = by_path[f"transcripts/{annotated.transcript.id}/index.html"]
        check_notes(page, annotated)
        check_text(page, annotated)


def _actual(name: str, text: str, result: Result, case: Case) -> str:
    if name == "diagnostics":
        return as_text(result.diagnostics)
    if name == "anchors":
        ranges = result.anchors().items()
        return "".join(
            f"{note}: " + " | ".join(f"{p} [{words}]" for p, words in spans) + "\n" for note, spans in ranges
        )
    if name == "turns":
        return "".join(_turns(result))
    if name.startswith("import "):
        raw = Raw(name.removeprefix("import "), case.raw(name.removeprefix("import ")))
        return _import(raw, Context(result.edition.project.speakers))
    if not name.startswith("html "):
        return text
    address, _, identity = name.removeprefix("html ").partition("#")
    page = result.page(address)
    if identity:
        return element(page, identity) + "\n"
    lines = [line for line in text.splitlines() if line.strip()]
    kept = [line for line in lines if (line.lstrip("!") in page) == (not line.startswith("!"))]
    return "".join(f"{line}\n" for line in kept)


def _import(raw: Raw, context: Context) -> str:
    """The transcripts of a raw file, indented so that no line of theirs begins a section; then the report."""
    imported = import_file(raw, context)
    lines = []
    for one in imported.value:
        lines += [f"{one.id}.md ({one.format})", *(f"  {line}".rstrip() for line in one.text.splitlines())]
        lines += [f"{f.kind} {f.what} {f.line}-{f.end_line}: {f.text}" for f in one.draft.findings]
        lines += [f"turn {number}: {', '.join(topics)}" for number, topics in one.draft.entries]
        lines += [f"terms: {', '.join(one.draft.terms)}"] if one.draft.terms else []
    return "".join(f"{line}\n" for line in lines) + as_text(in_order(imported.diagnostics))


def _turns(result: Result) -> list[str]:
    lines = []
    for one in result.annotated:
        lines.append(f"{one.transcript.id}: {', '.join(s.id for s in one.transcript.speakers)}\n")
        for block in one.transcript.blocks:
            if isinstance(block, Turn):
                start = f" at {block.start:g}" if block.start is not None else ""
                lines.append(f"{block.id} = {' + '.join(block.speaker_ids)} as printed: {block.label}{start}\n")
            elif isinstance(block, Part):
                lines.append(f"part {block.id}: {block.title}\n")
            elif isinstance(block, Event):
                lines.append(f"{block.kind}: {block.markup}\n")
            if isinstance(block, Turn | Introduction):
                lines += [f"  {p.id or '-'} {p.kind}: {p.plain!r}\n" for p in block.paragraphs]
    return lines


def element(page: str, identity: str) -> str:
    """The source of the element with an id, up to its end tag."""
    start = re.search(rf'<(\w+)[^<>]* id="{re.escape(identity)}"|<(\w+) id="{re.escape(identity)}"', page)
    assert start, f"no element with the id {identity}"
    tag, depth = start[1] or start[2], 0
    for match in re.finditer(rf"<(/?){tag}\b", page[start.start() :]):
        depth += -1 if match[1] else 1
        if depth == 0:
            return page[start.start() : start.start() + match.end()] + ">"
    raise AssertionError(f"the element {identity} is not closed")


def test_every_code_has_a_case() -> None:
    tests = Path(__file__).parent
    texts = [p.read_text("utf-8") for p in sorted(CASES.rglob("*.txt"))]
    texts += [p.read_text("utf-8") for p in sorted(tests.rglob("*.py"))]
    together = "\n".join(texts)
    assert [code for code in CODES if code not in together] == []


def test_every_row_of_the_design_is_tried() -> None:
    folder = Path(__file__).parent
    names = [path.name for path in folder.rglob("row-*.txt")]
    names += [
        name for path in folder.rglob("test_*.py") for name in re.findall(r"def test_(row_\d\d)", path.read_text())
    ]
    assert sorted({int(name[4:6]) for name in names}) == list(range(1, 53))

"""The pages of reference as the code has them: texts beside this file, with their tables filled in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from inspect import cleandoc
from pathlib import Path
from typing import Literal, get_args, get_origin

import click
from msgspec.structs import FieldInfo

from sitegen import annotations as annotation_files
from sitegen import articles, project, transcripts
from sitegen.cli import main
from sitegen.diagnostics import CODES
from sitegen.markup import NAMED_SCHEMES
from sitegen.records import Record, description_of, fields_of, taken_apart
from tests.door import REPOSITORY

PAGES = REPOSITORY / "content/pages"
_BLOCK = re.compile(r"^\S+:\d+:\d+: \w+ ([\w-]+): .*\n(?:    .*\n)*", re.MULTILINE)
_MARK = re.compile(r"@@(\w+)@@")
RECORDS = {
    record.__name__: record
    for module in (project, transcripts, annotation_files, articles)
    for record in vars(module).values()
    if isinstance(record, type) and issubclass(record, Record)
}
SCHEMES = {
    "transcript": "a transcript; with `#` a turn or paragraph of it: `transcript:ID#smith-3`",
    "speaker": "a speaker",
    "topic": "a topic",
    "note": "a note",
    "source": "a cited work",
    "term": "a term of the glossary",
    "page": "an ordinary page",
}
_SECTION = re.compile(r"^== (.+?) ==\n(.*?)(?=^== |\Z)", re.MULTILINE | re.DOTALL)
STEMS = {
    path.stem.replace("-", "_"): path
    for folder in ("cases", "changes")
    for path in sorted((REPOSITORY / "tests" / folder).rglob("*.txt"))
}
_FENCE = re.compile(r"^```\n(.*?)^```\n", re.MULTILINE | re.DOTALL)


def page_text(name: str) -> str:
    """What a page of reference has to say; examples that are still true are kept as they stand."""
    text = (Path(__file__).parent / f"{name}.md").read_text(encoding="utf-8")
    return _MARK.sub(lambda mark: _made(mark[1]), text)


def _made(mark: str) -> str:
    if mark == "commands":
        return commands_text()
    if mark == "diagnostics":
        return diagnostics_text(_examples_on_page())
    if mark == "schemes":
        rows = "\n".join(f"| `{scheme}:ID` | {SCHEMES[scheme]} |" for scheme in NAMED_SCHEMES)
        return f"| link | leads to |\n|---|---|\n{rows}"
    return message_text(STEMS[mark]) if mark in STEMS else fields_text(RECORDS[mark])


def message_text(path: Path) -> str:
    """The first message that a test case expects, below the lines of the file that it is about."""
    sections = dict(_SECTION.findall(path.read_bytes().decode()))
    printed = _BLOCK.match(sections.get("diagnostics") or sections["changes"])
    assert printed, path
    name, line = printed[0].split(":")[:2]
    lines = sections[name].splitlines()
    start = end = int(line) - 1
    while start > 0 and lines[start].startswith(" "):
        start -= 1
    while end + 1 < len(lines) and lines[end + 1].startswith(" "):
        end += 1
    about = "\n".join(lines[start : end + 1])
    return f"In `{name}`:\n\n```\n{about}\n```\n\nis answered by\n\n```\n{printed[0].rstrip()}\n```"


def fields_text(record: type[Record]) -> str:
    """A table of the fields of a record."""
    rows = map(_field_row, fields_of(record))
    return "\n".join(["| field | meaning |", "|---|---|", *rows])


def _field_row(field: FieldInfo) -> str:
    choices = [f"`{value}`" for value in _literals(taken_apart(field.type)[0]) if value]
    allowed = f" One of {', '.join(choices)}." if choices else ""
    default = f" Default: `{field.default}`." if field.default and isinstance(field.default, str) else ""
    star = r"\*" if field.required else ""
    meaning = _cell(description_of(field))
    return f"| `{field.encode_name}`{star} | {meaning}{allowed}{default} |"


def _literals(annotation: object) -> tuple[str, ...]:
    return get_args(annotation) if get_origin(annotation) is Literal else ()


def commands_text() -> str:
    """Every command: its help and a table of its options."""
    context = click.Context(main, info_name="sitegen")
    return "\n".join(_command(name, main.commands[name], context) for name in main.list_commands(context)).rstrip()


def _command(name: str, command: click.Command, above: click.Context) -> str:
    context = click.Context(command, info_name=name, parent=above)
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    records = (parameter.get_help_record(context) for parameter in command.params)
    rows = [record for record in records if record and record[1]]
    lines = [f"## {context.command_path}", "", "```sh", usage, "```", "", cleandoc(command.help or ""), ""]
    if rows:
        lines += ["| option | meaning |", "|---|---|"]
        lines += [f"| `{_cell(names)}` | {_cell(meaning)} |" for names, meaning in rows]
        lines.append("")
    if isinstance(command, click.Group):
        lines += [_command(sub, command.commands[sub], context) for sub in command.list_commands(context)]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def diagnostics_text(kept: dict[str, str]) -> str:
    """Every code with its severity, its sentence and an example from the test cases."""
    known = examples()
    lines = []
    for code, rule in CODES.items():
        lines += [f"## {code}", "", f"**{rule.severity.capitalize()}.** {rule.summary}", ""]
        chosen = kept[code] if kept.get(code, "") in known.get(code, set()) else min(known.get(code, {""}), key=_length)
        if chosen:
            lines += ["```", chosen.rstrip("\n"), "```", ""]
    return "\n".join(lines).rstrip()


def _length(text: str) -> tuple[int, str]:
    return len(text), text


def examples() -> dict[str, set[str]]:
    """From each code to what the test cases expect to be printed for it."""
    found: dict[str, set[str]] = {}
    for path in sorted((REPOSITORY / "tests/cases").rglob("*.txt")):
        for section in _expected(path.read_bytes().decode()):
            for block in _BLOCK.finditer(section):
                found.setdefault(block[1], set()).add(block[0])
    return found


def _expected(case: str) -> Iterable[str]:
    return re.findall(r"^== diagnostics ==\n(.*?)(?=^== |\Z)", case, re.MULTILINE | re.DOTALL)


def _examples_on_page() -> dict[str, str]:
    page = PAGES / "diagnostics.md"
    return dict(_fenced(page.read_text(encoding="utf-8"))) if page.exists() else {}


def _fenced(text: str) -> Iterator[tuple[str, str]]:
    for fence in _FENCE.finditer(text):
        if block := _BLOCK.match(fence[1]):
            yield block[1], fence[1]

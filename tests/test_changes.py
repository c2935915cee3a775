"""Runs tests/changes/*.txt: a site then and now, and what is said of the difference.

Sections are as in tests/cases; `== then PATH ==` is a file as it was at the earlier revision (empty: it did not
exist), all others were as they are. Expectations: `== changes ==` what `check --since` adds; `== pinned PATH ==`
the file after `pin --since`; `== reanchored PATH ==` the file after `reanchor --since --apply`; `== proposals ==`
what `reanchor --since` says. After pinning, nothing may be left, and pinning again may change nothing.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen import files, pipeline, preparation, rendering, repairs
from sitegen.diagnostics import as_text, in_order
from sitegen.since import carrier, changes, compare, judge_of_ids
from sitegen.source import Snapshot, Source
from tests.door import REPOSITORY
from tests.test_cases import Case, element, read_case

CHANGES = Path(__file__).parent / "changes"


def snapshots(case: Case) -> tuple[Snapshot, Snapshot]:
    """The site then and now."""
    then: dict[str, str] = {"sitegen.yaml": "title: Test\n"}
    now = dict(then)
    for name, text in case.sections:
        if name.startswith("then "):
            then[name.removeprefix("then ")] = text
        elif name.startswith("include "):
            path = name.removeprefix("include ")
            now[path] = (REPOSITORY / path).read_text(encoding="utf-8")
        elif "." in name and " " not in name:
            now[name] = text
    then = {**now, **then}

    def taken(texts: dict[str, str]) -> Snapshot:
        sources = tuple(Source.of(path, text) for path, text in sorted(texts.items()) if text)
        return Snapshot(sources, files.built_in_theme())

    return taken(then), taken(now)


@pytest.mark.parametrize("path", sorted(CHANGES.glob("*.txt")), ids=lambda p: p.stem)
def test_change(path: Path, pytestconfig: pytest.Config) -> None:
    case = read_case(path)
    then, now = snapshots(case)
    actual = [(name, _actual(name, text, then, now)) for name, text in case.sections]
    if pytestconfig.getoption("--rewrite"):
        path.write_bytes((case.comment + "".join(f"== {name} ==\n{body}" for name, body in actual)).encode())
        return
    for (name, expected), (_, got) in zip(case.sections, actual, strict=True):
        assert got.rstrip("\n") == expected.rstrip("\n"), f"{path.name}: {name}"


def _actual(name: str, text: str, then: Snapshot, now: Snapshot) -> str:
    kind, _, argument = name.partition(" ")
    if name == "changes":
        return as_text(in_order(changes(compare(then, now))))
    if name == "proposals":
        proposals = repairs.proposals_of(now, preparation.Options(), carrier(compare(then, now)))
        return as_text(in_order(p.diagnostic for p in proposals))
    if kind == "pinned":
        judge = judge_of_ids(then)
        pinned = repairs.mend(now, judge)
        assert repairs.mend(pinned.snapshot, judge).made == 0
        assert [d for d in judge(pinned.snapshot) if d.fix] == []
        return _text(pinned.snapshot, argument)
    if kind == "reanchored":
        proposals = repairs.proposals_of(now, preparation.Options(), carrier(compare(then, now)))
        return _text(
            repairs.reanchor(now, preparation.Options(), [p for p in proposals if p.is_sure]).snapshot, argument
        )
    if kind == "html":
        address, _, identity = argument.partition("#")
        outputs = [o for o in pipeline.build(now, preparation.Options()).outputs if o.path == f"{address}index.html"]
        return element(rendering.render(outputs).value[f"{address}index.html"].decode(), identity) + "\n"
    return text


def _text(snapshot: Snapshot, path: str) -> str:
    source = snapshot.source(path)
    assert source
    return source.text

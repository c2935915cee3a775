"""Control characters in files are found, wherever they stand, and nothing else is taken for one."""

from __future__ import annotations

import sys

from hypothesis import given
from hypothesis import strategies as st

from sitegen.files import decode
from sitegen.source import CONTROL

CONTROLS = CONTROL.findall("".join(map(chr, (*range(0xD800), *range(0xE000, sys.maxunicode + 1)))))


def _reported(text: str) -> list[str]:
    return [problem.code for problem in decode("content/a.md", text.encode()).diagnostics]


def test_each_is_found() -> None:
    assert [control for control in CONTROLS if _reported(f"a{control}b") != ["control-character"]] == []


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["", *CONTROLS]))
def test_only_they_are_reported(text: str, control: str) -> None:
    assert bool(_reported(text + control)) == bool(CONTROL.search(text + control))

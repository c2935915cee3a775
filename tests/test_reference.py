"""The pages of reference say what the code does; `--rewrite` makes them."""

from __future__ import annotations

import pytest

from tests.door import REPOSITORY
from tests.reference import PAGES, RECORDS, page_text

NAMES = ["formats", "commands", "diagnostics", "messages"]


@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_what_the_code_says(name: str, pytestconfig: pytest.Config) -> None:
    path, text = PAGES / f"{name}.md", page_text(name)
    if pytestconfig.getoption("--rewrite"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, "make it anew: pytest tests/test_reference.py --rewrite"


def test_every_field_of_every_file_is_on_the_page_of_formats() -> None:
    template = (REPOSITORY / "tests/reference/formats.md").read_text(encoding="utf-8")
    told = {name for name in RECORDS if f"@@{name}@@" in template}
    # A note and a further passage have all fields of a passage; a period is told of in the field itself.
    assert set(RECORDS) - told == {"Record", "PassageRecord", "PeriodRecord"}

"""The table of folds in the script is the one of `folding`; `--rewrite` copies it there."""

from __future__ import annotations

import json
import re

import pytest

from sitegen import folding
from tests.door import REPOSITORY

SCRIPT = REPOSITORY / "templates" / "assets" / "site.js"
_BLOCK = re.compile(r"(?<=// folds: begin\n).*?(?=// folds: end\n)", re.DOTALL)


def table() -> str:
    """The characters that folding knows, as a line of the script."""
    folds = {
        "spaces": folding.SPACES,
        "invisible": folding.INVISIBLE,
        "dashes": folding.DASHES,
        "single": folding.SINGLE_QUOTES,
        "double": folding.DOUBLE_QUOTES,
        "ligatures": folding.LIGATURES,
    }
    # A single backtick on a line would look like a text that runs over its end.
    listed = json.dumps(folds, indent=2).replace("`", "\\u0060")
    return f"const FOLDS = {listed};\n"


def test_the_script_has_the_table_of_folding(pytestconfig: pytest.Config) -> None:
    script = SCRIPT.read_text(encoding="utf-8")
    if pytestconfig.getoption("--rewrite"):
        SCRIPT.write_text(_BLOCK.sub(lambda _: table(), script), encoding="utf-8")
        return
    found = _BLOCK.search(script)
    assert found
    assert found[0] == table(), "run: pytest tests/test_folds_in_script.py --rewrite"

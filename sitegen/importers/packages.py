"""The parsers that come with the `import` extra, loaded when a file needs them.

A missing one is a problem with a remedy, not an exception.
"""

from __future__ import annotations

import importlib
from types import ModuleType

from sitegen.diagnostics import Diagnostic, problem
from sitegen.importers.draft import Raw


def load(module: str, package: str, raw: Raw) -> ModuleType | Diagnostic:
    """A parser's module, or what to install to have it."""
    try:
        return importlib.import_module(module)
    except ImportError:
        hint = "pip install 'sitegen-transcripts[import]'"
        return problem("import-missing-package", raw.at(1), f"this format needs the package {package}", hint)

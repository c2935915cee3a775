"""The house rules as tests: import order, no cycles, who owns which package, who prints, sizes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import sitegen

PACKAGE = Path(sitegen.__file__).parent

ORDER = [
    "source", "identifiers", "licences", "diagnostics", "sitefiles", "fingerprint", "model", "facts",
    "folding", "nearest", "similarity", "yamlnodes", "yamldoc", "yamledit", "records", "validation", "unmarked",
    "markup", "wording", "direct", "templating",
    "prose", "frontmatter", "project", "labels", "blocks", "turns", "transcripts", "annotations", "articles",
    "schemas",
    "streams", "candidates", "misses", "anchoring", "narrowing", "suggestions", "drift", "edition", "topics",
    "addresses", "outputs", "citing", "pages", "pages.charts", "pages.density", "pages.repository", "pages.frame",
    "pages.years", "pages.notes", "pages.body", "pages.transcript", "pages.registers", "pages.speakers",
    "pages.glossary", "pages.overview", "pages.redirect", "pages.around", "pages.search", "pages.plan",
    "exporters.lines", "exporters.plain_text", "exporters.transcript_json", "exporters.tei", "exporters.webvtt",
    "exporters.web_annotation", "exporters", "exporters.feed", "exporters.crawlers", "exporters.sitewide",
    "checks",
    "strays", "units",
    "preparation", "rendering", "conclusion", "pipeline",
    "files", "bytecode", "outfolder", "searching", "rawfiles", "memo", "crew", "forked", "cluster", "keys", "standing",
    "incremental", "workplace", "repairs",
    "sides", "alignment", "pins", "ids", "permalinks", "since", "drafting", "report", "history", "comparison",
    "preview", "serve", "publish", "scaffold",
    "importers.draft", "importers.lexicon", "importers.dates", "importers.names", "importers.labels",
    "importers.text", "importers.packages", "importers.voices", "importers.turns", "importers.furniture",
    "importers.pasted", "importers.roster", "importers.segments", "importers.captions", "importers.mdinline",
    "importers.markdown", "importers.webpage", "importers.wordfile", "importers.jsonvalues", "importers.timedjson",
    "importers.ownjson", "importers.oyez", "importers.xmltree", "importers.teiheader", "importers.teitext",
    "importers.tei", "importers.akomantoso", "importers.parlparse", "importers.congress", "importers.spacelog",
    "importers.spreadsheet", "importers.markdowntext", "importers.native", "importers.again",
    "importers.beside",
    "importers.draftnotes", "importers.webannotation", "importers.notetables", "importers.placing",
    "importers", "importing", "import_report",
    "console",
    "commands.build_site",
    "commands.check", "commands.new", "commands.pin", "commands.reanchor", "commands.report", "commands.schema",
    "commands.import_raw", "commands.export_transcript", "commands.statistics",
    "commands.init_site", "commands.serve_site", "commands.publish_site", "commands", "cli", "__main__",
]  # fmt: skip
"""Every module, in the order of ARCHITECTURE.md: a module imports only from those before it."""

OWNERS = {
    "jinja2": "templating", "markdown_it": "markup", "yaml": "yamldoc", "rapidfuzz": "similarity",
    "livereload": "serve", "tornado": "serve", "watchfiles": "serve", "distributed": "cluster",
}  # fmt: skip
PRINTING = [name for name in ORDER if name in ("console", "cli") or name.startswith("commands")]
"""The entry: what may print, and may see the environment."""
DISK = (
    "files", "bytecode", "outfolder", "memo", "workplace", "searching", "rawfiles", "history", "comparison", "serve",
    "publish",
)  # fmt: skip
"""The modules that may know the disk, the clock or other programs, with those of the entry."""

MOST_LINES = 370
MOST_FUNCTION_LINES = 55


def modules() -> dict[str, ast.Module]:
    """All modules of the package by dotted name below it."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
        found[name] = ast.parse(path.read_text(encoding="utf-8"))
    found.pop("__init__")
    return found


MODULES = modules()


def imports(tree: ast.Module) -> Iterator[str]:
    """Every module imported anywhere in a file, type-checking blocks and functions included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            modules = {name for name in whole if name.removeprefix("sitegen.") in MODULES}
            yield from modules
            # `from package import module` takes nothing from the package itself.
            if modules != whole:
                yield node.module


def test_every_module_has_its_place() -> None:
    assert sorted(ORDER) == sorted(MODULES)


@pytest.mark.parametrize("name", ORDER)
def test_imports_come_from_before(name: str) -> None:
    before = set(ORDER[: ORDER.index(name)])
    for imported in imports(MODULES[name]):
        if imported.startswith("sitegen."):
            assert imported.removeprefix("sitegen.") in before, f"{name} imports {imported}"


@pytest.mark.parametrize("name", ORDER)
def test_packages_have_one_owner(name: str) -> None:
    for imported in imports(MODULES[name]):
        owner = OWNERS.get(imported.partition(".")[0])
        assert owner in (None, name) or (owner, name) in (
            ("records", "validation"),
            ("yamldoc", "yamlnodes"),
            ("templating", "direct"),
        ), f"{name} imports {imported}, which belongs to {owner}"


def test_the_architecture_page_lists_the_modules_in_this_order() -> None:
    text = (PACKAGE.parent / "ARCHITECTURE.md").read_text(encoding="utf-8")
    positions = [text.find(f"`{name}`") for name in ORDER if "." not in name and name != "__main__"]
    assert -1 not in positions
    assert positions == sorted(positions)


@pytest.mark.parametrize("name", [name for name in ORDER if name not in PRINTING])
def test_only_the_command_line_prints(name: str) -> None:
    called = {
        node.func.id
        for node in ast.walk(MODULES[name])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & {"print", "input"}


@pytest.mark.parametrize("name", [name for name in ORDER if name not in (*DISK, *PRINTING)])
def test_only_files_touches_the_disk(name: str) -> None:
    forbidden = {"os", "pathlib", "tempfile", "shutil", "io", "time", "logging", "subprocess"}
    if name in ("importers.wordfile", "fingerprint"):
        forbidden -= {"io"}  # bytes in memory
    if name == "forked":
        forbidden -= {"os"}  # how much its processes give way
    assert not {imported.partition(".")[0] for imported in imports(MODULES[name])} & forbidden
    assert not any(isinstance(node, ast.Name) and node.id == "open" for node in ast.walk(MODULES[name]))


@pytest.mark.parametrize("name", ORDER)
def test_sizes(name: str) -> None:
    tree = MODULES[name]
    assert max((node.end_lineno or 0) for node in tree.body) <= MOST_LINES
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < MOST_FUNCTION_LINES, f"{name}.{node.name}"


@pytest.mark.parametrize("name", ORDER)
def test_nothing_changes_after_import(name: str) -> None:
    assert not any(isinstance(node, ast.Global) for node in ast.walk(MODULES[name]))


@pytest.mark.parametrize("name", ORDER)
def test_modules_and_public_functions_say_what_they_are_for(name: str) -> None:
    tree = MODULES[name]
    assert ast.get_docstring(tree)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{name}.{node.name} has no docstring"

"""YAML read as its author meant it: every scalar stays the text that was typed, every node knows its place.

With `yamlnodes` the only module that sees PyYAML. It parses, reports syntax errors, and writes YAML. What the
values mean, and whether they fit, is not known here.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

import yaml

from sitegen.diagnostics import Checked, Diagnostic, Related, problem
from sitegen.identifiers import is_id
from sitegen.source import CONTROL, Source
from sitegen.yamlnodes import DEPTH, Document, IrregularError, Path, Value, Walk, plain_value

__all__ = ["Document", "Path", "Value", "dump", "parse"]

_Loader: type[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class _Composer(_Loader):  # type: ignore[misc]  # one of two classes, by what PyYAML was built with
    """Composes nodes without asking what their tags may be: values stay texts, so nobody looks at tags."""

    # These are called for each node. An empty text takes whatever it is told to format, without a call into Python.
    resolve = descend_resolver = ascend_resolver = "".format


# PyYAML composes by recursion in C, which ends in a crash, not an exception. Nesting is bounded by the
# brackets of a text and the indentation of its lines; only where these are many is it counted.
_MOST_BRACKETS = 500
_DEEP_LINE = re.compile(r"\n[ ?:-]{200}")  # a pattern that begins with a sign is looked for six times as fast
_ANCHOR = re.compile(r"(?<![^\s\[{,:?-])&\S")


def parse(source: Source, *, start: int = 0, end: int | None = None, prose: frozenset[str]) -> Checked[Document | None]:
    """The YAML document between two offsets of a source, or None where it cannot be parsed.

    `prose` names the keys whose values are sentences, for which a comment behind a plain scalar is taken
    to be text that YAML swallowed.
    """
    text = source.text[start:end]
    try:
        node = _compose(text)
    except yaml.MarkedYAMLError as error:
        return Checked(None, (_syntax_problem(source, start, error),))
    except yaml.reader.ReaderError as error:
        found = CONTROL.search(text)  # the error's own position counts bytes
        position = start + (found.start() if found else error.position)
        where = source.location(position, position + 1)
        return Checked(None, (problem("bad-yaml", where, "a control character that YAML does not allow", "delete it"),))
    except RecursionError:
        return Checked(
            None, (problem("bad-yaml", source.location(start), "the lists or mappings are nested too deeply"),)
        )
    if node is None:
        return Checked(Document(source, None, start, None))
    if not _needs_a_look(text):
        with suppress(IrregularError):
            return Checked(Document(source, plain_value(node), start, node))
    walk = Walk(source, start, prose)
    value = walk.value(node, ())
    return Checked(Document(source, value, start, node), tuple(walk.problems))


def _needs_a_look(text: str) -> bool:
    """Whether nodes of a text may be shared, which takes an anchor, or text be lost, which takes a comment."""
    comment = "#" in text and (" #" in text or "\t#" in text)
    return comment or ("&" in text and _ANCHOR.search(text) is not None)


def _compose(text: str) -> yaml.Node | None:
    if text.count("[") + text.count("{") > _MOST_BRACKETS or _DEEP_LINE.search(f"\n{text}"):
        _check_depth(text)
    loader = _Composer(text)
    try:
        node: yaml.Node | None = loader.get_single_node()
    finally:
        loader.dispose()
    return node


def _check_depth(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > 2 * DEPTH:
            raise yaml.MarkedYAMLError(None, None, "lists or mappings are nested too deeply", event.start_mark)  # type: ignore[arg-type]


def _syntax_problem(source: Source, start: int, error: yaml.MarkedYAMLError) -> Diagnostic:
    mark = error.problem_mark or error.context_mark
    offset = start + (mark.index if mark else 0)
    what = error.problem or "the text cannot be parsed"
    hint = "check the indentation, and put values that contain `: `, ` #` or quote marks in double quotes or after `>-`"
    pointed_at = source.text[offset : offset + 1]
    for pattern, words, advice in _SYNTAX:
        if pattern in what or pattern == pointed_at == "\t":
            what, hint = words, advice
            break
    related = []
    if error.context_mark and error.context_mark is not mark:
        related = [Related(error.context or "", source.location(start + error.context_mark.index))]
    return problem("bad-yaml", source.location(offset, offset + 1), f"not valid YAML: {what}", hint, related=related)


_SYNTAX = (
    (
        "mapping values are not allowed",
        "a colon and a space inside a value that is not quoted",
        "put the value in double quotes, or on the next line after `>-`",
    ),
    ("\t", "a tab where spaces are needed", "indent with spaces"),
    (
        "found character that cannot start any token",
        "a value begins with a character that YAML reserves (%, @ or `)",
        "put the value in double quotes",
    ),
    (
        "unexpected end of stream",
        "a quote mark or bracket that is opened is never closed",
        "close it; inside single quotes, write an apostrophe twice",
    ),
    (
        "but found another document",
        "a second document begins here, after a `---` line",
        "keep one document in a file: remove the `---` line",
    ),
    (
        "could not find expected ':'",
        "a line that is neither `key: value` nor part of the value above it",
        "indent it to belong to the value above, or put the value in double quotes",
    ),
    (
        "found undefined alias",
        "a value that begins with * stands for another one, which does not exist",
        "put the value in double quotes",
    ),
    (
        "found unknown escape character",
        "a backslash in double quotes begins an escape, which this is not",
        "write the backslash twice, or put the value after `>-`",
    ),
    (
        "did not find expected ',' or",
        "a bracket that is opened is never closed, or a value in it ends too early",
        "close the bracket; put values with commas, colons or quote marks in double quotes",
    ),
    (
        "did not find expected key",
        "the indentation does not fit the lines above",
        "align this line with the keys above it; close every quote mark",
    ),
)


# ---------------------------------------------------------------- writing


class _Dumper(yaml.SafeDumper):
    """Quotes whatever YAML 1.1 or 1.2 would read as something else than text, but not dates."""

    yaml_implicit_resolvers = {  # noqa: RUF012 -- PyYAML declares it as an instance variable
        first: [(tag, pattern) for tag, pattern in rows if not tag.endswith(":timestamp")]
        for first, rows in yaml.SafeDumper.yaml_implicit_resolvers.items()
    }

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent lists under their key, as people write them."""
        super().increase_indent(flow, False)


_Dumper.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?[0-9]+(?:\.[0-9]*)?[eE][-+]?[0-9]+$"), list("-+0123456789")
)
_Dumper.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^0o[0-7]+$"), ["0"])


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


def _represent_list(dumper: yaml.SafeDumper, items: list[object]) -> yaml.SequenceNode:
    short = all(isinstance(item, str) and is_id(item) for item in items)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=short)


_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(list, _represent_list)


def dump(value: object) -> str:
    """YAML, in the order given, that reads back equal under this module's rules."""
    return str(yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100))

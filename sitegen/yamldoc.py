"""YAML read as its author meant it: every scalar stays the text that was typed, every node knows its place.

The only module that sees PyYAML. It parses, reports syntax errors, duplicate keys and text lost to
comments, and writes YAML. What the values mean, and whether they fit, is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import yaml

from sitegen.diagnostics import Checked, Diagnostic, Related, problem
from sitegen.identifiers import is_id
from sitegen.source import CONTROL, Location, Source

Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"
Path: TypeAlias = tuple[str | int, ...]
Style: TypeAlias = Literal["plain", "single", "double", "folded", "literal", "block", "flow"]

_Loader: type[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class _Composer(_Loader):  # type: ignore[misc]  # one of two classes, by what PyYAML was built with
    """Composes nodes without asking what their tags may be: values stay texts, so nobody looks at tags."""

    def resolve(self, kind: type[yaml.Node], value: str, implicit: tuple[bool, bool]) -> str:
        return ""

    def descend_resolver(self, parent: yaml.Node, index: object) -> None:
        """Nothing depends on where a node stands."""

    def ascend_resolver(self) -> None:
        """See `descend_resolver`."""


_STYLES: dict[str, Style] = {"": "plain", "'": "single", '"': "double", ">": "folded", "|": "literal"}
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_DEPTH = 40
# PyYAML composes by recursion in C, which ends in a crash, not an exception. Nesting is bounded by the
# brackets of a text and the indentation of its lines; only where these are many is it counted.
_MOST_BRACKETS = 500
_DEEP_LINE = re.compile(r"^[ ?:-]{200}", re.MULTILINE)
_LOST_TEXT = re.compile(r"(?:[ \t]+|[ \t]*\r?\n(?P<indent>[ ]+)(?=#[^\s#]))(?P<words>#.*)")
_LOST_VALUE = re.compile(r"(?P<indent>(?!))?[ \t]+(?P<words>#\w.*)")  # `quote: #1 …`, but not `quote: # to do`
_MORE_THAN_WRITTEN = 1000
"""How many more values than characters a text may stand for: aliases can repeat one another without end."""


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file or part of one: its value, and where each node of it stands.

    `spans` maps the path of a node to its range in `source.text`, `keys` the path of a mapping's entry to
    the range of its key. `styles` says how a node is written; `shared` are the paths of nodes that carry an
    anchor or are reached through an alias. Texts are kept as typed; empty, `~` and `null` plain scalars are None.
    """

    source: Source
    value: Value
    spans: Mapping[Path, tuple[int, int]]
    keys: Mapping[Path, tuple[int, int]]
    styles: Mapping[Path, Style] = field(default_factory=dict)
    shared: frozenset[Path] = frozenset()

    def location(self, *path: str | int) -> Location:
        """Where the node at `path` stands, or the nearest node above it."""
        return self._nearest(self.spans, path)

    def key_location(self, *path: str | int) -> Location:
        """Where the key of the entry at `path` stands, or the nearest node above it."""
        return self._nearest(self.keys if path in self.keys else self.spans, path)

    def find(self, needle: str, *path: str | int) -> Location:
        """Where `needle` stands inside the node at `path`; the node itself if it was folded over lines."""
        start, end = self.spans.get(path, (0, len(self.source.text)))
        found = self.source.text.find(needle, start, end)
        return self.source.location(found, found + len(needle)) if found >= 0 else self.location(*path)

    def _nearest(self, table: Mapping[Path, tuple[int, int]], path: Path) -> Location:
        while path and path not in table:
            path = path[:-1]
        return self.source.location(*(table.get(path) or self.spans.get(path) or (0, 0)))


@dataclass(slots=True)
class _Walk:
    source: Source
    shift: int
    prose: frozenset[str]
    spans: dict[Path, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)
    styles: dict[Path, Style] = field(default_factory=dict)
    shared: set[Path] = field(default_factory=set)
    reached: dict[int, Path] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)

    def span(self, node: yaml.Node) -> tuple[int, int]:
        start, end = node.start_mark.index + self.shift, node.end_mark.index + self.shift
        # The end of a block scalar or collection lies behind its last line break.
        text = self.source.text
        while end > start and text[end - 1].isspace():
            end -= 1
        return start, end

    def value(self, node: yaml.Node, path: Path, above: tuple[yaml.Node, ...] = ()) -> Value:
        self.spans[path] = self.span(node)
        self._note_form(node, path)
        repeats = len(self.spans) > len(self.source.text) + _MORE_THAN_WRITTEN
        if any(node is other for other in above) or len(above) > _DEPTH or repeats:
            what = "the aliases repeat too much" if repeats else "this is nested too deeply, or contains itself"
            self.problems.append(problem("bad-yaml", self.source.location(*self.spans[path]), what, "write it out"))
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, (*above, node))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, i), (*above, node)) for i, item in enumerate(node.value)]
        assert isinstance(node, yaml.ScalarNode)  # noqa: S101 -- YAML has no fourth kind of node
        self._check_lost_text(node, path)
        if node.style == '"' and CONTROL.search(node.value):
            where = self.source.location(*self.spans[path])
            message = "an escape stands for a control character, which no page can show"
            self.problems.append(problem("control-character", where, message, "delete it"))
            return CONTROL.sub("\ufffd", node.value)
        return None if not node.style and node.value in _NULLS else str(node.value)

    def _note_form(self, node: yaml.Node, path: Path) -> None:
        if isinstance(node, yaml.ScalarNode):
            self.styles[path] = _STYLES[node.style or ""]
        else:
            assert isinstance(node, yaml.CollectionNode)  # noqa: S101 -- YAML has no fourth kind of node
            self.styles[path] = "flow" if node.flow_style else "block"
        first = self.reached.setdefault(id(node), path)
        start = self.spans[path][0]
        if first != path or self.source.text[start : start + 1] in ("&", "!"):
            self.shared |= {first, path}

    def _mapping(self, node: yaml.MappingNode, path: Path, above: tuple[yaml.Node, ...]) -> Value:
        result: dict[str, Value] = {}
        for key_node, value_node in node.value:
            start, end = self.span(key_node)
            if not isinstance(key_node, yaml.ScalarNode):
                where = self.source.location(start, end)
                self.problems.append(problem("bad-yaml", where, "a key must be a plain word", "quote the text"))
                continue
            key = str(key_node.value)
            if key in result:
                self._duplicate(key, (start, end), self.keys[(*path, key)])
                continue
            self.keys[(*path, key)] = (start, end)
            result[key] = self.value(value_node, (*path, key), above)
        return result

    def _duplicate(self, key: str, second: tuple[int, int], first: tuple[int, int]) -> None:
        self.problems.append(
            problem(
                "duplicate-key",
                self.source.location(*second),
                f"the key '{key}' stands here a second time",
                "keep one of the two",
                related=[Related("it first stands here", self.source.location(*first))],
            )
        )

    def _check_lost_text(self, node: yaml.ScalarNode, path: Path) -> None:
        key = next((p for p in reversed(path) if isinstance(p, str)), "")
        if node.style or key not in self.prose:
            return
        _, end = self.spans[path]
        lost = (_LOST_TEXT if node.value else _LOST_VALUE).match(self.source.text, end)
        if lost and (lost["indent"] is None or self._is_deeper(lost["indent"], path)):
            words = lost["words"].strip()
            kept = f"{key} is only `{node.value}`" if node.value else f"{key} is empty"
            self.problems.append(
                problem(
                    "yaml-text-lost",
                    self.source.location(lost.start("words"), lost.start("words") + len(words)),
                    f"text after # was lost; YAML reads `{words}` as a comment, so {kept}",
                    f'put the whole value of {key} in double quotes: {key}: "{f"{node.value} {words}".strip()}"',
                )
            )

    def _is_deeper(self, indent: str, path: Path) -> bool:
        """Whether a comment line after a value is indented like a line of the value, not like the next key."""
        return path in self.keys and len(indent) + 1 > self.source.location(self.keys[path][0]).column


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
        return Checked(Document(source, None, {(): (start, start)}, {}))
    walk = _Walk(source, start, prose)
    value = walk.value(node, ())
    return Checked(
        Document(source, value, walk.spans, walk.keys, walk.styles, frozenset(walk.shared)), tuple(walk.problems)
    )


def _compose(text: str) -> yaml.Node | None:
    if text.count("[") + text.count("{") > _MOST_BRACKETS or _DEEP_LINE.search(text):
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
        if depth > 2 * _DEPTH:
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

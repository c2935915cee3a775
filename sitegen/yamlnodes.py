"""The nodes of a YAML document as values, and where each of them stands.

With `yamldoc` the only module that sees PyYAML. What is amiss with a document that can be parsed (duplicate
keys, text lost to comments, control characters) is reported here; how texts are parsed is not known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Literal, TypeAlias

import yaml
from msgspec import Struct, field

from sitegen.diagnostics import Diagnostic, Related, problem
from sitegen.source import CONTROL, Location, Source

Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"
Path: TypeAlias = tuple[str | int, ...]
Style: TypeAlias = Literal["plain", "single", "double", "folded", "literal", "block", "flow"]

_STYLES: dict[str, Style] = {"": "plain", "'": "single", '"': "double", ">": "folded", "|": "literal"}
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
DEPTH = 40
"""How deeply lists and mappings may be nested."""

_LOST_TEXT = re.compile(r"(?:[ \t]+|[ \t]*\r?\n(?P<indent>[ ]+)(?=#[^\s#]))(?P<words>#.*)")
_LOST_VALUE = re.compile(r"(?P<indent>(?!))?[ \t]+(?P<words>#\w.*)")  # `quote: #1 …`, but not `quote: # to do`
_MORE_THAN_WRITTEN = 1000
"""How many more values than characters a text may stand for: aliases can repeat one another without end."""


class Document(Struct, frozen=True, dict=True):
    """A parsed file or part of one: its value, and where each node of it stands, which is worked out on demand.

    Texts are kept as typed; empty, `~` and `null` plain scalars are None.
    """

    source: Source
    value: Value
    start: int
    root: yaml.Node | None

    @property
    def spans(self) -> Mapping[Path, tuple[int, int]]:
        """From the path of a node to its range in `source.text`."""
        return self._tables.spans

    @property
    def keys(self) -> Mapping[Path, tuple[int, int]]:
        """From the path of a mapping's entry to the range of its key."""
        return self._tables.keys

    @property
    def styles(self) -> Mapping[Path, Style]:
        """How each node is written."""
        return self._tables.styles

    @property
    def shared(self) -> set[Path]:
        """The paths of nodes that carry an anchor or are reached through an alias."""
        return self._tables.shared

    @cached_property
    def _tables(self) -> Walk:
        walk = Walk(self.source, self.start)
        if self.root is None:
            walk.spans[()] = (self.start, self.start)
        else:
            walk.value(self.root, ())
        return walk

    def at(self, *path: str | int) -> Value:
        """The value at `path`; None where there is none."""
        value = self.value
        for step in path:
            if isinstance(value, dict) and isinstance(step, str):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                return None
        return value

    def entries(self, *path: str | int) -> Sequence[str]:
        """The keys of the mapping at `path`."""
        value = self.at(*path)
        return tuple(value) if isinstance(value, dict) else ()

    def location(self, *path: str | int) -> Location:
        """Where the node at `path` stands, or the nearest node above it."""
        node = self.root
        for step in path:
            below = self._entry(node, step)
            if below is None:
                break
            node = below[1]
        return self._place(node)

    def key_location(self, *path: str | int) -> Location:
        """Where the key of the entry at `path` stands, or the nearest node above it."""
        key, node, missing = self._nearest(path)
        return self._place(key if key and not missing else node)

    def find(self, needle: str, *path: str | int) -> Location:
        """Where `needle` stands inside the node at `path`; the node itself if it was folded over lines."""
        _, node, missing = self._nearest(path)
        start, end = (0, len(self.source.text)) if missing else _span(self.source.text, self.start, node)
        found = self.source.text.find(needle, start, end)
        return self.source.location(found, found + len(needle)) if found >= 0 else self._place(node)

    def _place(self, node: yaml.Node | None) -> Location:
        return self.source.location(*_span(self.source.text, self.start, node))

    def _nearest(self, path: Path) -> tuple[yaml.Node | None, yaml.Node | None, int]:
        """The key, if it has one, and the node at `path` or nearest above it, and how many steps it is above."""
        key, node = None, self.root
        for position, step in enumerate(path):
            below = self._entry(node, step)
            if below is None:
                return key, node, len(path) - position
            key, node = below
        return key, node, 0

    def _entry(self, node: yaml.Node | None, step: str | int) -> tuple[yaml.Node | None, yaml.Node] | None:
        """As `_entry`, but without a search through the topmost mapping, which may have thousands of entries."""
        if node is self.root and type(node) is yaml.MappingNode:
            return self._entries_by_key.get(step)
        return _entry(node, step)

    @cached_property
    def _entries_by_key(self) -> Mapping[str | int, tuple[yaml.Node, yaml.Node]]:
        pairs = self.root.value if self.root else ()
        return {key.value: (key, value) for key, value in reversed(pairs) if type(key) is yaml.ScalarNode}


def _entry(node: yaml.Node | None, step: str | int) -> tuple[yaml.Node | None, yaml.Node] | None:
    """The key, if it has one, and the value of an entry of a node; the first one where a key stands twice."""
    if type(node) is yaml.MappingNode:
        for pair in node.value:
            if pair[0].value == step:
                return pair[0], pair[1]
    elif type(node) is yaml.SequenceNode and isinstance(step, int) and step < len(node.value):
        return None, node.value[step]
    return None


def _span(text: str, shift: int, node: yaml.Node | None) -> tuple[int, int]:
    if node is None:
        return shift, shift
    start, end = node.start_mark.index + shift, node.end_mark.index + shift
    # The end of a block scalar or collection lies behind its last line break.
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


class IrregularError(Exception):
    """Something in a document that needs a closer look."""


def plain_value(node: Any, depth: int = 0) -> Value:
    """What `Walk.value` gives for a node, without a record of what stands where; only where nothing is amiss.

    Raises IrregularError: a document may be nested deeply, have keys twice or such that are no texts, or control
    characters. Nodes must not be shared, and no text may follow a comment sign.
    """
    kind = type(node)
    if kind is yaml.ScalarNode:
        text: str = node.value
        if not node.style:
            return None if text in _NULLS else text
        if node.style == '"' and not text.isprintable() and CONTROL.search(text):
            raise IrregularError
        return text
    if depth > DEPTH:
        raise IrregularError
    if kind is yaml.SequenceNode:
        return [plain_value(item, depth + 1) for item in node.value]
    result: dict[str, Value] = {}
    for key, value in node.value:
        if type(key) is not yaml.ScalarNode:
            raise IrregularError
        result[key.value] = plain_value(value, depth + 1)
    if len(result) < len(node.value):
        raise IrregularError
    return result


class Walk(Struct):
    """All of a document in one walk: its value, what stands where, and what is amiss."""

    source: Source
    shift: int
    prose: frozenset[str] = frozenset()
    spans: dict[Path, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)
    styles: dict[Path, Style] = field(default_factory=dict)
    shared: set[Path] = field(default_factory=set)
    reached: dict[int, Path] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)

    def value(self, node: yaml.Node, path: Path, above: tuple[yaml.Node, ...] = ()) -> Value:
        """The value of the node at a path, below the nodes `above`."""
        self.spans[path] = _span(self.source.text, self.shift, node)
        self._note_form(node, path)
        repeats = len(self.spans) > len(self.source.text) + _MORE_THAN_WRITTEN
        if any(node is other for other in above) or len(above) > DEPTH or repeats:
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
            start, end = _span(self.source.text, self.shift, key_node)
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

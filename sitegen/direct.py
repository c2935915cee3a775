"""Templates compiled to what one would write by hand, since pages are what a build makes most of.

With `templating` the only module that sees Jinja, by what its compiler lets others override; themes are not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from types import FunctionType
from typing import Any

import jinja2
import markupsafe
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.utils import missing
from jinja2.visitor import NodeTransformer

from sitegen.markup import Html
from sitegen.wording import Wording

_PART = 100
"""How many pieces of a page are put together at a time."""


class _Spelled(NodeTransformer):
    """Makes of a template one that needs less work each time: words of the interface are written out, with the
    values between them, and what a macro makes is known to be HTML."""

    def __init__(self, template: nodes.Template, words: Wording) -> None:
        self.words = words
        self.macros = {one.name for one in template.find_all(nodes.Macro)}
        self.modules = {one.target for one in template.find_all(nodes.Import)}

    def visit_Output(self, node: nodes.Output) -> nodes.Node:  # noqa: N802 -- the name Jinja gives it
        node.nodes = [piece for child in node.nodes for piece in self._pieces(child)]
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802
        made = self.generic_visit(node)
        if self._is_macro(node):
            return nodes.Call(nodes.EnvironmentAttribute("html"), [made], [], None, None, lineno=node.lineno)
        pieces = () if node.kwargs else self._words_of(node)
        return nodes.Const(pieces[0][0], lineno=node.lineno) if pieces else made

    def _pieces(self, node: nodes.Expr) -> list[nodes.Expr]:
        """What is put out in place of an expression: words, and the values between them."""
        if not isinstance(node, nodes.Call):
            return [self.visit(node)]
        if self._is_macro(node):
            return [nodes.MarkSafe(self.generic_visit(node), lineno=node.lineno)]
        pieces = self._words_of(node)
        if not pieces or any(self._is_macro(one.value) for one in node.kwargs):
            return [self.visit(node)]
        values = {one.key: [self.visit(one.value)] for one in node.kwargs}
        written = ([nodes.Const(text, lineno=node.lineno), *values.get(name, ())] for text, name in pieces)
        return [one for part in written for one in part]

    def _words_of(self, node: nodes.Call) -> tuple[tuple[str, str], ...]:
        """The words that a call asks for by a key that stands in the template; none if it does not."""
        if node.node != nodes.Name("t", "load") or len(node.args) != 1:
            return ()
        key = node.args[0]
        return self.words.pieces(key.value, [one.key for one in node.kwargs]) if isinstance(key, nodes.Const) else ()

    def _is_macro(self, node: nodes.Expr) -> bool:
        if not isinstance(node, nodes.Call):
            return False
        called, known = node.node, self.macros
        if isinstance(called, nodes.Getattr):
            called, known = called.node, self.modules
        return isinstance(called, nodes.Name) and called.name in known


class _DirectCode(CodeGenerator):
    """Compiles templates to what one would write by hand: attributes and items are read and functions called as they
    are, macros with what they are given in its order, and a template or block hands its pieces on as one list.

    Jinja's own code asks of each value what it is first, which takes longer than all the rest. Only for
    templates that ship with sitegen: what they use is there, and needs no sandbox. A block is a list of pieces, so
    that `super()` is nothing for them.
    """

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        spelled = _Spelled(node, self.environment.globals["t"])  # type: ignore[arg-type]
        super().visit_Template(spelled.visit(node), frame)

    def blockvisit(self, nodes: Iterable[nodes.Node], frame: Frame) -> None:
        if frame.buffer is not None:
            super().blockvisit(nodes, frame)
            return
        self.buffer(frame)
        super().blockvisit(nodes, frame)
        self.writeline(f"yield {frame.buffer}")
        frame.buffer = None

    def simple_write(self, value: str, frame: Frame, node: nodes.Node | None = None) -> None:
        # What a block gives, which is the list of its pieces.
        self.writeline(f"{frame.buffer}.extend({value})", node)

    def write_commons(self) -> None:
        super().write_commons()
        self.writeline("written, escaped = environment.written, environment.escaped")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        self.visit(node.node, frame)
        self.write(f".{node.attr}")

    def visit_Getitem(self, node: nodes.Getitem, frame: Frame) -> None:  # noqa: N802
        self.visit(node.node, frame)
        self.write("[")
        self.visit(node.arg, frame)
        self.write("]")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        self.visit(node.node, frame)
        self.write("(")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write(")")

    def visit_MarkSafe(self, node: nodes.MarkSafe, frame: Frame) -> None:  # noqa: N802
        self.visit(node.expr, frame)

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        self.write(f"environment.macro(macro, {len(macro_ref.node.args)})")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        # Most values are texts, and a call for each would take longer than what is done with it.
        self.write("(" if isinstance(node, nodes.MarkSafe) else "(escaped(one) if type(one := ")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        self.write(")" if isinstance(node, nodes.MarkSafe) else ") is str else written(one))")


_escaped: Callable[[str], str] = getattr(markupsafe, "_escape_inner", markupsafe.escape)

_NUMBERS = frozenset({int, float})
"""What is written without a sign to escape."""


def _written(value: Any) -> str:
    """A value as it stands in HTML; what `markupsafe.escape` gives, which makes a value of another class of it."""
    if type(value) is Html:
        return value
    if type(value) in _NUMBERS:
        return str(value)
    return str(value.__html__()) if hasattr(value, "__html__") else _escaped(str(value))


def _macro(function: FunctionType, count: int) -> FunctionType:
    """A macro as a function that can be called with fewer values than it names."""
    function.__defaults__ = (missing,) * count
    return function


class _Template(jinja2.Template):
    """A template that is compiled so."""

    def generate(self, *args: Any, **kwargs: Any) -> Iterator[str]:
        """The text in parts of a few thousand characters: memory for a whole page at once costs more than its text."""
        known = {**self.environment.globals, **dict(*args, **kwargs)}  # templates have no globals of their own
        context = self.environment.context_class(self.environment, known, self.name, self.blocks)
        try:
            pieces = list(chain.from_iterable(self.root_render_func(context)))
        except Exception:
            self.environment.handle_exception()
        for start in range(0, len(pieces), _PART):
            yield "".join(pieces[start : start + _PART])


class Direct(jinja2.Environment):
    """The environment of templates that are compiled so; its words are the global `t`."""

    code_generator_class = _DirectCode
    template_class = _Template
    written = staticmethod(_written)
    escaped = staticmethod(_escaped)
    macro = staticmethod(_macro)
    html = Html

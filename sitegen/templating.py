"""Templates: strict, escaping by default, and errors in them reported like any other mistake.

The only module that sees Jinja. A theme is the built-in templates with the site's own laid over them,
file by file; what a template is given is not known here.
"""

from __future__ import annotations

import contextlib
import re
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from types import FunctionType
from typing import Any, TypeVar

import jinja2
import markupsafe
from jinja2 import nodes
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing
from jinja2.visitor import NodeTransformer
from msgspec import Struct, field
from msgspec.structs import replace

from sitegen.diagnostics import Checked, problem
from sitegen.markup import Html
from sitegen.source import Asset, Location, Source, digest
from sitegen.wording import FOLDER as WORDS
from sitegen.wording import Wording, wording_of

FOLDER = "templates"
ASSETS = "assets/"
T = TypeVar("T")


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
    """Compiles templates to what one would write by hand: attributes are read and functions called as they are,
    macros with what they are given in its order, and a template or block is put together before it is handed on.

    Jinja's own code asks of each value what it is first, which takes longer than all the rest. Only for
    templates that ship with sitegen: what they use is there, and needs no sandbox.
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
        self.writeline(f"yield concat({frame.buffer})")
        frame.buffer = None

    def write_commons(self) -> None:
        super().write_commons()
        self.writeline("written = environment.written")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        self.visit(node.node, frame)
        self.write(f".{node.attr}")

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
        self.write("(" if isinstance(node, nodes.MarkSafe) else "written(")


_escaped: Callable[[str], str] = getattr(markupsafe, "_escape_inner", markupsafe.escape)


def _written(value: Any) -> str:
    """A value as it stands in HTML; what `markupsafe.escape` gives, which makes a value of another class of it."""
    kind = type(value)
    if kind is str:
        return _escaped(value)
    if kind is Html:
        return value  # type: ignore[no-any-return]
    return str(value.__html__()) if hasattr(value, "__html__") else _escaped(str(value))


def _macro(function: FunctionType, count: int) -> FunctionType:
    """A macro as a function that can be called with fewer values than it names."""
    function.__defaults__ = (missing,) * count
    return function


class _Direct(jinja2.Environment):
    code_generator_class = _DirectCode
    written = staticmethod(_written)
    macro = staticmethod(_macro)
    html = Html


class _Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox, which here asks once whether an attribute is safe: that hangs on its name and the class alone."""

    @cached_property
    def verdicts(self) -> dict[tuple[type, str], bool]:
        return {}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        asked = (type(obj), attr)
        verdict = self.verdicts.get(asked)
        if verdict is None:
            verdict = self.verdicts[asked] = super().is_safe_attribute(obj, attr, value)
        return verdict


class _Compiled(jinja2.BytecodeCache):
    """Keeps compiled templates in memory; Jinja looks whether they are of the same source."""

    def __init__(self, code: dict[str, bytes]) -> None:
        self.code = code

    def load_bytecode(self, bucket: Bucket) -> None:
        """The compiled template of a key, if it is known."""
        if data := self.code.get(bucket.key):
            bucket.bytecode_from_string(data)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template that was compiled."""
        self.code[bucket.key] = bucket.bytecode_to_string()


_USES = re.compile(r"\{%[-+]?\s*(?:extends|include|import|from)\s+(.*?)[-+]?%\}", re.DOTALL)
_LITERAL = re.compile(r"""(["'])([^"']*)\1\s*(?:$|import\b|as\b|with\b|without\b|ignore\b)""")


class Theme(Struct, frozen=True, dict=True):
    """Templates and assets by their path below `templates/`, and the words of the interface."""

    sources: Mapping[str, Source]
    binaries: Mapping[str, bytes]
    words: Wording
    trusted: bool = False
    """Whether every template is one that ships with sitegen."""
    code: Mapping[str, bytes] = field(default_factory=dict)
    """Templates that were compiled before, under keys of Jinja's own."""

    def compiled(self) -> Theme:
        """The theme with all its templates compiled, for other processes and later builds. One that cannot be is
        left to those who use it, if any."""
        for name in sorted(self.closures):
            with contextlib.suppress(jinja2.TemplateError):
                self.environment.get_template(name)
        return replace(self, code=self._compiled.code)

    @cached_property
    def environment(self) -> jinja2.Environment:
        """The environment of all templates of this theme.

        Sandboxed if the site brings a template, because a pull request can bring one, and checking it must not
        run its code.
        """
        kind = _Direct if self.trusted else _Sandbox
        environment = kind(
            loader=jinja2.FunctionLoader(self._template),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            cache_size=-1,
            bytecode_cache=self._compiled,
        )
        environment.filters |= {"date": self.words.date, "number": self.words.number, "listed": self.words.listed}
        environment.globals["t"] = self.words
        return environment

    @cached_property
    def _compiled(self) -> _Compiled:
        return _Compiled(dict(self.code))

    def _template(self, name: str) -> tuple[str, str, None] | None:
        """A template with the file name by which tracebacks know it."""
        source = self.sources.get(name)
        return (source.text, name, None) if source else None

    @cached_property
    def assets(self) -> Mapping[str, tuple[str, bytes]]:
        """From the name of an asset (`site.css`) to its published path, with a digest, and its bytes."""
        texts = {
            name: _published(name, source.text) for name, source in self.sources.items() if name.startswith(ASSETS)
        }
        found = {}
        for name, data in sorted({**texts, **self.binaries}.items()):
            stem, dot, suffix = name.rpartition(".")
            found[name.removeprefix(ASSETS)] = (f"{stem}.{digest(data)[:10]}{dot}{suffix}", data)
        return found

    @cached_property
    def closures(self) -> Mapping[str, str]:
        """From the name of a template to a digest of its text and of those that it includes, extends or imports.

        One that names another by an expression may use any.
        """
        named = {name: frozenset(_named_in(source.text)) for name, source in self.sources.items()}
        every = frozenset(name for name in named if name.endswith((".html", ".xml")))
        found = {}
        for start in every:
            reached, waiting = set(), {start}
            while waiting:
                name = waiting.pop()
                reached.add(name)
                used = every if None in named.get(name, ()) else named.get(name, frozenset())
                waiting |= {other for other in used if other is not None} - reached
            texts = (f"{name} {self.sources[name].digest}" for name in sorted(reached) if name in self.sources)
            found[start] = digest("\n".join(texts).encode())
        return found

    def __reduce__(self) -> tuple[type[Theme], tuple[object, ...]]:
        return Theme, (dict(self.sources), dict(self.binaries), self.words, self.trusted, dict(self.code))


def _named_in(text: str) -> Iterator[str | None]:
    """The templates that a template names; None for each that it names by an expression."""
    for match in _USES.finditer(text):
        literal = _LITERAL.match(match[1])
        yield literal[2] if literal else None


_COMMENT_LINES = re.compile(r"^(?://.*|/\*(?!!)(?:(?!\*/)[\s\S])*\*/)?\n", re.MULTILINE)


def _published(name: str, text: str) -> bytes:
    """An asset as it is published: a script without its indentation and the comments on lines of their own.

    These are a tenth of what readers load. A script in which a text may run over the end of a line, where
    spaces count, stays as it is; so does all that only a parser could tell, which minifiers without one do not.
    """
    lines = text.splitlines()
    if name.endswith(".js") and not any(line.count("`") % 2 or line.endswith("\\") for line in lines):
        text = _COMMENT_LINES.sub("", "".join(f"{line.strip()}\n" for line in lines))
    return text.encode()


def theme_of(
    built_in: Iterable[Source], own: Iterable[Source], assets: Iterable[Asset], language: str
) -> Checked[Theme]:
    """The built-in theme with a site's own files in place of those of the same name, in a language."""
    shipped = {source.path.removeprefix(f"{FOLDER}/"): source for source in built_in}
    brought = {source.path.removeprefix(f"{FOLDER}/"): source for source in own}
    below = shipped | brought
    binaries = {asset.path.removeprefix(f"{FOLDER}/"): asset.data for asset in assets}
    words = wording_of(shipped, brought, language)
    trusted = all(name.startswith((ASSETS, WORDS)) for name in brought)
    return Checked(Theme(below, binaries, words.value, trusted), words.diagnostics)


def render(theme: Theme, name: str, values: Mapping[str, object]) -> Checked[str]:
    """A template filled in; empty, with a diagnostic at the template's line, where it cannot be."""
    found = _guarded(theme, name, lambda template: template.render(values))
    return Checked(found.value or "", found.diagnostics)


def render_each(theme: Theme, name: str, macro: str, items: Iterable[object]) -> Checked[tuple[str, ...]]:
    """What a macro of a template makes of each item; nothing, with a diagnostic, where it cannot be used."""

    def use(template: jinja2.Template) -> tuple[str, ...]:
        make = getattr(template.module, macro, None)
        if make is None:
            raise jinja2.TemplateSyntaxError(f"it has no macro `{macro}`", 1, name)
        try:
            return tuple(str(make(item)) for item in items)
        except Exception:
            theme.environment.handle_exception()  # so that lines are those of the template

    found = _guarded(theme, name, use)
    return Checked(found.value or (), found.diagnostics)


def _guarded(theme: Theme, name: str, use: Callable[[jinja2.Template], T]) -> Checked[T | None]:
    try:
        return Checked(use(theme.environment.get_template(name)))
    except jinja2.TemplateNotFound as error:
        where = _line_in_template(error, theme) or Location.at(f"{FOLDER}/{name}")
        found = problem("template-error", where, f"there is no template `{error.name}`", "check the name")
    except jinja2.TemplateSyntaxError as error:
        where = Location.at(f"{FOLDER}/{error.name or name}", error.lineno)
        found = problem("template-error", where, f"the template cannot be read: {error.message}")
    except Exception as error:
        line = _line_in_template(error, theme)
        if line is None:
            raise
        what = f"{type(error).__name__}: {error}"
        if isinstance(error, RecursionError):
            what = "it includes itself without end"
        found = problem("template-error", line, f"the template fails: {what}")
    return Checked(None, (found,))


def _line_in_template(error: BaseException, theme: Theme) -> Location | None:
    """The innermost line of a template in a traceback; None when our own code failed below it."""
    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
        filename = frame.f_code.co_filename
        if filename in theme.sources:
            return Location.at(f"{FOLDER}/{filename}", line or 1)
        # By the module, not the path: everything may lie in a folder that is called sitegen, Jinja too.
        if frame.f_globals.get("__name__", "").startswith("sitegen."):
            return None
    return None

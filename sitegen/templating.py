"""Templates: strict, escaping by default, and errors in them reported like any other mistake.

With `direct` the only module that sees Jinja. A theme is the built-in templates with the site's own laid over them,
file by file; what a template is given is not known here.
"""

from __future__ import annotations

import contextlib
import re
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, TypeVar

import jinja2
from jinja2.bccache import Bucket
from jinja2.sandbox import ImmutableSandboxedEnvironment
from msgspec import Struct, field
from msgspec.structs import replace

from sitegen.diagnostics import Checked, problem
from sitegen.direct import Direct
from sitegen.source import Asset, Location, Source, digest
from sitegen.wording import FOLDER as WORDS
from sitegen.wording import Wording, wording_of

FOLDER = "templates"
ASSETS = "assets/"
T = TypeVar("T")


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
            try:
                bucket.bytecode_from_string(data)
            except Exception:  # damaged code may raise nearly anything
                bucket.reset()

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
        kind = Direct if self.trusted else _Sandbox
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
    def script_words(self) -> Mapping[str, str]:
        """The words of the interface that the script puts on pages."""
        return {key: text for key, text in self.words.words.items() if key.startswith("js-")}

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
    built_in: Iterable[Source],
    own: Iterable[Source],
    assets: Iterable[Asset],
    language: str,
    compiled: Mapping[str, bytes],
) -> Checked[Theme]:
    """The built-in theme with a site's own files in place of those of the same name, in a language; `compiled` are the
    templates of the built-in theme as they were compiled before."""
    shipped = {source.path.removeprefix(f"{FOLDER}/"): source for source in built_in}
    brought = {source.path.removeprefix(f"{FOLDER}/"): source for source in own}
    below = shipped | brought
    binaries = {asset.path.removeprefix(f"{FOLDER}/"): asset.data for asset in assets}
    words = wording_of(shipped, brought, language)
    trusted = all(name.startswith((ASSETS, WORDS)) for name in brought)
    # What the sandbox runs is compiled in another way.
    return Checked(Theme(below, binaries, words.value, trusted, compiled if trusted else {}), words.diagnostics)


def render(theme: Theme, name: str, values: Mapping[str, object]) -> Checked[bytes]:
    """A template filled in, in UTF-8; empty, with a diagnostic at the template's line, where it cannot be."""
    found = _guarded(theme, name, lambda template: b"".join([part.encode() for part in template.generate(values)]))
    return Checked(found.value or b"", found.diagnostics)


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

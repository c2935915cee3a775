"""Templates: strict, escaping by default, and errors in them reported like any other mistake.

The only module that sees Jinja. A theme is the built-in templates with the site's own laid over them,
file by file; what a template is given is not known here.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sitegen.diagnostics import Checked, problem
from sitegen.source import Asset, Location, Source, digest
from sitegen.wording import FOLDER as WORDS
from sitegen.wording import Wording, wording_of

FOLDER = "templates"
ASSETS = "assets/"


@dataclass(frozen=True)
class Theme:
    """Templates and assets by their path below `templates/`, and the words of the interface."""

    sources: Mapping[str, Source]
    binaries: Mapping[str, bytes]
    words: Wording
    trusted: bool = False
    """Whether every template is one that ships with sitegen."""

    @cached_property
    def environment(self) -> jinja2.Environment:
        """The environment of all templates of this theme.

        Sandboxed if the site brings a template, because a pull request can bring one, and checking it must not
        run its code. The sandbox asks of every attribute whether it is safe, which takes as long as all the rest.
        """
        kind = jinja2.Environment if self.trusted else ImmutableSandboxedEnvironment
        environment = kind(
            loader=jinja2.FunctionLoader(self._template),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            cache_size=-1,
        )
        environment.filters |= {"date": self.words.date, "number": self.words.number, "listed": self.words.listed}
        environment.globals["t"] = self.words
        return environment

    def _template(self, name: str) -> tuple[str, str, None] | None:
        """A template with the file name by which tracebacks know it."""
        source = self.sources.get(name)
        return (source.text, name, None) if source else None

    @cached_property
    def assets(self) -> Mapping[str, tuple[str, bytes]]:
        """From the name of an asset (`site.css`) to its published path, with a digest, and its bytes."""
        texts = {name: source.text.encode() for name, source in self.sources.items() if name.startswith(ASSETS)}
        found = {}
        for name, data in sorted({**texts, **self.binaries}.items()):
            stem, dot, suffix = name.rpartition(".")
            found[name.removeprefix(ASSETS)] = (f"{stem}.{digest(data)[:10]}{dot}{suffix}", data)
        return found

    def __reduce__(self) -> tuple[type[Theme], tuple[dict[str, Source], dict[str, bytes], Wording, bool]]:
        return Theme, (dict(self.sources), dict(self.binaries), self.words, self.trusted)


def theme_of(
    built_in: Iterable[Source], own: Iterable[Source], assets: Iterable[Asset], language: str
) -> Checked[Theme]:
    """The built-in theme with a site's own files in place of those of the same name, in a language."""
    shipped = {source.path.removeprefix(f"{FOLDER}/"): source for source in built_in}
    brought = {source.path.removeprefix(f"{FOLDER}/"): source for source in own}
    below = shipped | brought
    binaries = {asset.path.removeprefix(f"{FOLDER}/"): asset.data for asset in assets}
    words = wording_of(below, language)
    trusted = all(name.startswith((ASSETS, WORDS)) for name in brought)
    return Checked(Theme(below, binaries, words.value, trusted), words.diagnostics)


def render(theme: Theme, name: str, values: Mapping[str, object]) -> Checked[str]:
    """A template filled in; empty, with a diagnostic at the template's line, where it cannot be."""
    try:
        return Checked(theme.environment.get_template(name).render(values))
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
    return Checked("", (found,))


def _line_in_template(error: BaseException, theme: Theme) -> Location | None:
    """The innermost line of a template in a traceback; None when our own code failed below it."""
    frames = traceback.extract_tb(error.__traceback__)
    named = [(frame.filename, frame.lineno or 1) for frame in frames]
    for filename, line in reversed(named):
        if filename in theme.sources:
            return Location.at(f"{FOLDER}/{filename}", line)
        if "/sitegen/" in filename.replace("\\", "/"):
            return None
    return None

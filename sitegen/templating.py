"""Templates: strict, escaping by default, and errors in them reported like any other mistake.

The only module that sees Jinja. A theme is the built-in templates with the site's own laid over them,
file by file; what a template is given is not known here.
"""

from __future__ import annotations

import datetime
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import jinja2

from sitegen.diagnostics import Checked, problem
from sitegen.source import Location, Source, digest

FOLDER = "templates"


@dataclass(frozen=True)
class Theme:
    """Templates and assets by their path below `templates/`."""

    sources: Mapping[str, Source]

    @cached_property
    def environment(self) -> jinja2.Environment:
        """The environment of all templates of this theme."""
        environment = jinja2.Environment(
            loader=jinja2.FunctionLoader(self._template),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            cache_size=-1,
        )
        environment.filters |= {"date": date_in_words, "number": number_in_words}
        return environment

    def _template(self, name: str) -> tuple[str, str, None] | None:
        """A template with the file name by which tracebacks know it."""
        source = self.sources.get(name)
        return (source.text, name, None) if source else None

    @cached_property
    def assets(self) -> Mapping[str, tuple[str, str]]:
        """From the name of an asset (`site.css`) to its published path, with a digest, and its text."""
        found = {}
        for name, source in sorted(self.sources.items()):
            if name.startswith("assets/"):
                stem, dot, suffix = name.rpartition(".")
                published = f"{stem}.{digest(source.text.encode())[:10]}{dot}{suffix}"
                found[name.removeprefix("assets/")] = (published, source.text)
        return found

    def __reduce__(self) -> tuple[type[Theme], tuple[dict[str, Source]]]:
        return Theme, (dict(self.sources),)


def theme_of(built_in: Iterable[Source], own: Iterable[Source]) -> Theme:
    """The built-in theme with a site's own files in place of those of the same name."""
    below = {source.path.removeprefix(f"{FOLDER}/"): source for source in (*built_in, *own)}
    return Theme(below)


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


def date_in_words(date: str) -> str:
    """A date of year, month or day precision as people write it: 11 April 2024."""
    parts = [int(part) for part in date.split("-")] if date else []
    if len(parts) < 2:
        return date
    month = datetime.date(parts[0], parts[1], 1).strftime("%B")
    return " ".join([*(str(day) for day in parts[2:]), month, str(parts[0])])


def number_in_words(number: int) -> str:
    """A number with its thousands set apart."""
    return f"{number:,}"

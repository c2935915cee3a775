"""What is read before any transcript: registers, pages, theme; and so what reading a transcript may know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from sitegen.annotations import Known
from sitegen.articles import read_page
from sitegen.diagnostics import Checked, Diagnostic
from sitegen.facts import AnnotatedTranscript
from sitegen.labels import Register
from sitegen.model import Annotation, Page, Reference, Settings
from sitegen.pages.around import Grounds
from sitegen.project import TOPICS_PATH, read_project
from sitegen.sitefiles import (
    PAGES,
    SiteFiles,
    in_memory,
    is_about_files,
)
from sitegen.source import Location, Snapshot
from sitegen.strays import misplaced
from sitegen.templating import FOLDER as TEMPLATES
from sitegen.templating import Theme, theme_of
from sitegen.units import (
    Reading,
    Scope,
    Unit,
    read_unit,
    unique,
    units_of,
)

_NOWHERE = Location.at("")


class Options(Struct, frozen=True):
    """What the command line can change about a build: the public address, and whether drafts count."""

    url: str = ""
    drafts: bool = False


class Prepared(Struct, frozen=True):
    """What is read before any transcript: what all pages have in common, and what reading a unit may know."""

    grounds: Grounds
    scope: Scope
    files: SiteFiles
    units: tuple[Unit, ...]
    topics_end: tuple[str, int] | None
    diagnostics: tuple[Diagnostic, ...]

    def with_files(self, files: SiteFiles) -> Prepared:
        """The same of other files, of which registers, pages and theme are these."""
        return replace(self, files=files, units=units_of(files))

    def without_files(self) -> Prepared:
        """The same to be kept or sent away."""
        return self.with_files(in_memory(Snapshot(())))

    def with_theme(self, theme: Theme) -> Prepared:
        """The same with another theme, or with this one compiled."""
        return replace(self, grounds=replace(self.grounds, theme=theme))

    def read(self, unit: Unit) -> tuple[Reading, AnnotatedTranscript | None]:
        """The reading of a unit, and its transcript with its notes."""
        return read_unit(unit, self.scope, self.files.load)


def visited(units: Iterable[Unit], visitors: Mapping[str, tuple[Annotation, ...]]) -> tuple[Unit, ...]:
    """Those of the units, and new ones, that have visitors, with them."""
    known = {unit.id: unit for unit in units}
    return tuple(replace(known.get(name, Unit(name)), visitors=notes) for name, notes in sorted(visitors.items()))


def prepare(files: SiteFiles, options: Options) -> Prepared:
    """Everything but the transcripts and their annotations."""
    snapshot = files.snapshot
    project = read_project(snapshot)
    settings = _with_url(project.value.settings, options.url)
    pages = _read_pages(snapshot)
    topics = snapshot.source(TOPICS_PATH)
    own = snapshot.under(TEMPLATES, "")
    theme = theme_of(snapshot.theme, own, snapshot.assets, settings.language, snapshot.compiled)
    scope = Scope(
        speakers=Register(project.value.speakers),
        known=Known(
            kinds=tuple(kind.id for kind in settings.kinds),
            topics=_references(topic.id for topic in project.value.topics),
            works=_references(work.id for work in project.value.works),
        ),
        drafts=options.drafts,
    )
    return Prepared(
        grounds=Grounds(replace(project.value, settings=settings), pages.value, theme.value),
        scope=scope,
        files=files,
        units=units_of(files),
        topics_end=(topics.path, len(topics.text)) if topics else None,
        diagnostics=(*project.diagnostics, *pages.diagnostics, *misplaced(snapshot), *theme.diagnostics),
    )


def _references(ids: Iterable[str]) -> dict[str, Reference]:
    return {name: Reference(name, _NOWHERE) for name in sorted(ids)}


def _read_pages(snapshot: Snapshot) -> Checked[tuple[Page, ...]]:
    """The ordinary pages, each id once."""
    read = [read_page(source) for source in snapshot.under(PAGES, ".md") if not is_about_files(source.path)]
    distinct = unique([page.value for page in read if page.value is not None], "page")
    return Checked(distinct.value, (*(d for page in read for d in page.diagnostics), *distinct.diagnostics))


def _with_url(settings: Settings, url: str) -> Settings:
    """The settings with another public address, if one is given."""
    return replace(settings, url=url.rstrip("/") + "/") if url else settings

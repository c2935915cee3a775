"""The whole site, brought together from the readings of its transcripts, and what is wrong between them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

from sitegen.addresses import page_of, places_of, transcript_page
from sitegen.checks import Subject, check
from sitegen.diagnostics import Checked, Diagnostic, problem
from sitegen.exporters import files_of_transcript
from sitegen.exporters.feed import latest_notes
from sitegen.exporters.sitewide import plan_exports
from sitegen.facts import Edition
from sitegen.outputs import Output
from sitegen.pages.frame import Site
from sitegen.pages.plan import plan_pages
from sitegen.preparation import Prepared
from sitegen.source import Location
from sitegen.strays import homeless
from sitegen.topics import index_topics
from sitegen.transcripts import read_transcript
from sitegen.units import (
    Reading,
    unique,
)


def conclude(prepared: Prepared, readings: Sequence[Reading]) -> Site:
    """The whole site from the readings of all units."""
    by_id = {reading.unit_id: reading for reading in readings}
    found = (reading.facts for reading in readings if reading.facts is not None)
    facts = tuple(sorted(found, key=lambda one: (one.date, one.transcript_id)))
    grounds = prepared.grounds
    edition = Edition(grounds.project, facts, index_topics(grounds.project, facts), grounds.pages)
    texts = {(f.transcript_id, at): by_id[f.transcript_id].texts[at] for f, at in latest_notes(facts)}
    return Site(edition, grounds.theme, places_of(edition), texts)


def problems_between(prepared: Prepared, readings: Sequence[Reading], site: Site) -> tuple[Diagnostic, ...]:
    """What is wrong between the units of a site, given the readings of all of them."""
    notes = sorted((note for reading in readings for note in reading.written_here), key=lambda note: note.location)
    travellers = [note for reading in readings for note in reading.travellers]
    known = sorted(reading.unit_id for reading in readings if reading.exists)
    return (
        *homeless(prepared.files.annotations, travellers, known),
        *check(Subject(site.edition, tuple(notes), site.places, prepared.topics_end)),
    )


def explained(prepared: Prepared, readings: Sequence[Reading]) -> dict[Diagnostic, Diagnostic]:
    """After a second look at lost quotes, whose words may be in any transcript: what is said instead of what the
    readings say of them."""
    missed = [one for reading in readings if reading.facts for one in reading.facts.missed]
    if not missed:
        return {}
    # Imported here, since few sites have lost quotes, and it takes as long as all the rest.
    from sitegen.drift import Library, improved, propose

    load, scope = prepared.files.load, prepared.scope
    sources = (source for path in prepared.files.transcripts if (source := load(path).value))
    read = (t for source in sources if (t := read_transcript(source, scope.speakers).value))
    library = Library(one for one in unique(read, "transcript").value if scope.drafts or not one.draft)
    paths = {one.target.location.path for one in missed}
    return improved(propose(missed, library, {path: source for path in paths if (source := load(path).value)}))


def plan(site: Site) -> Iterator[Output]:
    """The outputs of the whole site but those of transcripts."""
    pages = tuple(plan_pages(site))
    yield from pages
    transcripts = (transcript_page(facts.transcript_id) for facts in site.edition.facts)
    yield from plan_exports(site, tuple(sorted({*transcripts, *(page_of(page.path) for page in pages)})))


def unique_outputs(outputs: Iterable[Output], taken: Container[str] = ()) -> Checked[tuple[Output, ...]]:
    """Every output once, by path, without those of paths that are taken; two that would be written to one path are an
    error."""
    by_path: dict[str, Output] = {}
    problems = []
    for output in outputs:
        if output.path in taken or by_path.setdefault(output.path, output) is not output:
            problems.append(_collision(output.path))
    return Checked(tuple(by_path[path] for path in sorted(by_path)), tuple(problems))


def files_of_transcripts(site: Site) -> set[str]:
    """The paths at which there is, or may be, a file of a transcript."""
    return {path for facts in site.edition.facts for path in files_of_transcript(facts.transcript_id)}


def _collision(path: str) -> Diagnostic:
    """Two outputs of one path."""
    message = f"two pages would be written to {path}"
    hint = "rename one of the two, or take its name out of the `aka:` of the other"
    return problem("address-collision", Location.at(path), message, hint)

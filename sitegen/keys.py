"""What each thing that a build makes is made from, as digests by name, so that it is known when to make it anew.

And what it means that one of them has changed, in words for `--why`.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from msgspec import Struct

from sitegen.fingerprint import fingerprint, placeless_fingerprint
from sitegen.memo import UnitOutputs, UnitRow
from sitegen.outputs import Output
from sitegen.preparation import Options, Prepared
from sitegen.sitefiles import SiteFiles, is_transcript
from sitegen.units import Reading, Unit

Key = str
"""Digests of all that an output is made from, each behind its name in REASONS: `common:… transcript:…`. That of the
template, if there is one, comes last."""

REASONS = {
    "template": "its template has changed",
    "common": "the settings, the list of pages or an asset of the theme have changed",
    "transcript": "its transcript has changed",
    "annotations": "its annotations have changed",
    "facts": "what the registers say of its speakers has changed",
    "elsewhere": "what it shows of other pages has changed",
    "site": "what it lists of transcripts and registers has changed",
}
"""What the parts of a key are, in words, those first that explain others."""


class Keys(Struct, frozen=True):
    """The keys of one build. Digests of what reading a unit may know, of what all pages have in common, and of the
    registers and ordinary pages; and of each template with those that it uses."""

    scope: str
    common: str
    registers: str
    closures: Mapping[str, str]

    def of_visitors(self, unit: Unit) -> str:
        """What the reading of a unit depends on but its own files and the scope; empty for most."""
        return fingerprint(unit.visitors) if unit.visitors else ""

    def shown(self, unit: Unit, reading: Reading, before: tuple[UnitRow, Reading] | None) -> tuple[str, str]:
        """Names for what a unit shows outwards and for the texts of its passages.

        They are named after all that they were read from, and keep the name that they had in the row of the reading
        before if they are what they were then, wherever in files. So one name never stands for two values, and
        nothing that is read for the first time has to be digested.
        """
        name = fingerprint(self.scope, reading.sources, self.of_visitors(unit))
        if before is None:
            return name, name
        row, earlier = before
        is_same = placeless_fingerprint(_outward(earlier)) == placeless_fingerprint(_outward(reading))
        return row.outward if is_same else name, row.texts if earlier.texts == reading.texts else name

    def of_unit(self, unit: Unit, sources: tuple[tuple[str, str], ...], outward: str) -> Key:
        """The part of the key of a unit's outputs that the unit decides, given paths and digests of its files and
        the name of what it shows outwards."""
        transcript = fingerprint([source for source in sources if is_transcript(source[0])])
        annotations = fingerprint([s for s in sources if not is_transcript(s[0])], unit.visitors)
        return f"transcript:{transcript} annotations:{annotations} facts:{outward}"

    def of_outputs(self, row: UnitRow, surroundings: str) -> Key:
        """What all outputs of a unit are made from; `surroundings` is the digest of its surroundings."""
        return f"common:{self.common} {row.key} elsewhere:{surroundings}"

    def in_site(self, output: Output, whole: str, leading: str, outward: Mapping[str, str]) -> Key:
        """What an output of the whole site is made from: digests of everything that may be shown and of what leads
        from one page to others, and names of what each transcript shows outwards."""
        shown = whole
        if output.shows:
            shown = fingerprint(leading, [outward[one] for one in output.shows.transcripts], output.shows.beside)
        return f"common:{self.common} site:{shown} {self.of_template(output.template)}".rstrip()

    def of_template(self, template: str) -> Key:
        """What an output is made from besides, if it is made by a template."""
        return f"template:{self.closures.get(template, '')}" if template else ""


def _outward(reading: Reading) -> tuple[object, ...]:
    """What the rest of the site can know of a unit."""
    return reading.exists, reading.facts, reading.annotations, reading.travellers


def before_transcripts(files: SiteFiles, options: Options) -> str:
    """What everything is made from that is read before any transcript."""
    snapshot = files.snapshot
    later = {*files.transcripts, *files.annotations}  # a snapshot may hold them, too
    sources = sorted(item for item in snapshot.digests().items() if item[0] not in later)
    return fingerprint(options, sources, [source.digest for source in snapshot.theme], snapshot.unread)


def keys_of(prepared: Prepared) -> Keys:
    """The keys of a build."""
    grounds = prepared.grounds
    menu = [(page.id, page.title, page.order) for page in grounds.pages]
    assets = sorted((name, path) for name, (path, _) in grounds.theme.assets.items())
    words = sorted(grounds.theme.words.words.items())
    return Keys(
        scope=fingerprint(prepared.scope),
        common=fingerprint(grounds.project.settings, bool(grounds.project.terms), menu, assets, words),
        registers=placeless_fingerprint(
            grounds.project, grounds.pages, [page.location.path for page in grounds.pages], prepared.topics_end
        ),
        closures=grounds.theme.closures,
    )


def keys_by_path(made: Iterable[UnitOutputs], paths: Container[str]) -> dict[str, Key]:
    """The whole keys of some outputs."""
    return {row.path: f"{one.key} {row.key}".strip() for one in made for row in one.rows if row.path in paths}


def reason_of(old: Key | None, new: Key) -> str:
    """Why an output was made, in words, by the keys that it had and has."""
    if old is None:
        return "it is new"
    before, after = _parts(old), _parts(new)
    changed = (why for part, why in REASONS.items() if before.get(part) != after.get(part))
    return next(changed, "its file has been changed or removed")


def _parts(key: Key) -> dict[str, str]:
    return dict(part.split(":") for part in key.split(" "))

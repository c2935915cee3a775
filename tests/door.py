"""The one door most tests use: files in as texts, a build out as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sitegen import files, pipeline, preparation, rendering
from sitegen.diagnostics import Diagnostic, in_order
from sitegen.edition import paragraphs_of
from sitegen.facts import AnnotatedTranscript, Edition
from sitegen.source import Snapshot, Source

REPOSITORY = Path(__file__).parent.parent
SHARED = REPOSITORY.parent / "shared"
"""Real transcripts that are not part of the repository; tests that read them skip where they are absent."""

SEED = "2024-04-11-putin-lukashenko"


@dataclass(frozen=True)
class Result:
    """A finished build: output files by path, and every diagnostic."""

    files: Mapping[str, bytes]
    diagnostics: tuple[Diagnostic, ...]
    edition: Edition
    annotated: tuple[AnnotatedTranscript, ...]

    def codes(self) -> list[str]:
        """The codes of all diagnostics, in order."""
        return [diagnostic.code for diagnostic in self.diagnostics]

    def page(self, address: str) -> str:
        """The HTML of a page by its address."""
        return self.files[f"{address}index.html" if not address or address.endswith("/") else address].decode()

    def anchors(self) -> dict[str, list[tuple[str, str]]]:
        """For each placed annotation, its ranges as paragraph id and words."""
        found = {}
        for one in self.annotated:
            plain = {p.id: p.plain for p in paragraphs_of(one.transcript)}
            for note in one.notes:
                found[note.annotation.id] = [
                    (a.paragraph_id, plain[a.paragraph_id][a.start : a.end]) for a in note.anchors
                ]
        return found


def build(site: Mapping[str, str | bytes], options: preparation.Options | None = None) -> Result:
    """Builds a site from its files by path; `sitegen.yaml` may be left out."""
    texts = {"sitegen.yaml": "title: Test\n", **site}
    sources: list[Source] = []
    problems: list[Diagnostic] = []
    for path, content in texts.items():
        data = content.encode() if isinstance(content, str) else content
        decoded = files.decode(path, data)
        problems += decoded.diagnostics
        if decoded.value:
            sources.append(decoded.value)
    snapshot = Snapshot(tuple(sources), files.built_in_theme(), assets=files.built_in_assets())
    chosen = options or preparation.Options()
    annotated = pipeline.join(pipeline.read(snapshot, chosen).value).value
    planned = pipeline.build(snapshot, chosen)
    rendered = rendering.render(planned.outputs)
    found = in_order([*problems, *planned.diagnostics, *rendered.diagnostics])
    return Result(rendered.value, found, planned.edition, annotated)


def write_site(built: Result, folder: Path) -> None:
    """Writes the files of a build below a folder."""
    files.export(folder, built.files)


def site_files(root: Path) -> dict[str, str | bytes]:
    """The input files of a site on the disk, by path."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for folder in ("content", "annotations", "sitegen.yaml")
        for path in sorted([root / folder] if (root / folder).is_file() else (root / folder).rglob("*.*"))
    }

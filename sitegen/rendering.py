"""Outputs, planned for one transcript, and rendered one after the other or all at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from sitegen.diagnostics import Checked, in_order
from sitegen.exporters import Exported, plan_transcript_exports
from sitegen.facts import AnnotatedTranscript, Facts
from sitegen.outputs import Kept, Output, Sink
from sitegen.pages.frame import Site
from sitegen.pages.transcript import plan_transcript


def plan_unit(site: Site, annotated: AnnotatedTranscript, facts: Facts) -> Iterator[Output]:
    """The outputs of one transcript; `site` is what they may know of the site."""
    yield plan_transcript(site, annotated, facts)
    yield from plan_transcript_exports(Exported(annotated, facts, site.settings, site.works))


def render(outputs: Iterable[Output]) -> Checked[dict[str, bytes]]:
    """The bytes of outputs by path.

    An output whose template fails is left out: half a page would look like a whole one.
    """
    rendered = [(output.path, output.render()) for output in outputs]
    contents = {path: one.value for path, one in rendered if _is_whole(one)}
    return Checked(contents, in_order(d for _, one in rendered for d in one.diagnostics))


def render_into(sink: Sink, output: Output, unit_id: str = "") -> Kept:
    """Render an output, of a unit or of the site."""
    rendered = output.render()
    left = Kept(output.path, is_there=False, state="left")
    kept = sink.put(output.path, rendered.value) if _is_whole(rendered) else left
    found = (*rendered.diagnostics, *kept.diagnostics)
    return replace(kept, unit_id=unit_id, template=output.template, diagnostics=found)


def _is_whole(rendered: Checked[bytes]) -> bool:
    return bool(rendered.value) or not rendered.diagnostics

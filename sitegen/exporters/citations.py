"""`cite.bib` and `cite.json`: how to cite a transcript, for reference managers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sitegen.addresses import transcript_page
from sitegen.citing import cite
from sitegen.diagnostics import Checked
from sitegen.model import Settings, Transcript
from sitegen.outputs import Output


def plan_citations(settings: Settings, transcript: Transcript) -> Iterator[Output]:
    """The two files beside a transcript."""
    folder = transcript_page(transcript.id)
    yield Output(f"{folder}cite.bib", partial(_bibtex, settings, transcript))
    yield Output(f"{folder}cite.json", partial(_csl, settings, transcript))


def _bibtex(settings: Settings, transcript: Transcript) -> Checked[bytes]:
    return Checked(cite(settings, transcript).bibtex.encode())


def _csl(settings: Settings, transcript: Transcript) -> Checked[bytes]:
    return Checked(cite(settings, transcript).csl.encode())

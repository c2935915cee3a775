"""Sites that property tests draw, and how many of them: a run with `--hypothesis-profile=thorough` draws ten times
as many."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import settings
from hypothesis import strategies as st

from sitegen.yamldoc import dump

FRONT = "---\ntitle: T\nspeakers: {ann: {name: Ann}, bob: {name: Bob}, cy: {name: Cy}}\n---\n\n"
_TOKENS = [
    *("one", "two", "three,", "four.", "Yes.", "caf\u00e9", "cafe\u0301", "NATO's", "re-elect", "1990\u20131991"),
    *("\u2013", "\u201cfive\u201d", "\u2018six\u2019", "seven\u2026", "eight...", "[Ukrainians]", "[sic]", "*nine*"),
    *("**ten eleven**", "`code`", "[link](https://x.example)", "&amp;", "a\u00a0b", "soft\u00adhyphen", "<b>"),
    *("\u8bf4\u660e\u6587\u5b57", "\U0001f469\u200d\U0001f680", "\u05d0\u05d1\u05d2"),
]
_PARAGRAPHS = st.lists(st.sampled_from(_TOKENS), min_size=1, max_size=9).map(" ".join)
_PINS = st.sampled_from(["", "", "", "", " {#ann-2}", " {#x}", " {aka=old}", " {#bob-1a aka=old,ann-9}", " {lang=he}"])


def examples(count: int) -> settings:
    """So many examples of a property, times what the profile asks for."""
    return settings(max_examples=count * settings().max_examples // 100, deadline=None)


@dataclass(frozen=True)
class Drawn:
    """A transcript's file, and the annotations to it as values."""

    transcript: str
    notes: tuple[dict[str, object], ...]

    def site(self) -> dict[str, str | bytes]:
        """The files."""
        site: dict[str, str | bytes] = {"content/transcripts/t.md": self.transcript}
        if self.notes:
            site["annotations/t.yaml"] = dump(list(self.notes))
        return site


@st.composite
def transcripts(draw: st.DrawFn) -> str:
    """A transcript of a few turns, with markup, typography, several scripts and pins."""
    turns = draw(st.lists(st.tuples(st.sampled_from(["Ann", "Bob", "Cy"]), _PINS, _SPEECH), min_size=1, max_size=5))
    return FRONT + "".join(f"{who}{pin}: {said}\n\n" for who, pin, said in turns)


_SPEECH = st.lists(_PARAGRAPHS, min_size=1, max_size=3).map("\n\n".join)


@st.composite
def sites(draw: st.DrawFn) -> Drawn:
    """A transcript with notes on stretches of it: as they stand there, or with a mistake."""
    transcript = draw(transcripts())
    words = transcript.removeprefix(FRONT).split()
    notes: list[dict[str, object]] = []
    for number in range(draw(st.integers(0, 5))):
        start = draw(st.integers(0, len(words) - 1))
        quoted = words[start : start + draw(st.integers(1, 7))]
        if draw(st.integers(0, 3)) == 0:
            quoted[draw(st.integers(0, len(quoted) - 1))] = draw(st.sampled_from(["[...]", "perhaps", "ONE", "'five'"]))
        note: dict[str, object] = {"id": f"n{number}", "quote": " ".join(quoted).replace("*", ""), "note": "x"}
        narrowing = draw(st.sampled_from([{}, {}, {"at": "ann-1"}, {"speaker": "bob"}, {"occurrence": "1/2"}]))
        notes.append(note | narrowing)
    return Drawn(transcript, tuple(notes))

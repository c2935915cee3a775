"""What is written reads back as the same turns, whatever characters people say."""

from __future__ import annotations

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from sitegen.importers.dates import find_date, numeric_dates, seconds
from sitegen.importers.draft import Draft, DraftTurn, Passage, Voice
from sitegen.importers.names import read_label
from sitegen.importers.native import clock, write_transcript
from sitegen.labels import Register
from sitegen.model import Introduction, Transcript
from sitegen.source import Source
from sitegen.transcripts import read_transcript

# Characters that mean something to Markdown, to labels or to YAML, among ordinary ones.
SPEECH = st.text(st.sampled_from(list("aB1 \u00a0.:,;!?*_`\\[]()<>{}#&~|+-=@/\"'…é漢\u2028")), min_size=1, max_size=60)
NAMES = st.text(st.sampled_from(list("Ab1 .:,-*_`[]{}()#/&é漢\"'")), min_size=1, max_size=24)


def _back(draft: Draft) -> Transcript:
    text = write_transcript(draft)
    read = read_transcript(Source.of("content/transcripts/t.md", text), Register())
    assert [d for d in read.diagnostics if d.severity == "error"] == [], text
    assert read.value is not None
    return read.value


def _plain(text: str) -> str:
    return "\n".join(line.strip() for line in text.split("\n") if line.strip()).strip()


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("AB"), st.lists(SPEECH, min_size=1, max_size=3)), min_size=1, max_size=4))
def test_words_come_back(spoken: list[tuple[str, list[str]]]) -> None:
    cleaned = [(who, [t for t in map(_plain, texts) if t]) for who, texts in spoken]
    turns = tuple(DraftTurn((who,), f"Speaker {who}", tuple(map(Passage, texts))) for who, texts in cleaned if texts)
    voices = (Voice("A", "Speaker A", ("Speaker A",)), Voice("B", "Speaker B", ("Speaker B",)))
    read = _back(Draft(turns, voices, title="T"))
    assert [[p.plain for p in turn.paragraphs] for turn in read.turns] == [
        [passage.text for passage in turn.passages] for turn in turns
    ]


@settings(max_examples=200, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=4, unique=True))
@example(["1", "1`"])
def test_labels_resolve_whatever_is_in_them(names: list[str]) -> None:
    # A colon ends a label, so those that differ in closing colons alone are one.
    assume(len({name.rstrip(": ") for name in names}) == len(names))
    voices = tuple(Voice(str(n), " ".join(name.split()) or "x", (name,)) for n, name in enumerate(names))
    turns = tuple(DraftTurn((voice.key,), voice.labels[0], (Passage("word"),)) for voice in voices)
    read = _back(Draft(turns, voices, title="T"))
    assert len(read.turns) == len(turns)
    assert len({turn.speaker_ids for turn in read.turns}) == len(voices)


@given(st.text(st.sampled_from(list("ab: .*-#>[](1)")), min_size=1, max_size=40))
def test_an_introduction_never_becomes_a_turn(text: str) -> None:
    bare = _plain(text)
    draft = Draft(
        (Passage(bare or "x"), DraftTurn(("a",), "Ann", (Passage("Yes."),))),
        (Voice("a", "Ann", ("Ann", "a")),),
        title="T",
    )
    read = _back(draft)
    assert len(read.turns) == 1
    assert isinstance(read.blocks[0], Introduction)
    assert read.blocks[0].paragraphs[0].plain == (bare or "x")


@given(st.integers(0, 10**9))
def test_times_come_back(milliseconds: int) -> None:
    assert seconds(clock(milliseconds / 1000)) == milliseconds / 1000


def test_dates_in_many_languages() -> None:
    for text in (
        "April 11, 2024",
        "11 April 2024",
        "Donnerstag, 11. April 2024",
        "le 11 avril 2024",
        "11 de abril de 2024",
        "11 апреля 2024 года",
        "2024年4月11日",
        "11.04.2024",
        "2024-04-11T10:00:00Z",
    ):
        found = find_date(text)
        assert found is not None, text
        assert found.iso == "2024-04-11"
    assert find_date("4/11/2024") is None, "day and month could be exchanged"
    assert find_date("February 30, 2024") is None


def test_a_column_of_dates_tells_its_own_order() -> None:
    assert numeric_dates(["9/26/16", "10/4/16", "10/19/2016"]) == ["2016-09-26", "2016-10-04", "2016-10-19"]
    assert numeric_dates(["26/9/16", "4/10/16"]) == ["2016-09-26", "2016-10-04"]
    assert numeric_dates(["4/10/16", "5/10/16"]) == ["", ""]
    assert numeric_dates(["4.10.2016"]) == ["2016-10-04"]


def test_labels_are_taken_apart_by_their_form() -> None:
    shapes = {
        "Mayor of Lindow Ann Bell": ("office and name", "Ann Bell", "Mayor of Lindow"),
        "Konstantin Sivoronov, head of the department": (
            "name and office",
            "Konstantin Sivoronov",
            "head of the department",
        ),
        "Präsidentin Dr. Anna Bell": ("office and name", "Anna Bell", "Präsidentin"),
        "Mr. Ash": ("name", "Ash", "Mr."),
        "The PRESIDING OFFICER (Ms. Bell)": ("office", "The PRESIDING OFFICER", ""),
        "BELL 7": ("name", "BELL 7", ""),
        "Speaker 2": ("unnamed", "Speaker 2", ""),
        "Jingle": ("sound", "Jingle", ""),
        "I repeat once again": ("none", "I repeat once again", ""),
        "Publication date": ("none", "Publication date", ""),
    }
    for printed, expected in shapes.items():
        label = read_label(printed)
        assert (label.shape, label.core, label.role) == expected

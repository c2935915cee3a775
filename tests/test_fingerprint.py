"""Digests by which builds tell what has changed: as equal as the values, whatever these share in memory."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from sitegen.fingerprint import fingerprint, loaded, placeless_fingerprint, written
from sitegen.model import Annotation, Prose, Reference, Work
from sitegen.source import Location

_LOCATIONS = st.builds(Location.at, st.text(max_size=3), st.integers(1, 3), st.integers(1, 3))
_REFERENCES = st.builds(Reference, st.text(max_size=3), _LOCATIONS)
_WORKS = st.builds(Work, st.text(max_size=2), st.text(max_size=2), location=_LOCATIONS)
_ANNOTATIONS = st.builds(
    Annotation,
    id=st.text(max_size=3),
    targets=st.just(()),
    location=_LOCATIONS,
    note=st.builds(Prose, st.text(max_size=3)),
    kind_is_stated=st.booleans(),
    topics=st.lists(_REFERENCES, max_size=2).map(tuple),
    citations=st.lists(_REFERENCES | _WORKS, max_size=2).map(tuple),
)
_VALUES = (
    _ANNOTATIONS
    | _REFERENCES
    | st.text(max_size=3)
    | st.integers()
    | st.booleans()
    | st.dictionaries(st.text(), _WORKS)
)


@given(_VALUES, _VALUES)
def test_values_have_equal_digests_if_they_are_equal(one: object, other: object) -> None:
    assert (fingerprint(one) == fingerprint(other)) == (one == other and type(one) is type(other))


@given(_VALUES)
def test_what_values_share_in_memory_does_not_show(value: object) -> None:
    apart = (value, loaded(written(value)))
    assert fingerprint((value, value)) == fingerprint(apart)


@given(_ANNOTATIONS, _LOCATIONS)
def test_places_do_not_show_where_they_do_not_count(note: Annotation, elsewhere: Location) -> None:
    moved = replace(
        note,
        location=elsewhere,
        topics=tuple(replace(topic, location=elsewhere) for topic in note.topics),
        citations=tuple(
            replace(c, location=elsewhere) if isinstance(c, Work) else Reference(c.id, elsewhere)
            for c in note.citations
        ),
    )
    assert placeless_fingerprint(moved) == placeless_fingerprint(note)
    assert placeless_fingerprint(replace(note, id=note.id + "a")) != placeless_fingerprint(note)


class _One(Struct, frozen=True):
    name: str


class _Other(Struct, frozen=True):
    name: str


def test_values_of_different_classes_have_different_digests() -> None:
    assert fingerprint(_One("a")) == fingerprint(_One("a"))
    assert fingerprint(_One("a")) != fingerprint(_Other("a"))
    assert fingerprint("1") != fingerprint(1)
    assert fingerprint(("a",), "b") != fingerprint("a", ("b",))

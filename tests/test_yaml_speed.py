"""YAML read the quick way is what the full walk makes of it, and places found on demand are those it records."""

from __future__ import annotations

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen import yamldoc
from sitegen.source import Source
from sitegen.yamlnodes import Walk, plain_value

PLAIN = ("a", "b c", "null", "~", "", "a # lost", "a#b", "a & b", "#c", "\u00e9")
QUOTED = ('"q"', '"\\0"', "'s'", "|\n   text\n   more\n", ">-\n   folded\n")
MARKED = ("&x a", "*x", "!t a", "[a, b]", "{a: b}", "[]", "{}", "[[a]]")
SCALARS = st.sampled_from(PLAIN + QUOTED + MARKED)
KEYS = st.sampled_from(["a", "b", "note", '"a"', "é", "? [x]\n ", "&y k"])
LINES = st.one_of(
    st.builds("{}: {}".format, KEYS, SCALARS),
    st.builds("- {}".format, SCALARS),
    st.builds("- {}: {}".format, KEYS, SCALARS),
    st.builds("  {}: {}".format, KEYS, SCALARS),
    st.builds("  - {}".format, SCALARS),
)


@given(st.lists(LINES, max_size=6).map("\n".join))
@settings(max_examples=600)
def test_the_quick_way_is_the_long_way(text: str) -> None:
    source = Source.of("a.yaml", text)
    parsed = yamldoc.parse(source, prose=frozenset({"note"}))
    document = parsed.value
    if document is None or document.root is None:
        return
    walk = Walk(source, 0, frozenset({"note"}))
    assert walk.value(document.root, ()) == document.value
    assert tuple(walk.problems) == parsed.diagnostics
    for path, span in walk.spans.items():
        assert document.location(*path) == source.location(*span)
    for path, span in walk.keys.items():
        assert document.key_location(*path) == source.location(*span)
        assert document.key_location(*path, "missing") == document.location(*path)


def test_most_documents_are_read_the_quick_way() -> None:
    text = '- id: a\n  quote: "AT&T, he said"\n  note: |\n    One *line*, R & D.\n  topics: [b, c]\n'
    assert not yamldoc._needs_a_look(text)
    assert plain_value(yaml.compose(text, Loader=yamldoc._Composer)) == [
        {"id": "a", "quote": "AT&T, he said", "note": "One *line*, R & D.\n", "topics": ["b", "c"]}
    ]

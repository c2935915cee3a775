"""A small site with one of everything that pages can show, for tests of the theme."""

from __future__ import annotations

KINDS = ("context", "definition", "source", "disputed", "correction", "language", "compare", "transcription")
WORDS = ("harbour", "quay", "pilot", "dredger", "mole", "beacon", "tide table", "ledger")

SETTINGS = """\
title: The Harbour Papers
description: Hearings on a harbour, with notes.
url: https://example.org/margin/
repository: https://github.com/example/harbour
publisher: The editors
licence: CC BY 4.0
kinds:
  query: Open question
"""

HEARING = f"""\
---
title: Hearing on the harbour
date: 2021-05-04
place: Town hall
occasion: Second reading
summary: The first of two hearings. It led to the [second](transcript:second).
source:
  title: Minutes of the council
  publisher: The council
  url: https://example.org/minutes
  archived: https://example.org/archive/minutes
  licence: Public domain
  retrieved: 2024-01-02
  note: Checked against the minutes.
topics: [ports]
speakers: [ann, bo]
---

The hearing was opened at ten.

## First part

[00:00:05] Ann Archer: The {", the ".join(WORDS[:4])} and *the* **{WORDS[4]}** were named.
So were the {WORDS[5]}, the {WORDS[6]} and the {WORDS[7]}.

(Applause.)

And [inaudible 00:00:09] followed: {"x" * 90}.

[00:00:20] Bo Berg: No.

[00:00:22] Ann Archer: Yes.

[00:00:25] Ann Archer and Bo Berg: We both agree.

(Laughter.)

[00:01:00] Question: Who pays?

[00:01:05] Bo Berg {{#bo-3 lang=ar}}: هذا هو الميناء الجديد.

<…>

[00:02:00] Ann Archer: Two things:

> quoted from elsewhere

- one thing
- another thing

* * *

## Second part

[00:03:00] Bo Berg: The harbour is closed on Sundays.
"""

SECOND = """\
---
title: Second hearing
date: 2022-06-01
speakers: [ann]
---

Ann Archer: We come back to the ledger.
"""

THIRD = """\
---
title: Third hearing
date: {from: 2023-01-01, to: 2023-01-03}
speakers: [ann]
translation_of: second
---

Ann Archer: The tide has turned.
"""

SPEAKERS = """\
ann:
  name: Ann Archer
  sort: Archer, Ann
  aliases: [A. Archer]
  roles:
    - {title: Harbour master, from: "2015", to: "2020-06"}
    - {title: Mayor, from: "2020-07"}
  links:
    - {label: Her page, url: "https://example.org/ann"}
  summary: Speaks at all hearings.
bo:
  name: Bo Berg
  sort: Berg, Bo
question:
  name: Question
  anonymous: true
"""

TOPICS = """\
ports: {name: ports, summary: Where ships land., aliases: [harbours]}
tides: {name: tides, broader: ports, see_also: [money]}
money: {name: money}
"""

SOURCES = """\
almanac:
  title: Almanac
  publisher: The press
  date: "2020"
  url: "https://example.org/almanac"
  archived: "https://example.org/archive/almanac"
  accessed: 2024-01-01
  checked: 2024-06-01
  dead: true
roman: {title: Le port, author: A. Auteur, language: fr}
"""


GLOSSARY = "mole: {name: mole, definition: A wall against waves., aliases: [breakwater], topic: ports}\n"
BACK = """\
- id: back
  quote: the ledger
  note: See [the first](note:about-transcription), or a [mole](term:mole).
  created: 2024-05-01
"""
ABOUT = """\
---
title: About
---

## A heading

A [link](https://example.org), and a table:

| a | b |
|---|---|
| 1 | 2 |

```
code
```
"""


def notes() -> str:
    """A note of every kind, and one of every condition."""
    kinds = "".join(
        f"- id: about-{kind}\n  at: ann-1\n  quote: {word}\n  kind: {kind}\n  headline: What the {word} is.\n"
        f"  note: A sentence on the {word}, [with a link](topic:tides), `code` and *stress*.\n"
        "  topics: [ports, tides]\n  sources: [almanac, roman]\n  author: An editor\n  created: 2024-02-01\n"
        for kind, word in zip(KINDS, WORDS, strict=True)
    )
    return (
        kinds
        + """\
- id: key-note
  quote: We both agree.
  weight: key
  kind: query
  note: A note without a headline.
  related: [about-context]
- id: mended
  quote: Who pays?
  headline: It was paid for by all.
  note: The cost was shared.
  claim: The question was who pays.
  record: mixed
  as_of: 2024-03
  updated: 2024-03-05
  created: 2024-03-01
  history:
    - {on: 2024-03-05, type: correction, what: The sum was wrong.}
- id: gone
  quote: The harbour is closed
  status: withdrawn
  headline: Withdrawn headline.
  note: Not true.
  history:
    - {on: 2024-04-01, type: withdrawal, what: No source was found.}
- id: overlapping
  quote: harbour is closed on Sundays
  status: disputed
  kind: disputed
  claim: It is closed.
  note: Overlaps the one before.
  sources: [{title: A leaflet}]
- id: in-the-list
  quote: one thing
  also: [{quote: another thing}]
  note: In a list.
- id: entry
  quote: The hearing was opened at ten.
  topics: [money]
- id: lost
  quote: words that nobody said
  note: Has no place.
"""
    )


def site() -> dict[str, str | bytes]:
    """The files of the site."""
    return {
        "sitegen.yaml": SETTINGS,
        "content/speakers.yaml": SPEAKERS,
        "content/transcripts/first.md": HEARING,
        "content/transcripts/second.md": SECOND,
        "content/transcripts/third.md": THIRD,
        "content/pages/about.md": ABOUT,
        "annotations/first.yaml": notes(),
        "annotations/second.yaml": BACK,
        "annotations/glossary.yaml": GLOSSARY,
        "annotations/topics.yaml": TOPICS,
        "annotations/sources.yaml": SOURCES,
    }

"""A draft as a file in the native transcript format: front matter and Markdown that reads back as the same turns.

Whatever Markdown or the label rules would take for something else is escaped. Nothing is left out and nothing
is added; what a draft lacks is missing in the file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import asdict, replace

from sitegen.identifiers import is_id, slug_of
from sitegen.importers.draft import Draft, DraftPart, DraftTurn, Passage, Voice
from sitegen.importers.markdowntext import escaped
from sitegen.labels import Names, Register, folded_name, looks_like_label, names_of, possible_labels, resolve_label
from sitegen.model import Role, Speaker
from sitegen.project import RESERVED_SPEAKER_PREFIXES
from sitegen.yamldoc import dump

_WHOLE_NOTE = re.compile(r"^[\[(].*[\])]$", re.DOTALL)
_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\s]+)\)")
_CUT_LIKE = re.compile(r"[<\[(]\s*(?:…|\.\.\.)\s*[>\])]")


def write_transcript(draft: Draft, register: Sequence[Speaker] = (), local: Sequence[Speaker] = ()) -> str:
    """The text of `content/transcripts/<id>.md` for a draft.

    `local` are speakers whom an earlier version of this file defined; they are defined again as they were.
    """
    people = _speakers(draft, register, local)
    names = names_of(people.declared, Register(tuple(register)), draft.date)
    blocks = list(_blocks(draft, people, names))
    return f"---\n{dump(_front_matter(draft, people))}---\n\n" + "\n\n".join(blocks) + ("\n" if blocks else "")


# ---------------------------------------------------------------- speakers


class _People(Struct, frozen=True):
    """The speakers to declare, and the speaker of each voice."""

    declared: tuple[Speaker, ...]
    of_voice: Mapping[str, Speaker]


def speaker_ids(draft: Draft, register: Sequence[Speaker], local: Sequence[Speaker] = ()) -> dict[str, str]:
    """The speaker id that each voice of a draft will have."""
    return {key: speaker.id for key, speaker in _speakers(draft, register, local).of_voice.items()}


def _speakers(draft: Draft, register: Sequence[Speaker], local: Sequence[Speaker]) -> _People:
    known = {speaker.id: speaker for speaker in (*register, *local)}
    defined_here = {speaker.id for speaker in local}
    registered_names = names_of((), Register(tuple(register)), draft.date)
    taken = {voice.register_id for voice in draft.voices if voice.register_id}
    declared: list[Speaker] = []
    of_voice: dict[str, Speaker] = {}
    for voice in _with_own_labels(draft.voices):
        person = known.get(voice.register_id)
        missing = [label for label in voice.labels if not _means(label, person, registered_names)]
        if person is None or missing or person.id in defined_here:
            id = person.id if person else _unused(_voice_id(voice), taken | known.keys())
            person = _declared(voice, id, person)
            declared.append(person)
        taken.add(person.id)
        of_voice[voice.key] = person
    return _People(tuple(declared), of_voice)


def _with_own_labels(voices: Sequence[Voice]) -> Iterator[Voice]:
    """The voices without labels that would mean two of them: `Chairman`, when two people were in the chair."""
    owners = Counter(name for voice in voices for name in {_as_compared(one) for one in (*voice.labels, voice.name)})
    for voice in voices:
        name = folded_name(voice.name)
        own = [label for label in voice.labels if owners[_as_compared(label)] == 1 or _as_compared(label) == name]
        yield replace(voice, labels=tuple(own))


def _as_compared(label: str) -> str:
    return folded_name(_label_text(label))


def _means(label: str, person: Speaker | None, names: Names) -> bool:
    return person is not None and names.get(folded_name(label)) == (person,)


def _voice_id(voice: Voice) -> str:
    id = voice.id if is_id(voice.id) else slug_of(voice.name) or "voice"
    # `unknown-1` is the id of a turn whose label names nobody.
    return f"speaker-{id}" if id == "unknown" or f"{id}-".startswith(RESERVED_SPEAKER_PREFIXES) else id


def _unused(id: str, taken: set[str]) -> str:
    number = 2
    candidate = id
    while candidate in taken:
        candidate, number = f"{id}-{number}", number + 1
    return candidate


def _declared(voice: Voice, id: str, registered: Speaker | None) -> Speaker:
    """A speaker under whose names every printed label resolves."""
    name = registered.name if registered else voice.name
    roles = registered.roles if registered else tuple(Role(title) for title in voice.roles)
    given = registered.aliases if registered else ()
    plain = Speaker(id, name, registered.sort if registered else name, given, roles, voice.anonymous)
    known = names_of((plain,), Register(), "")
    aliases = [label for label in map(_label_text, voice.labels) if not known.get(folded_name(label))]
    unique = {folded_name(alias): alias for alias in aliases}
    if registered:
        return replace(registered, aliases=(*given, *unique.values()))
    return replace(plain, aliases=tuple(unique.values()))


def _front_matter(draft: Draft, people: _People) -> dict[str, object]:
    media = draft.media
    fields: dict[str, object] = {
        "title": draft.title or draft.stem,
        "date": {"from": draft.date, "to": draft.date_end} if draft.date_end else draft.date,
        "place": draft.place,
        "occasion": draft.occasion,
        "language": draft.language,
        "source": {key: value for key, value in asdict(draft.origin).items() if value},
        "speakers": _speaker_field(draft, people),
        "media": {k: v for k, v in (("url", media.url), ("type", media.type)) if v} if media else {},
        "topics": list(draft.topics),
        "summary": draft.summary,
        **dict(draft.extra),
    }
    return {key: value for key, value in fields.items() if value}


def _speaker_field(draft: Draft, people: _People) -> object:
    if not people.declared:
        return [people.of_voice[voice.key].id for voice in draft.voices]
    return {speaker.id: _speaker_record(speaker) for speaker in people.declared}


def _speaker_record(speaker: Speaker) -> dict[str, object]:
    record: dict[str, object] = {
        "name": speaker.name,
        "sort": speaker.sort if speaker.sort != speaker.name else "",
        "aliases": list(speaker.aliases),
        "roles": [_role_record(role) for role in speaker.roles],
        "anonymous": "true" if speaker.anonymous else "",
        "links": [{"label": link.label, "url": link.url} for link in speaker.links],
        "summary": speaker.summary.markup,
    }
    return {key: True if key == "anonymous" else value for key, value in record.items() if value}


def _role_record(role: Role) -> dict[str, str]:
    fields = {"title": role.title, "from": role.start, "to": role.end}
    return {key: value for key, value in fields.items() if value}


# ---------------------------------------------------------------- body


def _blocks(draft: Draft, people: _People, names: Names) -> Iterator[str]:
    for block in draft.blocks:
        if isinstance(block, DraftPart):
            yield _heading(block.title, block.level)
        elif isinstance(block, Passage):
            yield _passage(block, names)
        else:
            yield from _turn(block, people, names)


def _turn(turn: DraftTurn, people: _People, names: Names) -> Iterator[str]:
    label = _printed_label(turn, people, names)
    time = f"[{clock(turn.start)}] " if turn.start is not None and turn.start >= 0 else ""
    given = [("#", turn.id), ("aka=", ",".join(turn.aka)), ("continues=", turn.continues), ("lang=", turn.language)]
    inside = " ".join(f"{mark}{value}" for mark, value in given if value)
    head = f"{time}{label}{f' {{{inside}}}' if inside else ''}:"
    if _needs_bold(label):
        head = f"**{time}{label}{f' {{{inside}}}' if inside else ''}:**"
    first, *rest = turn.passages or (Passage(""),)
    if first.kind == "speech":
        yield f"{head} {_speech(first, names, labelled=True)}".rstrip()
    else:
        yield head
        rest = [first, *rest]
    for passage in rest:
        yield _passage(passage, names)


def _printed_label(turn: DraftTurn, people: _People, names: Names) -> str:
    """The label as printed where it resolves to the turn's speakers, else their names, else their ids."""
    speakers = tuple(people.of_voice[key] for key in turn.voices)
    ids = " / ".join(speaker.id for speaker in speakers)
    for label in (_label_text(turn.label), " / ".join(_label_text(speaker.name) for speaker in speakers)):
        found = resolve_label(label, names) if label else None
        if found and found.speakers == speakers:
            return label
    return ids


def _label_text(label: str) -> str:
    """A label without what cannot stand in one: Markdown, braces, line breaks, times in brackets."""
    bare = re.sub(r"[\\*`{}]|\[-?\d[\d:.,]*\]", " ", label)
    # No-break spaces stay as printed; only line breaks and doubled spaces go.
    return re.sub(r"[ \t\r\n]*[\r\n][ \t\r\n]*|[ \t]{2,}", " ", bare).strip(" \t:\uff1a")


def _needs_bold(label: str) -> bool:
    return bool(re.search(r"[:\uff1a]\s", label)) or not (label[:1].isalnum() or label[:1] in '(?…“"«')


def _passage(passage: Passage, names: Names) -> str:
    if passage.kind in ("cut", "break"):
        return passage.text
    if passage.kind == "part":
        return _heading(passage.text, passage.level)
    if passage.kind == "note":
        return _note(passage)
    if passage.kind == "quotation":
        lines = (escaped(passage.text) if not passage.markdown else passage.text).splitlines()
        return "\n".join(f"> {line.strip()}\\" for line in lines).rstrip("\\")
    return _speech(passage, names)


def _heading(title: str, level: int) -> str:
    return f"{'#' * max(2, min(6, level))} {_one_line(escaped(title))}"


def _note(passage: Passage) -> str:
    text = _one_line(passage.text)
    if passage.markdown:
        # Brackets cannot stand in brackets, so a link shows its address.
        text = _LINK.sub(lambda m: f"<{m[2]}>" if m[1] == m[2] else f"{m[1]} <{m[2]}>", text)
    if not (_WHOLE_NOTE.match(text) and not re.search(r"[()\[\]]", text[1:-1])):
        inner = text[1:-1] if _WHOLE_NOTE.match(text) and _balanced(text[1:-1]) else text
        text = f"[{inner.replace('[', '(').replace(']', ')')}]"
    return text[0] + (text[1:-1] if passage.markdown else escaped(text[1:-1])) + text[-1]


def _balanced(text: str) -> bool:
    depth = 0
    for character in text:
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0


def _speech(passage: Passage, names: Names, *, labelled: bool = False) -> str:
    text = passage.text if passage.markdown else escaped(passage.text)
    lines = [line.strip() for line in text.strip().split("\n") if line.strip()]
    if not labelled:
        lines[:1] = [_no_label(line, names) for line in lines[:1]]
    lines[1:] = [_no_label(line, names, certain=True) for line in lines[1:]]
    text = ("\n" if passage.markdown else "\\\n").join(lines)
    if not labelled and (_WHOLE_NOTE.match(text) or _CUT_LIKE.fullmatch(text)):
        return "\\" + text
    return text


def _no_label(line: str, names: Names, *, certain: bool = False) -> str:
    """A line that must not begin with a label: where it looks like one (or is, if `certain`), its colon is escaped."""
    for label in possible_labels(line):
        if (not certain and looks_like_label(label)) or resolve_label(label.text, names):
            colon = max(line.rfind(":", 0, label.length), line.rfind("\uff1a", 0, label.length))
            return f"{line[:colon]}\\{line[colon:]}"
    return line


def _one_line(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", text).strip()


def clock(seconds: float) -> str:
    """`h:mm:ss`, with milliseconds where there are any."""
    milliseconds = round(seconds * 1000)
    whole, rest = divmod(milliseconds, 1000)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    fraction = f".{rest:03}" if rest else ""
    return f"{hours}:{minute:02}:{second:02}{fraction}"

"""The form of a label: whether it could name somebody, and what in it is name, office and aside.

One label is looked at by itself here; what a whole file says about its labels is weighed in `labels`.
"""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from sitegen.importers import lexicon

Shape = Literal["name", "word", "office and name", "name and office", "office", "unnamed", "sound", "phrase", "none"]

_ASIDE = re.compile(r"\s*[(\[{<][^()\[\]{}<>]*[)\]}>]\s*")
_SENTENCE_END = re.compile(r"[.!?…]['\"”’)]*\s+(?=\S)|[!?;…“”\"«»]|(?:^|\s)[–—]\s")
_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:\w|[A-ZÄÖÜ][\w'’]{0,4}|hon|rt|pro|tem)\.$", re.UNICODE)
_GLUED = re.compile(r"^(?:[^\W\d_]\.){1,2}[^\W\d_][\w'’-]+$")
_INITIALS = re.compile(r"^(?:[^\W\d_]\.[- ]?)+$|^[^\W\d_]\.$")
_NUMBERED = re.compile(
    r"^(?:speaker|spk|person|voice|participant|guest|interviewer|interviewee|sprecher|locuteur|hablante|спикер|говорящий)"
    r"[\s_#-]*(?:\d+|[a-z])$",
    re.IGNORECASE,
)
_CALL_SIGN = re.compile(r"^[A-Z][A-Z0-9-]*(?: [A-Z0-9][A-Z0-9-]*){0,3}$")

MAX_WORDS = 24


class Label(Struct, frozen=True):
    """A label taken apart. `core` is the name or, where there is none, the whole label without asides."""

    printed: str
    core: str
    role: str = ""
    aside: str = ""
    shape: Shape = "none"

    @property
    def unnamed(self) -> bool:
        """Whether it stands for a voice nobody named."""
        return self.shape == "unnamed"


def is_numbered(core: str) -> bool:
    """Whether a label is one that machines give: `Speaker 2`, `SPEAKER_00`. It names nobody, but tells voices apart."""
    return bool(_NUMBERED.match(core))


def folded(text: str) -> str:
    """The form in which labels are compared: case, spaces, stops of initials and apostrophes do not count."""
    line = " ".join(text.replace("’", "'").replace(".", ". ").split())
    return line.replace(". ", " ").rstrip(".").casefold()


def read_label(printed: str) -> Label:
    """A label taken apart by its form alone."""
    text = " ".join(printed.split())
    asides = [match.strip(" ()[]{}<>") for match in _ASIDE.findall(text)]
    bare = " ".join(_ASIDE.sub(" ", text).split()).rstrip(" ?*")
    aside = ", ".join(asides)
    bare = text if bare == text else bare
    if not bare or not any(c.isalpha() for c in bare):
        # `???` is how some record keepers print a voice they did not know.
        return Label(text, bare or text, "", aside, "unnamed" if text.strip("?") == "" and text else "none")
    key = bare.casefold()
    if key in lexicon.NOT_SPEECH:
        return Label(text, bare, "", aside, "sound")
    if key in lexicon.UNNAMED or _NUMBERED.match(bare):
        return Label(text, bare, "", aside, "unnamed")
    if key in lexicon.OFFICES:
        return Label(text, bare, "", aside, "office")
    initials = bare.isupper() and len(bare) <= 4
    if (key in lexicon.NOT_A_LABEL and not initials) or _is_sentence(bare):
        return Label(text, bare, "", aside, "none")
    return _named(text, bare, aside)


def _named(text: str, bare: str, aside: str) -> Label:
    if "," in bare:
        return _with_comma(text, bare, aside)
    words = bare.split()
    if _is_name(words):
        office = _office_apart(words)
        if office:
            title, core = _honorific_apart(office[1].split())
            plain = all(word.casefold() in lexicon.TITLES for word in title.split())
            return Label(text, core if plain else office[1], office[0], aside, "office and name")
        role, core = _honorific_apart(words)
        # `В.Путин` is two words in one.
        return Label(text, core, role, aside, "name" if len(words) > 1 or _GLUED.match(core) else "word")
    tail = _name_at_end(words)
    if tail and words[0][:1].isupper():
        return Label(text, " ".join(words[-tail:]), " ".join(words[:-tail]), aside, "office and name")
    phrase = _capitalised(words[0]) and len(words) <= 6 and not any(c.isdigit() for c in bare)
    return Label(text, bare, "", aside, "phrase" if phrase else "none")


def _with_comma(text: str, bare: str, aside: str) -> Label:
    first, _, rest = bare.partition(",")
    head, rest = first.split(), rest.strip()
    plain_name = _is_name(head) and 2 <= len(head) <= 5 and not _office_apart(head)
    if (
        plain_name
        and rest
        and (not _is_name(rest.split()) or any(w.casefold() in lexicon.OFFICE_WORDS for w in rest.split()))
    ):
        return Label(text, first.strip(), rest, aside, "name and office")
    words = bare.replace(",", " ,").split()
    tail = _name_at_end(words)
    if tail and words[0][:1].isupper() and "," not in words[-tail:]:
        role = " ".join(words[:-tail]).replace(" ,", ",").rstrip(" ,")
        return Label(text, " ".join(words[-tail:]), role, aside, "office and name")
    return Label(text, bare, "", aside, "none")


def _is_sentence(text: str) -> bool:
    words = [word.casefold().strip(",'’") for word in text.split()]
    if len(words) > MAX_WORDS or _ends_sentence(text):
        return True
    if words[0] in lexicon.SENTENCE_OPENERS and len(words) > 1:
        return True
    small = [word for word, form in zip(words, text.split(), strict=True) if form[:1].islower()]
    return any(word in lexicon.SENTENCE_WORDS for word in small) or "//" in text or "@" in text


def _ends_sentence(text: str) -> bool:
    for match in _SENTENCE_END.finditer(text):
        if match[0].startswith(".") and _ABBREVIATION.search(text[: match.start() + 1]):
            continue
        return True
    return False


def _is_name(words: list[str]) -> bool:
    """Up to six words, all capitalised but for particles; figures only in call signs (`BELL 7`)."""
    if any(c.isdigit() for word in words for c in word):
        return bool(_CALL_SIGN.match(" ".join(words)))
    if not 1 <= len(words) <= 6 or not _capitalised(words[0]) or not _capitalised(words[-1]):
        return False
    return all(_capitalised(word) or word.casefold() in lexicon.PARTICLES for word in words)


def _capitalised(word: str) -> bool:
    letter = next((c for c in word if c.isalpha()), "")
    # Scripts without case (Han, Arabic, Hebrew) have no other sign of a name.
    return bool(letter) and (letter.isupper() or letter.istitle() or not letter.islower())


def _office_apart(words: list[str]) -> tuple[str, str] | None:
    """Office and name where both are capitalised: the name is what follows the last word of an office.

    `Judge Smith` stays one name; `Judge Ann Smith` is an office and a name.
    """
    for index in range(len(words) - 2, -1, -1):
        if words[index + 1].casefold() in lexicon.PARTICLES:
            continue
        if words[index].casefold() in lexicon.OFFICE_WORDS and (index or len(words) > 2):
            return " ".join(words[: index + 1]), " ".join(words[index + 1 :])
    if any(word.casefold() in ("of", "for") for word in words[:-2]):
        tail = _name_at_end(words)
        if tail and tail < len(words):
            return " ".join(words[:-tail]), " ".join(words[-tail:])
    return None


def _name_at_end(words: list[str]) -> int:
    """How many words at the end are the name: two, and the initials and particles that belong to them."""
    if len(words) < 3 or not _capitalised(words[-1]) or words[-1].endswith(","):
        return 0
    count = 2
    while count < len(words) - 1 and _belongs(words[-count], words[-count - 1]):
        count += 1
    return count if _capitalised(words[-count]) and _is_name(words[-count:]) else 0


def _belongs(word: str, before: str) -> bool:
    """Whether the name goes on to the left of `word`: over `van` and over an initial."""
    return word.casefold() in lexicon.NAME_PARTICLES or (bool(_INITIALS.match(word)) and _capitalised(before))


def _honorific_apart(words: list[str]) -> tuple[str, str]:
    index = 0
    while index < len(words) - 1 and words[index].casefold() in lexicon.HONORIFICS:
        index += 1
    return " ".join(words[:index]), " ".join(words[index:])

"""The forms of ids and dates. What an id names, and whether it exists, is decided elsewhere."""

from __future__ import annotations

import datetime
import re
import unicodedata

_PLAIN_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def is_id(text: str) -> bool:
    """Whether a text is an id: lower-case letters and digits of any script, joined by single hyphens."""
    if _PLAIN_ID.fullmatch(text):
        return True
    lower = text == text.lower() == unicodedata.normalize("NFC", text)
    return lower and all(part and all(map(is_word_character, part)) for part in text.split("-"))


def is_word_character(character: str) -> bool:
    """Whether a character is a letter, a digit or a mark on a letter (many scripts write vowels as marks)."""
    return character.isalpha() or character.isdecimal() or unicodedata.category(character)[0] == "M"


def slug_of(text: str) -> str:
    """The nearest id to a text: lower case, everything but letters and digits becomes one hyphen."""
    plain = unicodedata.normalize("NFC", text.lower()).replace("'", "").replace("\u2019", "")
    characters = "".join(c if is_word_character(c) else " " for c in plain)
    return "-".join(characters.split())


def is_date(text: str) -> bool:
    """Whether a text is a year, year-month or year-month-day of the calendar (ISO 8601)."""
    match = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", text, re.ASCII)
    if not match:
        return False
    try:
        datetime.date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return False
    return True

"""Dates and clock times as people write them, in the languages most transcripts come in.

Nothing here guesses: a date whose day and month could be exchanged is no date unless the caller knows the order.
"""

from __future__ import annotations

import datetime
import re

from msgspec import Struct

# A month each, January first, continued on indented lines; compared in lower case, short forms with an optional stop.
_MONTHS = """
january jan januar jänner jaen janv janvier enero ene gennaio janeiro january января январь stycznia styczeń
  januari leden ledna január ocak sijechnya січня tammikuuta ianuarie siječnja января
february feb februar feber févr février fevrier febrero febbraio fevereiro fev февраля февраль lutego luty
  februari únor února február şubat лютого helmikuuta februarie veljače
march mar märz maerz mars marzo março marco марта март marca marzec maart březen března marec mart березня
  maaliskuuta martie ožujka
april apr abril aprile avril avr апреля апрель kwietnia kwiecień duben dubna apríl nisan квітня huhtikuuta
  aprilie travnja
may mai mayo mag maggio maio мая май maja maj mei květen května máj mayıs травня toukokuuta svibnja
june jun juni juin junio giugno giu junho июня июнь czerwca czerwiec červen června jún haziran червня
  kesäkuuta iunie lipnja
july jul juli juil juillet julio luglio lug julho июля июль lipca lipiec červenec července júl temmuz липня
  heinäkuuta iulie srpnja
august aug août aout agosto ago августа август sierpnia sierpień augustus augusti srpen srpna ağustos серпня
  elokuuta kolovoza
september sep sept septembre septiembre settembre set setembro сентября сентябрь września wrzesień září eylül
  вересня syyskuuta septembrie rujna
october oct oktober okt octobre octubre ottobre ott outubro out октября октябрь października październik říjen
  října október ekim жовтня lokakuuta octombrie listopada
november nov novembre noviembre novembro ноября ноябрь listopada listopad kasım listopadu листопада
  marraskuuta noiembrie studenoga
december dec dezember dez décembre decembre déc diciembre dicembre dic dezembro декабря декабрь grudnia
  grudzień prosinec prosince aralık грудня joulukuuta decembrie prosinca
"""

# The genitive `listopada` is November in Polish and October in Croatian; Polish is by far the commoner source.
MONTHS: dict[str, int] = {
    name: number
    for number, line in enumerate(_MONTHS.replace("\n  ", " ").strip().splitlines(), 1)
    for name in line.split()
}

_MONTH = r"(?P<month>" + "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True)) + r")\.?"
_YEAR = r"(?P<year>1[5-9]\d\d|20\d\d)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th|er|º|\.|-го)?"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\d){_YEAR}-(?P<m>[01]\d)-(?P<day>[0-3]\d)(?!\d)",
        rf"(?<!\d){_YEAR}\s?年\s?(?P<m>1?\d)\s?月\s?(?P<day>[0-3]?\d)\s?日",
        rf"(?<!\d){_YEAR}년\s?(?P<m>1?\d)월\s?(?P<day>[0-3]?\d)일",
        rf"(?<!\w){_MONTH}\s+{_DAY},?\s+{_YEAR}(?!\d)",
        rf"(?<!\w){_DAY}\s+(?:de\s+|of\s+)?{_MONTH},?\s+(?:de\s+|del\s+)?{_YEAR}(?!\d)(?:\s*(?:года|г\.|року|р\.))?",
        rf"(?<!\d){_YEAR}\s+{_MONTH}\s+{_DAY}(?!\d)",
        rf"(?<![\d.])(?P<day>[0-3]?\d)\.(?P<m>[01]?\d)\.{_YEAR}(?!\d)",
    )
)
_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?![\d/.-])")
_CLOCK = re.compile(r"^\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s*[ap]\.?m\.?)?(?:\s*(?:Uhr|h|UTC|GMT|MSK))?$", re.IGNORECASE)
_TIME = re.compile(r"(?:(?P<d>\d+):)?(?:(?P<h>\d+):)?(?P<m>\d{1,3}):(?P<s>\d{1,2})(?:[.,](?P<f>\d{1,6}))?")


class FoundDate(Struct, frozen=True):
    """An ISO date and the characters of the text that say it."""

    iso: str
    start: int
    end: int


def find_date(text: str) -> FoundDate | None:
    """The first full date in a text that can be read in only one way, or None."""
    found = [match for pattern in _PATTERNS for match in pattern.finditer(text)]
    for match in sorted(found, key=lambda m: m.start()):
        groups = match.groupdict()
        month = int(groups["m"]) if groups.get("m") else MONTHS[groups["month"].lower()]
        iso = iso_date(int(groups["year"]), month, int(groups["day"]))
        if iso:
            return FoundDate(iso, match.start(), match.end())
    return None


def iso_date(year: int, month: int, day: int) -> str:
    """YYYY-MM-DD, or an empty text where the calendar has no such day."""
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return ""


def numeric_dates(texts: list[str]) -> list[str]:
    """A column of dates in figures (`9/26/16`, `26.9.2016`) as ISO dates, empty where one cannot be read.

    The order of day and month is that in which every date of the column exists; when both orders are
    possible for all of them, dots mean day first, and slashes and hyphens mean that nothing is known.
    """
    matches = [_NUMERIC.fullmatch(text.strip()) for text in texts]
    parts = [(int(m[1]), int(m[3]), _full_year(m[4]), m[2]) if m else None for m in matches]
    known = [part for part in parts if part]
    month_first = all(a <= 12 for a, _b, _y, _s in known)
    day_first = all(b <= 12 for _a, b, _y, _s in known)
    if month_first and day_first:
        month_first, day_first = False, all(separator == "." for *_rest, separator in known)
    results = []
    for text, part in zip(texts, parts, strict=True):
        if part and (month_first or day_first):
            first, second, year, _separator = part
            results.append(iso_date(year, first, second) if month_first else iso_date(year, second, first))
        else:
            found = find_date(text)
            results.append(found.iso if found else "")
    return results


def _full_year(figures: str) -> int:
    # Two figures are this century up to the year 49: transcripts with such dates are younger than spreadsheets.
    year = int(figures)
    return year if len(figures) == 4 else year + (2000 if year < 50 else 1900)


def is_clock(text: str) -> bool:
    """Whether a text is nothing but a time of day, such as `08:00` or `4:30 p.m.`"""
    return bool(_CLOCK.match(" ".join(text.split())))


def seconds(text: str) -> float | None:
    """`h:mm:ss`, `mm:ss`, `dd:hh:mm:ss`, with a fraction after a point or comma, in seconds; else None."""
    match = _TIME.fullmatch(text.strip())
    if not match or int(match["s"]) > 59:
        return None
    # With three groups the first is hours, though the pattern fills the days first.
    days, hours = (match["d"], match["h"]) if match["h"] else (None, match["d"])
    if hours and int(match["m"]) > 59:
        return None
    whole = int(days or 0) * 86400 + int(hours or 0) * 3600 + int(match["m"]) * 60 + int(match["s"])
    return float(f"{whole}.{match['f'] or 0}")

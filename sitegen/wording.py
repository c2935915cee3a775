"""The words of the interface in one language, and dates, numbers and plurals as that language writes them.

The only module that sees Babel, which is optional: without it English is complete, and other languages
have dates in ISO form. What the words are is a table of the theme (`words/en.json`, one file a language);
what is said with them is not known here.
"""

from __future__ import annotations

import datetime
import json
import string
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from sitegen.diagnostics import Checked, Diagnostic, problem
from sitegen.markup import Html
from sitegen.source import Source

if TYPE_CHECKING:
    from babel import Locale

FOLDER = "words/"
DEFAULT = "en"
RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ku", "ps", "sd", "syr", "ug", "ur", "yi"})
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_LANGUAGES = {
    "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian", "bg": "Bulgarian", "bn": "Bengali", "bs": "Bosnian",
    "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "eo": "Esperanto", "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish",
    "fr": "French", "ga": "Irish", "gl": "Galician", "ha": "Hausa", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian",
    "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "is": "Icelandic", "it": "Italian", "ja": "Japanese",
    "ka": "Georgian", "kk": "Kazakh", "km": "Khmer", "ko": "Korean", "ku": "Kurdish", "ky": "Kyrgyz", "la": "Latin",
    "lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian", "mn": "Mongolian", "mr": "Marathi", "ms": "Malay",
    "mt": "Maltese", "my": "Burmese", "nb": "Norwegian Bokmål", "ne": "Nepali", "nl": "Dutch",
    "nn": "Norwegian Nynorsk", "no": "Norwegian", "pa": "Punjabi", "pl": "Polish", "ps": "Pashto", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "so": "Somali", "sq": "Albanian",
    "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "tg": "Tajik", "th": "Thai",
    "ti": "Tigrinya", "tk": "Turkmen", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek",
    "vi": "Vietnamese", "xh": "Xhosa", "yi": "Yiddish", "yo": "Yoruba", "zh": "Chinese", "zu": "Zulu",
}  # fmt: skip
"""Names of languages in English, for which Babel is not asked."""

_LEFT_TO_RIGHT_SCRIPTS = frozenset({"latn", "cyrl"})
_RIGHT_TO_LEFT_SCRIPTS = frozenset({"arab", "hebr", "syrc", "thaa", "nkoo", "adlm"})


@lru_cache
def direction(language: str) -> str:
    """The direction of a language's script, `ltr` or `rtl`."""
    first, *rest = language.lower().split("-")
    if _RIGHT_TO_LEFT_SCRIPTS & set(rest):
        return "rtl"
    return "rtl" if first in RIGHT_TO_LEFT and not _LEFT_TO_RIGHT_SCRIPTS & set(rest) else "ltr"


class Wording(Struct, frozen=True):
    """The interface of a site. `language` is that of the words found: English when the theme has no others."""

    language: str
    words: Mapping[str, str]

    def __call__(self, key: str, n: int | None = None, **values: object) -> str:
        """The words for a key. Forms for one and for many stand in the table with a bar between them."""
        text = self.words[key]
        if n is not None:
            values["n"] = self.number(n)
        if "|" in text:
            forms = text.split("|")
            text = forms[min(self._plural_form(n or 0), len(forms) - 1)]
        if not values:
            return text
        for value in values.values():
            if type(value) is not str and hasattr(value, "__html__"):
                return Html(escape(text, quote=False).format_map({name: _html(one) for name, one in values.items()}))
        return text.format_map(values)

    def pieces(self, key: str, names: Collection[str]) -> tuple[tuple[str, str], ...]:
        """The words for a key as texts, each with the name of the value that follows it, empty for none.

        Nothing where they hang on a number, do not exist, or ask for more than the values of these names.
        """
        if key not in self.words or "n" in names:
            return ()
        if not names:
            return ((self(key), ""),)
        try:
            parsed = list(string.Formatter().parse(self(key)))
        except ValueError:
            return ()
        is_simple = all(not form and not conversion and name in (None, *names) for _, name, form, conversion in parsed)
        return tuple((text, name or "") for text, name, _, _ in parsed) if is_simple else ()

    def _plural_form(self, n: int) -> int:
        """The index of a count's form: one and many, or one, few and many where the language has them."""
        if self.language == "fr":
            return int(n > 1)
        if self.language in ("ru", "uk", "be"):
            if n % 10 == 1 and n % 100 != 11:
                return 0
            return 1 if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else 2
        return int(n != 1)

    def listed(self, items: Iterable[str]) -> str:
        """`a, b and c`."""
        *first, last = list(items) or [""]
        return f"{', '.join(first)} {self('and')} {last}" if first else last

    def number(self, number: int) -> str:
        """A number with its thousands set apart."""
        return f"{number:,}" if self.language == DEFAULT else _number(number, self.language)

    def date(self, date: str) -> str:
        """A date of year, month or day precision as people write it: 11 April 2024."""
        return _date(date, self.language)

    def language_name(self, tag: str) -> str:
        """What a language is called in that of the interface; its tag where that is not known."""
        if self.language == DEFAULT:
            return _LANGUAGES.get(tag.lower().split("-")[0], tag)
        here, named = _locale_of(self.language), _locale_of(tag)
        return (named.get_display_name(here) if here and named else None) or tag

    def __reduce__(self) -> tuple[type[Wording], tuple[str, dict[str, str]]]:
        return Wording, (self.language, dict(self.words))


@lru_cache
def _locale_of(language: str) -> Locale | None:
    try:
        from babel import Locale, UnknownLocaleError
    except ImportError:
        return None
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


@lru_cache(maxsize=4096)
def _number(number: int, language: str) -> str:
    locale = _locale_of(language)
    if locale is None:
        return str(number)
    from babel.numbers import format_decimal

    return format_decimal(number, locale=locale)


# A page says the date of each note and transcript in its lists.
@lru_cache(maxsize=4096)
def _date(date: str, language: str) -> str:
    parts = [int(part) for part in date.split("-")] if date else []
    if len(parts) < 2:
        return date
    if language == DEFAULT:
        return " ".join([*(str(day) for day in parts[2:]), _MONTHS[parts[1] - 1], str(parts[0])])
    locale = _locale_of(language)
    if locale is None:
        return date
    from babel.dates import format_date, format_skeleton

    day = datetime.date(parts[0], parts[1], parts[2] if len(parts) > 2 else 1)
    if len(parts) > 2:
        return format_date(day, "long", locale=locale)
    return format_skeleton("yMMMM", day, locale=locale)


def _html(value: Any) -> str:
    return str(value.__html__()) if hasattr(value, "__html__") else escape(str(value))


def wording_of(shipped: Mapping[str, Source], brought: Mapping[str, Source], language: str) -> Checked[Wording]:
    """The interface of a site in `language`, its base language, or English, from the tables that ship with sitegen
    and those that a site brings.

    Words that a site's own table leaves out are those that ship, and else English; what cannot be used is reported
    and left out. English words keep their own order on pages that read from right to left.
    """
    standard = _table(shipped, DEFAULT).value
    own = _fitting(brought, DEFAULT, standard)
    english = standard | own.value
    if direction(language) == "rtl":
        english = {key: _isolated(text) for key, text in english.items()}
    names = (language.lower(), language.lower().split("-")[0])
    wanted = next((name for name in names if f"{FOLDER}{name}.json" in {**shipped, **brought}), DEFAULT)
    if wanted == DEFAULT:
        return Checked(Wording(DEFAULT, english), own.diagnostics)
    chosen = [_fitting(tables, wanted, standard) for tables in (shipped, brought)]
    words = english | chosen[0].value | chosen[1].value
    return Checked(Wording(wanted, words), (*own.diagnostics, *(d for one in chosen for d in one.diagnostics)))


def _fitting(sources: Mapping[str, Source], name: str, standard: Mapping[str, str]) -> Checked[dict[str, str]]:
    """The table of a language without those words that ask for more than the standard ones get."""
    table = _table(sources, name)
    unfit = [key for key, text in table.value.items() if _fields(text) - _fields(standard.get(key, text))]
    problems = tuple(_unfit(sources[f"{FOLDER}{name}.json"], key) for key in unfit)
    words = {key: text for key, text in table.value.items() if key not in unfit}
    return Checked(words, (*table.diagnostics, *problems))


def _table(sources: Mapping[str, Source], name: str) -> Checked[dict[str, str]]:
    source = sources.get(f"{FOLDER}{name}.json")
    if source is None:
        return Checked({})
    try:
        loaded = json.loads(source.text)
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        position = sum(map(len, source.text.splitlines(keepends=True)[: line - 1]))
        found = problem("template-error", source.location(position), f"the table of words cannot be read: {error}")
        return Checked({}, (found,))
    if not isinstance(loaded, dict) or not all(isinstance(text, str) for text in loaded.values()):
        found = problem("template-error", source.location(0), "the table of words must be texts by name")
        return Checked({}, (found,))
    return Checked(loaded)


def _isolated(text: str) -> str:
    """A text in each of its forms between signs that it runs from left to right, apart from what is around."""
    return "|".join(f"\u2066{form}\u2069" for form in text.split("|"))


def _fields(text: str) -> set[str]:
    try:
        return {field for form in text.split("|") for _, field, _, _ in string.Formatter().parse(form) if field}
    except ValueError:
        return {"?"}


def _unfit(source: Source, key: str) -> Diagnostic:
    where = source.location(max(0, source.text.find(json.dumps(key, ensure_ascii=False))))
    return problem("template-error", where, f"the words for {key} have a field that is not filled in there")

"""The licence of a text or of notes as people write it: its name, and the address of its terms.

Names of the usual licences are known; for any other the address stands behind the name, as in
`House rules <https://example.org/terms>`. Whether a licence allows something is not known here.
"""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

_WITH_ADDRESS = re.compile(r"(.*?)\s*<?(https?://[^\s<>]+)>?", re.DOTALL)
_ATTRIBUTION = re.compile(r"cc[ -]by((?:[ -](?:nc|sa|nd))*)[ -](\d\.\d)\b.*", re.DOTALL)
_WORDS = (
    ("creative commons", "cc"),
    ("attribution", "by"),
    ("noncommercial", "nc"),
    ("sharealike", "sa"),
    ("noderivatives", "nd"),
)
_OTHERS = (
    (r"cc0\b.*|cc zero\b.*", "https://creativecommons.org/publicdomain/zero/1.0/"),
    (r"public domain mark\b.*", "https://creativecommons.org/publicdomain/mark/1.0/"),
    (
        r"(?:open government licen[cs]e|ogl) ?v?3(?:\.0)?",
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    ),
    (
        r"open parliament licen[cs]e\b.*",
        "https://www.parliament.uk/site-information/copyright-parliament/open-parliament-licence/",
    ),
)


class Licence(Struct, frozen=True):
    """A licence by name; `url` is empty where no address is given or known."""

    name: str
    url: str = ""


@lru_cache(maxsize=256)
def licence_of(written: str) -> Licence:
    """The licence that a text names."""
    given = _WITH_ADDRESS.fullmatch(written.strip())
    if given:
        return Licence(given[1] or given[2], given[2])
    name = " ".join(written.split())
    return Licence(name, _known(name.casefold()))


def _known(name: str) -> str:
    for long, short in _WORDS:
        name = name.replace(long, short)
    match = _ATTRIBUTION.fullmatch(name)
    if match:
        terms = "-".join(["by", *re.findall("nc|sa|nd", match[1])])
        return f"https://creativecommons.org/licenses/{terms}/{match[2]}/"
    return next((url for pattern, url in _OTHERS if re.fullmatch(pattern, name, re.DOTALL)), "")

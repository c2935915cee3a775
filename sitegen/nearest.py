"""What somebody may have meant: suggestions for misspelt names. A suggestion is never taken silently."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence


def nearest_names(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Up to `most` of the known names that could have been meant by `name`, the likeliest first."""
    by_folded = {candidate.casefold(): candidate for candidate in sorted(known)}
    found = difflib.get_close_matches(name.casefold(), by_folded, n=most, cutoff=0.6)
    return [by_folded[key] for key in found]


def meant(near: Sequence[str], *, quoted: bool = True) -> str:
    """The end of a sentence that says what was probably meant: `, did you mean 'x'?`, or nothing."""
    if not near:
        return ""
    return f", did you mean '{near[0]}'?" if quoted else f", did you mean {near[0]}?"

"""Markdown texts as values: the markup with the links by name that stand in it, each with its place.

Whether a link's target exists is known only when the whole site is; that is checked later.
"""

from __future__ import annotations

from collections.abc import Callable

from sitegen.diagnostics import Checked, Diagnostic, problem
from sitegen.markup import NAMED_SCHEMES, SAFE_SCHEMES, is_safe_address, link_addresses
from sitegen.model import CrossReference, Prose
from sitegen.source import Location

Locate = Callable[[str], Location]
"""From words of a text to their place in its file."""


_NO_LINKS: Checked[tuple[CrossReference, ...]] = Checked(())


def read_prose(markup: str, locate: Locate) -> Checked[Prose]:
    """A Markdown text and its links by name; links that pages cannot follow are reported."""
    links = read_links(markup, locate)
    return Checked(Prose(markup, links.value), links.diagnostics)


def read_links(markup: str, locate: Locate) -> Checked[tuple[CrossReference, ...]]:
    """The links by name in a Markdown text; links that pages cannot follow are reported."""
    addresses = link_addresses(markup)
    if not addresses:
        return _NO_LINKS
    links: list[CrossReference] = []
    problems: list[Diagnostic] = []
    for address in addresses:
        scheme, _, rest = address.partition(":")
        scheme = scheme.lower()
        if scheme in NAMED_SCHEMES:
            name, _, fragment = rest.partition("#")
            links.append(CrossReference(scheme, name, fragment, locate(address)))
        elif not is_safe_address(address):
            message = f"`{address}` is not a link that pages may carry, so it is shown as text"
            problems.append(problem("unsafe-link", locate(address), message, f"use {', '.join(SAFE_SCHEMES)}"))
        elif scheme not in SAFE_SCHEMES:
            message = f"`{address}` is a relative address, which depends on the page it is shown on"
            named = ", ".join(f"{name}:ID" for name in NAMED_SCHEMES)
            problems.append(problem("broken-link", locate(address), message, f"link by name: {named}"))
    return Checked(tuple(links), tuple(problems))

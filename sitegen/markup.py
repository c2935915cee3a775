"""Markdown to plain text and to HTML, with marks and note references woven into the words.

The only module that sees markdown-it. Offsets are code points of a paragraph's plain text, which is what
quotes refer to; raw HTML is never on, so it comes out as text. What a link by name points to, and what a
note reference looks like, is given by the caller.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from msgspec import Struct

from sitegen.identifiers import slug_of
from sitegen.unmarked import (
    GAP,
    Html,
    MarkedRange,
    Marker,
    is_plain,
    is_simple,
    mark_attributes,
    pieces_of,
    simple_pieces,
    unparsed_html,
    woven_plain,
    written,
)

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

__all__ = [
    "GAP",
    "NAMED_SCHEMES",
    "SAFE_SCHEMES",
    "Html",
    "LinkTarget",
    "MarkedRange",
    "Marker",
    "Resolve",
    "is_safe_address",
    "link_addresses",
    "plain_text",
    "render_note",
    "render_page",
    "weave",
]

NAMED_SCHEMES = ("transcript", "speaker", "topic", "note", "source", "term", "page")
"""Links by name: `topic:space`, `transcript:hearing#smith-3`."""

SAFE_SCHEMES = ("http", "https", "mailto")

_BLANK_LINES = re.compile(r"\n\n+")  # which begins with two letters to look for; `\n{2,}` takes ten times as long
_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_LINK_LIKE = re.compile(r"\]\(\s*<?\s*([^)\s>]+)|<([a-z][a-z0-9+.-]*:[^\s<>]*)>", re.IGNORECASE)
_NUMBER = re.compile(r"^((?:[ \t]*(?:>|[-+*][ \t]))*[ \t]*)(\d{1,9})(?=[.)](?:[ \t]|$))", re.MULTILINE)


class LinkTarget(Struct, frozen=True):
    """Where a link by name goes, and the name to show when the link has no text."""

    href: str
    name: str


Resolve = Callable[[str], "LinkTarget | None"]
"""From a link by name, as written, to its target; None for a dead one."""


_MOST_NESTING = 60

_INLINE = ("emphasis", "link", "autolink", "backticks", "escape", "entity", "newline", "strikethrough")
_RULES = {
    "flat": _INLINE,
    "speech": (*_INLINE, "list", "blockquote"),
    "note": (*_INLINE, "list", "blockquote", "fence"),
    "page": (*_INLINE, "list", "blockquote", "fence", "code", "heading", "hr", "table"),
}
"""What Markdown means in each kind of text."""


@lru_cache
def _parser(kind: str) -> MarkdownIt:
    from markdown_it import MarkdownIt  # which takes as long as a small page, and most texts need no parser

    parser = MarkdownIt("zero", {"html": False, "maxNesting": _MOST_NESTING}).enable(list(_RULES[kind]))
    parser.validateLink = is_safe_address  # type: ignore[method-assign]
    return parser


def _token(*form: Any, **more: Any) -> Token:
    from markdown_it.token import Token

    return Token(*form, **more)


def is_safe_address(url: str) -> bool:
    """Whether pages may link to an address: a safe scheme, a link by name, or no scheme at all."""
    scheme = _SCHEME.match(unquote(url))
    return scheme is None or scheme[1].lower() in (*SAFE_SCHEMES, *NAMED_SCHEMES)


def _parsed(kind: str, markup: str) -> list[Token]:
    """The tokens of a text. What is nested so deeply that the parser would drop it has no blocks instead."""
    tokens = _parser(kind).parse(markup)
    if any(token.level >= _MOST_NESTING - 2 for token in tokens):
        tokens = _parser("flat").parse(markup)
    if "&#" in markup:  # the one control character that Markdown lets through; XML does not allow it
        for child in (child for token in tokens for child in token.children or ()):
            child.content = child.content.replace("\f", " ")
    return tokens


def _simple_tokens(markup: str) -> list[Token]:
    """What any parser makes of a paragraph that `is_simple`."""
    children: list[Token] = []
    for kind, words in simple_pieces(markup):
        opening = _token("em_open", "em", 1) if kind == "em" else _token("link_open", "a", 1, attrs={"href": kind})
        children += [opening] if kind else []
        for number, line in enumerate(words.split("\n")):
            children += [_token("softbreak", "br", 0)] if number else []
            children += [_token("text", "", 0, content=line)] if line else []
        children += [_token(opening.type.replace("open", "close"), opening.tag, -1)] if kind else []
    inline = _token("inline", "", 0, children=children)
    return [_token("paragraph_open", "p", 1, block=True), inline, _token("paragraph_close", "p", -1, block=True)]


def _parsed_speech(markup: str) -> list[Token]:
    """The tokens of a paragraph. Only numbers that count on from 1 make a list: `1986. That was …` is what
    somebody said, and as a list it would lose its year."""
    following = 1

    def as_said(match: re.Match[str]) -> str:
        nonlocal following
        if int(match[2]) not in (1, following):
            return f"{match[0]}\\"
        following = int(match[2]) + 1
        return match[0]

    return _parsed("speech", _NUMBER.sub(as_said, markup))


def plain_text(markup: str) -> str:
    """The words of a paragraph without their markup: the coordinate system of quotes."""
    if is_plain(markup):
        return markup.replace("\n", " ")
    if is_simple(markup):
        return "".join([words for _, words in simple_pieces(markup)]).replace("\n", " ")
    return "".join(text for _, text in _leaves(_parsed_speech(markup)))


def link_addresses(markup: str) -> tuple[str, ...]:
    """The addresses that a Markdown text links to, as written, unsafe ones included, in order."""
    # A single sign is looked for thirty times as fast as two.
    if "<" not in markup and ("]" not in markup or "](" not in markup):
        return ()
    if all(is_plain(paragraph) or is_simple(paragraph) for paragraph in _BLANK_LINES.split(markup.strip("\n"))):
        return tuple(kind for kind, _ in simple_pieces(markup) if kind not in ("", "em"))
    found = (child for token in _parser("page").parse(markup) for child in token.children or ())
    linked = [unquote(str(child.attrs.get("href", ""))) for child in found if child.type == "link_open"]
    written = (match[1] or match[2] for match in _LINK_LIKE.finditer(markup))
    return (*linked, *(address for address in written if not is_safe_address(address)))


def render_note(markup: str, resolve: Resolve) -> Html:
    """The HTML blocks of a note, summary or definition."""
    paragraphs = [unparsed_html(paragraph) for paragraph in _BLANK_LINES.split(markup.strip("\n"))]
    if None not in paragraphs:
        return Html("".join([f"<p>{html}</p>\n" for html in paragraphs]))
    return _render_parsed(markup, resolve)


def _render_parsed(markup: str, resolve: Resolve) -> Html:
    return _render("note", _with_links(_parsed("note", markup), resolve))


def render_page(markup: str, resolve: Resolve) -> Html:
    """The HTML blocks of an ordinary page. Headings start below the page's title and carry ids."""
    tokens = _parsed("page", markup)
    used: set[str] = set()
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            slug = slug_of(inline.content) or "section"
            opening.attrs["id"] = slug = _unused(f"s-{slug}", used)
            used.add(slug)
    for token in tokens:
        if token.tag == "h1":
            token.tag = "h2"
    return _render("page", _with_links(tokens, resolve))


def _unused(name: str, used: set[str]) -> str:
    return next(c for c in (name, *(f"{name}-{n}" for n in range(2, len(used) + 3))) if c not in used)


def weave(
    markup: str,
    attributes: dict[str, str],
    marks: Sequence[MarkedRange],
    markers: Sequence[Marker],
    resolve: Resolve,
) -> Html:
    """A paragraph as one HTML element with `attributes`, its noted words in `mark`, markers behind them.

    Each piece of text lies in one `mark` that lists every note speaking of it, so marks never nest and
    never cross another element. Markers come in the order given; one that would fall inside a link or
    before a closing tag moves out to the right.
    """
    if marks or markers:
        html = woven_plain(markup, marks, markers) if is_plain(markup) else None
    else:
        html = unparsed_html(markup)
    if html is not None:
        return Html(f"<p{written(attributes)}>{html}</p>\n")
    if is_simple(markup):
        return _weave_tokens(_simple_tokens(markup), attributes, marks, markers, resolve)
    return _weave_parsed(markup, attributes, marks, markers, resolve)


def _weave_parsed(
    markup: str,
    attributes: dict[str, str],
    marks: Sequence[MarkedRange],
    markers: Sequence[Marker],
    resolve: Resolve,
) -> Html:
    tokens = _parsed_speech(markup) or [_token("paragraph_open", "p", 1), _token("paragraph_close", "p", -1)]
    return _weave_tokens(tokens, attributes, marks, markers, resolve)


def _weave_tokens(
    tokens: list[Token],
    attributes: dict[str, str],
    marks: Sequence[MarkedRange],
    markers: Sequence[Marker],
    resolve: Resolve,
) -> Html:
    _with_links(tokens, resolve)
    for name, value in attributes.items():
        tokens[0].attrs[name] = value
    offset = -1  # between two blocks stands one character
    for token in tokens:
        if token.type == "inline" and token.children is not None:
            offset += 1
            length = sum(len(_leaf_text(child)) for child in token.children)
            token.children = list(_woven(token.children, offset, marks, markers))
            offset += length
    return _render("speech", tokens)


def _leaves(tokens: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    first = True
    for token in tokens:
        if token.type == "inline":
            if not first:
                yield token, "\n"  # one character between the items of a list
            first = False
            for child in token.children or ():
                yield child, _leaf_text(child)


def _leaf_text(token: Token) -> str:
    if token.type in ("text", "code_inline"):
        return token.content
    return {"softbreak": " ", "hardbreak": "\n"}.get(token.type, "")


def _woven(
    children: Sequence[Token], offset: int, marks: Sequence[MarkedRange], markers: Sequence[Marker]
) -> Iterator[Token]:
    waiting: list[Marker] = []
    links = 0
    for child in children:
        closes = child.nesting < 0
        if not closes and not links:
            yield from _markers(waiting)
        links += {"link_open": 1, "link_close": -1}.get(child.type, 0)
        text = _leaf_text(child)
        if child.type not in ("text", "code_inline"):
            yield child
            offset += len(text)
            continue
        if child.type == "code_inline":
            yield _token("code_open", "code", 1)
        for start, end in pieces_of(text, offset, marks, markers):
            if not links and child.type == "text":
                yield from _markers(waiting)
            yield from _piece(text[start - offset : end - offset], start, end, marks)
            waiting += [marker for marker in markers if start < marker.offset <= end]
        if child.type == "code_inline":
            yield _token("code_close", "code", -1)
        offset += len(text)
    yield from _markers(waiting)


def _piece(text: str, start: int, end: int, marks: Sequence[MarkedRange]) -> Iterator[Token]:
    active = [mark for mark in marks if mark.start <= start and end <= mark.end]
    marked = bool(active) and not text.isspace()
    gap = GAP.fullmatch(text)
    if marked:
        yield _token("mark_open", "mark", 1, attrs=dict(mark_attributes(active)))
    if gap:
        yield _token("gap_open", "span", 1, attrs={"class": "gap", "data-reason": gap[1].lower()})
    yield _token("text", "", 0, content=text)
    if gap:
        yield _token("gap_close", "span", -1)
    if marked:
        yield _token("mark_close", "mark", -1)


def _markers(waiting: list[Marker]) -> Iterator[Token]:
    for marker in waiting:
        yield _token("html_inline", "", 0, content=marker.html)
    waiting.clear()


def _render(kind: str, tokens: Sequence[Token]) -> Html:
    parser = _parser(kind)
    return Html(parser.renderer.render(tokens, parser.options, {}))


def _with_links(tokens: list[Token], resolve: Resolve) -> list[Token]:
    for token in tokens:
        if token.children:
            token.children = list(_linked(token.children, resolve))
    return tokens


def _linked(children: Sequence[Token], resolve: Resolve) -> Iterator[Token]:
    dead = False
    for child, following in zip(children, [*children[1:], None], strict=True):
        if child.type == "link_close":
            if not dead:
                yield child
            dead = False
            continue
        if child.type != "link_open":
            yield child
            continue
        href = unquote(str(child.attrs["href"]))
        scheme = _SCHEME.match(href)
        if scheme:
            href = f"{scheme[1].lower()}{href[scheme.end(1) :]}"
        name = ""
        if scheme and scheme[1].lower() in SAFE_SCHEMES:
            child.attrs["rel"] = "external"
        elif (target := resolve(href)) is not None:
            child.attrs["href"], name = target.href, target.name
        else:
            dead = True
        if not dead:
            yield child
        if following is not None and following.type == "link_close" and name:
            yield _token("html_inline", "", 0, content=escape(name))

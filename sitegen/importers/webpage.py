"""Saved web pages: HTML made into the paragraphs a reader sees, then read like a pasted page.

What is hidden, interactive or declared to be navigation is left out here; what else is furniture is settled by
`furniture`. Scripts are never run and no address is ever opened.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from sitegen.diagnostics import Checked, Diagnostic
from sitegen.importers import dates
from sitegen.importers.draft import Context, Draft, Finding, Raw
from sitegen.importers.labels import Paragraph
from sitegen.importers.packages import load
from sitegen.importers.pasted import draft_of
from sitegen.importers.text import decode, stem_of
from sitegen.model import Origin

_HTML = re.compile(rb"<!doctype html|<html[\s>]|<body[\s>]|<head[\s>]|<(?:p|div|cite)[\s>]", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SKIPPED_TAGS = _words(
    "script style noscript template nav form button select input textarea iframe object embed svg math canvas audio"
    " video figure figcaption picture map head title menu dialog"
)
_SKIPPED_ROLES = _words("navigation banner contentinfo complementary search menu menubar dialog alert tooltip")
_SKIPPED_CLASSES = re.compile(
    r"^(?:hidden|is-hidden|visually-?hidden|sr-only|screen-reader(?:-text)?|print-only|tooltip|tooltips|breadcrumbs?"
    r"|share|sharing|social|social-share|share-buttons|related|related-(?:posts|articles|links|content)|see-also|sidebar"
    r"|navbar|menu|main-menu|nav|navigation|pagination|pager|cookie-?(?:banner|notice|consent)|newsletter|advert(?:isement)?"
    r"|ad|ads|banner|comments?|gallery|slider|carousel|slideshow|lightbox|caption|wp-caption-text|photo-caption|image-caption"
    r"|footer|site-footer|site-header|header-nav|skip-link|author-bio|tags?|tag-list)$"
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BLOCKS = _words(
    "address article aside blockquote body center dd details div dl dt fieldset footer h1 h2 h3 h4 h5 h6 header hr"
    " html li main ol p pre section summary table tbody td tfoot th thead tr ul"
)
_STRONG_TAGS = _words("b strong dt th cite")
_SPEAKER_CLASS = re.compile(
    r"^(?:speaker|speaker-?name|speaker_name|transcript-speaker|who|person|interlocutor|label)$"
)
_MOST = 0.4
_HEADING = re.compile(r"^h([1-6])$")


def recognise(raw: Raw) -> float:
    """Markup near the beginning makes a web page; XML formats claim their files more surely."""
    head = raw.data[:8192].replace(b"\0", b"")
    if head.lstrip().startswith(b"<?xml") and b"<html" not in head:
        return 0.0
    found = _HTML.search(head)
    return (
        0.0 if not found else 0.7 if found[0].lower().startswith((b"<!doctype", b"<html", b"<head", b"<body")) else 0.3
    )


def read(raw: Raw, context: Context) -> Checked[tuple[Draft, ...]]:
    """One draft from a page."""
    parser = load("selectolax.lexbor", "selectolax", raw)
    if isinstance(parser, Diagnostic):
        return Checked((), (parser,))
    charset = _CHARSET.search(raw.data[:4096])
    text = decode(raw, charset[1].decode("ascii", "replace") if charset else "")
    tree = parser.LexborHTMLParser(text.value)
    hint = _metadata(tree)
    items, skipped = page_paragraphs(tree, text.value)
    draft = draft_of(items, context, replace(hint, findings=tuple(skipped)))
    draft = replace(draft, stem=stem_of(raw.name), title=draft.title or _title_element(tree, hint))
    return Checked((draft,), text.diagnostics)


# ---------------------------------------------------------------- metadata


def _metadata(tree: Any) -> Draft:
    """What the head of the page and its machine-readable marks say."""
    meta = dict(_meta_elements(tree))
    root = tree.root
    language = (root.attributes.get("lang") or "") if root is not None else ""
    title = meta.get("og:title", "") or meta.get("citation_title", "") or meta.get("dc.title", "")
    site = meta.get("og:site_name", "")
    published = next((meta[name] for name in _DATE_NAMES if dates.find_date(meta.get(name, ""))), "")
    found = dates.find_date(published)
    url = meta.get("og:url", "") or _canonical(tree)
    return Draft(
        (),
        title=_without_site(title, site),
        date=found.iso if found else "",
        language=language if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", language) else "",
        origin=Origin(title=site, url=url if re.fullmatch(r"https?://[^\s<>\"]+", url) else "", licence=""),
    )


_DATE_NAMES = (
    "article:published_time",
    "datepublished",
    "dc.date",
    "dcterms.date",
    "dcterms.created",
    "date",
    "citation_date",
)


def _meta_elements(tree: Any) -> Iterator[tuple[str, str]]:
    for node in tree.css("meta[content]"):
        attributes: Mapping[str, str | None] = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        if name:
            yield name.casefold(), " ".join((attributes.get("content") or "").split())
    for node in tree.css("[itemprop=datePublished][datetime]"):
        yield "datepublished", node.attributes.get("datetime") or ""


def _canonical(tree: Any) -> str:
    node = tree.css_first("link[rel=canonical]")
    return (node.attributes.get("href") or "") if node is not None else ""


def _title_element(tree: Any, hint: Draft) -> str:
    node = tree.css_first("title")
    return _without_site(" ".join(node.text().split()), hint.origin.title) if node is not None else ""


def _without_site(title: str, site: str) -> str:
    """A page's title without the name of its site behind a bar, bullet or dash."""
    match = re.match(r"^(.*\S)\s+([|•·–—-])\s+(.*)$", title)
    if match and (match[2] in "|•·" or match[3].casefold() == site.casefold()):
        return match[1]
    return title


# ---------------------------------------------------------------- paragraphs


class _Open(Struct):
    """An element whose end has not been reached."""

    id: int
    tag: str
    skipped: bool
    strong: bool
    quoted: bool
    level: int


class _Lines(Struct):
    """Text runs of the open block, and the finished paragraphs."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    runs: list[tuple[str, bool]] = field(default_factory=list)
    level: int = 0
    quoted: bool = False
    line: int = 1

    def flush(self) -> None:
        """End the block: its lines become paragraphs."""
        for text, strong in _split_lines(self.runs):
            kind = "quotation" if self.quoted else "speech"
            self.paragraphs.append(
                Paragraph(
                    text, self.line, strong, level=self.level, kind="quotation" if kind == "quotation" else "speech"
                )
            )
        self.runs = []


def page_paragraphs(tree: Any, source: str) -> tuple[tuple[Paragraph, ...], list[Finding]]:
    """The visible paragraphs of a page in order, with the lines of the source they come from."""
    lines, stack, skipped = _Lines(), list[_Open](), Counter[str]()
    position, number = 0, 1
    if tree.body is None:
        return (), []
    whole = len(tree.body.text(deep=True))
    for node in tree.body.traverse(include_text=True):
        _leave(stack, node.parent, lines)
        top = stack[-1] if stack else None
        if node.tag == "-text":
            if top and top.skipped:
                continue
            text = node.text(deep=False) if node.text_content is None else node.text_content
            found = source.find(text.strip()[:30], position) if text.strip() else -1
            if found >= 0:
                number += source.count("\n", position, found)
                position = found
            if not lines.runs:
                lines.line, lines.level, lines.quoted = number, top.level if top else 0, bool(top and top.quoted)
            lines.runs.append((text, bool(top and top.strong)))
        elif node.tag == "br":
            lines.runs.append(("\r", False))
        elif not node.tag.startswith(("-", "!", "_")):
            _enter(stack, node, lines, skipped, whole)
    lines.flush()
    report = [
        Finding("dropped", "hidden or navigation", f"{count} × {name}") for name, count in skipped.most_common(12)
    ]
    return tuple(lines.paragraphs), report


def _leave(stack: list[_Open], parent: Any, lines: _Lines) -> None:
    """Close what ends before the next node."""
    id = parent.mem_id if parent is not None else 0
    while stack and stack[-1].id != id:
        closed = stack.pop()
        if closed.tag in _BLOCKS:
            lines.flush()


def _enter(stack: list[_Open], node: Any, lines: _Lines, skipped: Counter[str], whole: int) -> None:
    top = stack[-1] if stack else None
    tag: str = node.tag
    attributes: Mapping[str, str | None] = node.attributes
    reason = "" if top and top.skipped else _skip_reason(tag, attributes)
    # A page may call the box around its article a footer or gallery; furniture is never most of a page.
    if reason and tag not in _SKIPPED_TAGS and len(stack) < 30 and len(node.text(deep=True)) > _MOST * whole:
        reason = ""
    if reason:
        skipped[reason] += 1
    if tag in _BLOCKS or (tag == "cite" and not (top and top.tag == "p")):
        lines.flush()
    heading = _HEADING.match(tag)
    classes = (attributes.get("class") or "").casefold().split()
    strong = tag in _STRONG_TAGS or any(map(_SPEAKER_CLASS.match, classes))
    stack.append(
        _Open(
            node.mem_id,
            tag,
            bool(reason) or bool(top and top.skipped),
            strong or bool(top and top.strong),
            tag == "blockquote" or bool(top and top.quoted),
            int(heading[1]) if heading else top.level if top else 0,
        )
    )


def _skip_reason(tag: str, attributes: Mapping[str, str | None]) -> str:
    if tag in _SKIPPED_TAGS:
        return tag
    if "hidden" in attributes or (attributes.get("aria-hidden") or "") == "true":
        return "hidden"
    role = (attributes.get("role") or "").casefold()
    if role in _SKIPPED_ROLES:
        return role
    if _HIDDEN_STYLE.search(attributes.get("style") or ""):
        return "hidden"
    if tag in ("footer", "aside"):
        return tag
    if tag in ("html", "body", "main", "article"):
        return ""
    return next((c for c in (attributes.get("class") or "").casefold().split() if _SKIPPED_CLASSES.match(c)), "")


def _split_lines(runs: Iterable[tuple[str, bool]]) -> Iterator[tuple[str, int]]:
    """The lines of a block with their bold beginnings. A single line break inside running text is a space."""
    lines: list[list[tuple[str, bool]]] = [[]]
    for text, strong in runs:
        if text == "\r":
            lines.append([])
        else:
            lines[-1].append((text, strong))
    held, bold = "", 0
    for pieces in lines:
        text, strong_length = _joined(pieces)
        starts = strong_length and text[strong_length - 1 : strong_length + 1].strip()[-1:] in (":", "\uff1a")
        if held and text and not starts:
            held = f"{held} {text}"
            continue
        if held:
            yield held, bold
        held, bold = text, strong_length
    if held:
        yield held, bold


def _joined(pieces: Iterable[tuple[str, bool]]) -> tuple[str, int]:
    text, strong, leading = "", 0, True
    for piece, bold in pieces:
        text += piece
        if leading and (bold or not piece.strip()):
            strong = len(text) if bold else strong
        else:
            leading = False
    bare = re.sub(r"[ \t\n\r\f]+", " ", text)
    cut = re.sub(r"[ \t\n\r\f]+", " ", text[:strong])
    shift = len(bare) - len(bare.lstrip())
    return bare.strip(), max(0, min(len(cut), len(bare.rstrip())) - shift)

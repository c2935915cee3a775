"""Other people's Markdown made into ours, paragraph by paragraph: no HTML, no images, no needless escapes.

Emphasis, links, lists and block quotes stay. Blocks and labels are found in `markdown`.
"""

from __future__ import annotations

import html
import re

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_IMAGE = re.compile(r"!\[(?P<alt>[^\[\]]*)\]\([^()]*(?:\([^()]*\)[^()]*)*\)")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\](?!:)")
_ANCHOR = re.compile(r"<a\s[^<>]*?href=[\"']?(?P<url>[^\s\"'<>]+)[\"']?[^<>]*>(?P<text>[^<>]*)</a>", re.IGNORECASE)
_BOLD_TAG = re.compile(r"</?(?:b|strong)>", re.IGNORECASE)
_ITALIC_TAG = re.compile(r"</?(?:i|em)>", re.IGNORECASE)
_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
_HIDDEN_TAG = re.compile(
    r"<(?P<tag>script|style|iframe|object|noscript)\b.*?(?:</(?P=tag)>|\Z)", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(
    r"</?(?:a|abbr|audio|big|blockquote|center|cite|code|dd|del|details|div|dl|dt|figure|figcaption|font|h[1-6]|hr|img|ins"
    r"|kbd|li|mark|ol|p|pre|q|s|samp|section|small|source|span|strike|sub|summary|sup|table|tbody|td|th|thead|time|tr|tt|u"
    r"|ul|var|video)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_BRACKET_ESCAPE = re.compile(r"\\+([\[\]])(?!\()")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_ATTRIBUTES = re.compile(r"\{(?=[:#.])[^{}\n]*\}\s*$")
_LABEL = re.compile(
    r"^(?P<time>\\?[\[(]?(?:\d{1,3}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?\\?[\])]?\s*)?"
    r"(?P<mark>\*\*\*|\*\*|__)(?P<label>[^*_\n](?:[^*\n]{0,238}?[^\s*\n])?)\s*(?P=mark)\s*(?P<colon>[:\uff1a]?)"
)


def inline(text: str) -> str:
    """A paragraph without HTML, comments, images and footnote marks; entities are characters again."""
    if "<" in text:
        text = _HIDDEN_TAG.sub("", _COMMENT.sub("", text))
        text = _ANCHOR.sub(lambda m: f"[{m['text']}]({m['url']})", text)
        text = _BREAK_TAG.sub("\n", _ITALIC_TAG.sub("*", _BOLD_TAG.sub("**", text)))
        text = _TAG.sub("", text)
    text = _IMAGE.sub("", text)
    text = _FOOTNOTE.sub("", text)
    text = _BRACKET_ESCAPE.sub(r"\1", text)
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    text = html.unescape(match[0])
    # A character that would begin markup stays an entity.
    return match[0] if text in ("*", "_", "`", "\\", "[", "]", "\n") else text


def bold_label(text: str) -> tuple[str, int]:
    """A paragraph whose bold beginning is a label, without the stars, and the length of what was bold.

    `**Ann:** Yes` and `**Ann**: Yes` both give (`Ann: Yes`, 4). Other paragraphs come back unchanged with 0.
    """
    match = _LABEL.match(text)
    if not match:
        return text, 0
    label, rest = match["label"].strip(), text[match.end() :]
    if not match["colon"] and label[-1:] not in (":", "\uff1a"):
        return text, 0
    time = inline(match["time"] or "")
    shown = f"{time}{label.rstrip(' :' + chr(0xFF1A))}:"
    return f"{shown} {rest.strip()}", len(shown)


def without_attributes(text: str) -> str:
    """A heading without the `{#id}` or `{: .class}` that some dialects put behind it."""
    return _ATTRIBUTES.sub("", text).strip()

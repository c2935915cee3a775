"""XML files as trees, read so that a file can do no harm, and the text of their elements.

No entity of a file is ever expanded by the parser and nothing outside it is opened; the harmless character
entities that old parliamentary files declare are replaced before. What elements mean is not known here.
"""

from __future__ import annotations

import html.entities
import re
from collections.abc import Iterator
from typing import Any

from sitegen.diagnostics import Checked, Diagnostic, problem
from sitegen.importers.draft import Raw
from sitegen.importers.packages import load
from sitegen.importers.text import decode, squeezed

_DECLARED = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_DOCTYPE = re.compile(r"<!DOCTYPE\s[^\[<>]*(?:\[(?P<subset>.*?)\]\s*)?>", re.DOTALL)
_ENTITY = re.compile(r"<!ENTITY\s+(?P<parameter>%\s+)?(?P<name>[\w.:-]+)\s+(?P<rest>[^>]*)>")
_LITERAL = re.compile(r"^(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)')\s*$")
_REFERENCE = re.compile(r"&([A-Za-z][\w.:-]*);")
_CHARACTER = re.compile(r"&#(?:[xX]([0-9A-Fa-f]{1,6})|(\d{1,7}));")
_FIVE = frozenset(("amp", "lt", "gt", "quot", "apos"))
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)(?=[\s>/])")
_PROLOGUE = 65536
_LONGEST_ENTITY = 64


def root_name(raw: Raw) -> str:
    """The name of the root element without its prefix, by looking at the beginning of the file only."""
    head = raw.data[: 4 * _PROLOGUE].replace(b"\0", b"")
    if not head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<"):
        return ""
    head = re.sub(rb"<!--.*?-->|<\?.*?\?>", b"", head, flags=re.DOTALL)
    head = re.sub(rb"<!DOCTYPE\s[^\[<>]*(?:\[.*?\]\s*)?>", b"", head, flags=re.DOTALL)
    match = _ROOT.search(head)
    return match[1].decode("ascii", "replace") if match else ""


def parse(raw: Raw) -> Checked[Any | None]:
    """The root element of a file, or None with a problem at its place."""
    etree = load("lxml.etree", "lxml", raw)
    if isinstance(etree, Diagnostic):
        return Checked(None, (etree,))
    data, problems = _harmless(raw)
    if data is None:
        return Checked(None, problems)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return Checked(etree.fromstring(data, parser), problems)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        unsafe = "depth" in str(error).lower() or "amplification" in str(error) or "huge" in str(error).lower()
        code = "import-unsafe" if unsafe else "import-unreadable"
        message = re.sub(r",? line \d+, column \d+.*$", "", str(error.msg))
        return Checked(None, (*problems, problem(code, raw.at(line or 1, column or 1), f"bad XML: {message}")))
    except ValueError as error:
        return Checked(None, (*problems, problem("import-unreadable", raw.at(1), f"bad XML: {error}")))


def _harmless(raw: Raw) -> tuple[bytes | None, tuple[Diagnostic, ...]]:
    """The file's bytes, without a document type and with named characters replaced, if it needs that."""
    if b"<!DOCTYPE" not in raw.data[:_PROLOGUE] and not re.search(
        rb"&(?!#|amp;|lt;|gt;|quot;|apos;)[A-Za-z]", raw.data
    ):
        return raw.data, ()
    declared = _DECLARED.match(raw.data[:1024].removeprefix(b"\xef\xbb\xbf"))
    text = decode(raw, declared[1].decode("ascii") if declared else "")
    doctype = _DOCTYPE.search(text.value, 0, _PROLOGUE)
    if doctype is None and "<!DOCTYPE" in text.value[:_PROLOGUE]:
        found = problem("import-unsafe", raw.at(1), "the document type cannot be read, or is very long")
        return None, (*text.diagnostics, found)
    entities = _entities(raw, text.value, doctype)
    if isinstance(entities, Diagnostic):
        return None, (*text.diagnostics, entities)
    body = text.value
    if doctype:
        # Lines keep their numbers: the document type leaves its line breaks behind.
        body = body[: doctype.start()] + "\n" * doctype[0].count("\n") + body[doctype.end() :]
    body = _REFERENCE.sub(lambda match: _replacement(match, entities), body)
    body = re.sub(r"^(\s*<\?xml[^>]*?)\s+encoding\s*=\s*[\"'][^\"']*[\"']", r"\1", body, count=1)
    return body.encode(), text.diagnostics


def _entities(raw: Raw, text: str, doctype: re.Match[str] | None) -> dict[str, str] | Diagnostic:
    """The character entities that a document type declares; a problem if it declares anything else."""
    found: dict[str, str] = {}
    subset = doctype["subset"] if doctype else None
    for match in _ENTITY.finditer(subset or ""):
        literal = _LITERAL.match(match["rest"].strip())
        value = (literal["double"] or literal["single"] or "") if literal else ""
        shown = _CHARACTER.sub(lambda m: _chr(int(m[1], 16) if m[1] else int(m[2])), value)
        if match["parameter"] or not literal or not _is_plain(shown):
            offset = (doctype.start("subset") if doctype else 0) + match.start()
            line = text.count("\n", 0, offset) + 1
            message = f"the entity `{match['name']}` is not a plain character; files may not expand or fetch anything"
            return problem("import-unsafe", raw.at(line), message, "replace it in the file by what it stands for")
        found[match["name"]] = shown
    return found


def _is_plain(shown: str) -> bool:
    """Whether an entity's text is a few characters that refer to nothing; `&` and `<` may stand for themselves."""
    return shown in ("&", "<") or (len(shown) <= _LONGEST_ENTITY and "&" not in shown and "<" not in shown)


def _chr(number: int) -> str:
    return chr(number) if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"


def _replacement(match: re.Match[str], entities: dict[str, str]) -> str:
    name = match[1]
    if name in _FIVE:
        return match[0]
    value = entities.get(name) or html.entities.html5.get(f"{name};")
    if value is None:
        # Unknown: shown as it stands, rather than losing the whole file.
        return f"&amp;{name};"
    return value.replace("&", "&amp;").replace("<", "&lt;")


# ---------------------------------------------------------------- reading trees


def local(element: Any) -> str:
    """The name of an element without its namespace; an empty text for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Any, *names: str) -> str:
    """The first of several attributes that is there, whatever its namespace."""
    for name in names:
        value = element.get(name)
        if value is None:
            value = next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == name), None)
        if value:
            return str(value).strip()
    return ""


def children(element: Any, *names: str) -> Iterator[Any]:
    """The child elements, or those with one of the names."""
    for child in element:
        name = local(child)
        if name and (not names or name in names):
            yield child


def descendants(element: Any, *names: str) -> Iterator[Any]:
    """All elements below (and with) an element that have one of the names, in document order."""
    for found in element.iter():
        if local(found) in names:
            yield found


def plain(element: Any, skip: tuple[str, ...] = ()) -> str:
    """The text of an element on one line, without the elements named in `skip`."""
    return squeezed("".join(_texts(element, skip)))


def _texts(element: Any, skip: tuple[str, ...]) -> Iterator[str]:
    if element.text:
        yield element.text
    for child in element:
        if local(child) and local(child) not in skip:
            yield from _texts(child, skip)
        if child.tail:
            yield child.tail

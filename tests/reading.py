"""Built pages read as a browser reads them, and what must hold of every page of every site."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

import html5lib

from sitegen.edition import paragraphs_of
from sitegen.facts import AnnotatedTranscript, Note
from tests.door import Result
from tests.validity import faults

LOADED = (("script", "src"), ("img", "src"), ("img", "srcset"), ("source", "src"), ("video", "src"), ("audio", "src"))
LOADED_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "manifest", "prefetch", "preconnect"}


@dataclass(frozen=True)
class Page:
    """A page by its path in the output, and its tree."""

    path: str
    html: str

    @cached_property
    def root(self) -> Element:
        """The tree; a parse error fails the test."""
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        tree: Element = parser.parse(self.html)
        return tree

    @cached_property
    def elements(self) -> tuple[Element, ...]:
        """All elements in document order."""
        return tuple(element for element in self.root.iter() if isinstance(element.tag, str))

    @cached_property
    def ids(self) -> dict[str, int]:
        """Every id, with its place in document order; twice the same fails the test."""
        counts = Counter(element.attrib["id"] for element in self.elements if "id" in element.attrib)
        assert [name for name, count in counts.items() if count > 1] == [], self.path
        assert not [name for name in counts if not name or re.search(r"\s", name)], self.path
        return {element.attrib["id"]: i for i, element in enumerate(self.elements) if "id" in element.attrib}

    def find(self, identity: str) -> Element:
        """The element with an id."""
        return self.elements[self.ids[identity]]

    def of_class(self, tag: str, name: str) -> list[Element]:
        """The elements of a tag and class."""
        return [e for e in self.elements if e.tag == tag and name in e.attrib.get("class", "").split()]


def words_of(element: Element) -> str:
    """The text of an element without any white space."""
    return bare("".join(element.itertext()))


def bare(text: str) -> str:
    """A text without any white space."""
    return "".join(text.split())


def pages_of(files: Mapping[str, bytes]) -> list[Page]:
    """All HTML pages of a site."""
    return [Page(path, data.decode()) for path, data in sorted(files.items()) if path.endswith(".html")]


def check_pages(result: Result, pages: list[Page]) -> None:
    """What must hold of all pages: they parse, ids are unique, nothing is asked of other servers, links resolve."""
    by_path = {page.path: page for page in pages}
    base = urlsplit(result.edition.project.settings.url).path.rstrip("/") + "/"
    for page in pages:
        assert page.ids is not None
        assert list(faults(page.root)) == [], page.path
        check_requests(page)
        for link in internal_links(page):
            check_link(page, _from_disk(link, base), result.files, by_path)
        assert not [mark for outer in page.root.iter("mark") for mark in outer.iter("mark") if mark is not outer]


def _from_disk(link: str, base: str) -> str:
    """A link of the page for what is missing as other pages have it: a server shows it at any address."""
    if not link.startswith(base):
        return link
    below = link.removeprefix(base)
    return below if below and not below.endswith("/") else f"{below}index.html"


def check_requests(page: Page) -> None:
    """A page forbids what it does not need, and loads nothing from another server."""
    policies = [e for e in page.root.iter("meta") if e.attrib.get("http-equiv") == "Content-Security-Policy"]
    assert len(policies) == 1, page.path
    assert policies[0].attrib["content"].startswith("default-src 'none'")
    assert "http" not in policies[0].attrib["content"]
    assert "unsafe" not in policies[0].attrib["content"]
    loaded = [e.attrib[name] for tag, name in LOADED for e in page.root.iter(tag) if name in e.attrib]
    for link in page.root.iter("link"):
        if LOADED_LINKS & set(link.attrib.get("rel", "").split()):
            loaded.append(link.attrib["href"])
    assert not [address for address in loaded if re.match(r"(?i)\s*(?:[a-z][a-z0-9+.-]*:|//)", address)], page.path
    for element in page.elements:
        assert element.tag not in ("iframe", "object", "embed", "base", "style"), page.path
        assert not [name for name in element.attrib if name.startswith("on") or name == "style"], page.path


def internal_links(page: Page) -> Iterator[str]:
    """Every address in a page that leads into the site."""
    for element in page.elements:
        for name in ("href", "src"):
            address = element.attrib.get(name)
            if address is not None and not re.match(r"(?i)(?:https?|mailto):", address):
                yield address


def check_link(page: Page, link: str, files: Mapping[str, bytes], pages: Mapping[str, Page]) -> None:
    """A relative link leads to a file, and its fragment, percent-encoded or not, to an id there."""
    parts = urlsplit(link)
    assert not parts.scheme, f"{page.path}: {link}"
    assert not parts.netloc, f"{page.path}: {link}"
    target = page.path
    if parts.path:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page.path), unquote(parts.path)))
    assert target in files, f"{page.path}: {link} leads to {target}"
    fragment = unquote(parts.fragment).partition(":~:")[0]
    if fragment and target in pages:
        assert fragment in pages[target].ids, f"{page.path}: {link}"


def check_notes(page: Page, annotated: AnnotatedTranscript) -> None:
    """On a transcript's page every note has its marks, references, its card after the first, and ways back."""
    notes = {note.annotation.id: note for note in annotated.notes if note.number}
    references: dict[str, list[Element]] = {}
    for element in page.of_class("a", "ref"):
        references.setdefault(unquote(element.attrib["href"]).removeprefix("#n-"), []).append(element)
    cards = {
        e.attrib["id"].removeprefix("n-"): e for e in page.root.iter("aside") if e.attrib.get("role") == "doc-footnote"
    }
    assert set(references) == set(cards) == set(notes)
    for name, note in notes.items():
        assert references[name][0].attrib["id"] == f"r-{name}"
        for reference in references[name]:
            assert reference.attrib["role"] == "doc-noteref"
            assert reference.attrib["data-n"] == str(note.number)
            assert not "".join(reference.itertext()), "a reference has no text of its own"
        backs = [e for e in cards[name].iter("a") if e.attrib.get("role") == "doc-backlink"]
        assert [unquote(back.attrib["href"]) for back in backs] == [f"#{e.attrib['id']}" for e in references[name]]
        assert page.ids[f"r-{name}"] < page.ids[f"n-{name}"]
        assert bare(marked_words(page, name)) == quoted_words(annotated, note)
    noted = {name for mark in page.root.iter("mark") for name in mark.attrib["data-notes"].split()}
    assert noted == set(notes)
    order = [int(e.attrib["data-n"]) for e in page.of_class("a", "ref") if "later" not in e.attrib["class"].split()]
    assert order == sorted(note.number for note in notes.values())


def marked_words(page: Page, note_id: str) -> str:
    """All words marked for a note, in order."""
    marks = (mark for mark in page.root.iter("mark") if note_id in mark.attrib["data-notes"].split())
    return "".join("".join(mark.itertext()) for mark in marks)


def quoted_words(annotated: AnnotatedTranscript, note: Note) -> str:
    """The words that a note's ranges cover, each once, in document order, without any white space."""
    covered = []
    for paragraph in paragraphs_of(annotated.transcript):
        here = [range(a.start, a.end) for a in note.anchors if a.paragraph_id == paragraph.id]
        covered += [paragraph.plain[i] for i in sorted({i for one in here for i in one})]
    return bare("".join(covered))


def check_text(page: Page, annotated: AnnotatedTranscript) -> None:
    """Every paragraph of a transcript is on its page, in order, with exactly its words."""
    places = []
    for paragraph in paragraphs_of(annotated.transcript):
        if not paragraph.id or paragraph.kind not in ("speech", "event") or "[](" in paragraph.markup:
            continue  # a link without text shows its target's name, which nobody said
        element = page.find(paragraph.id)
        places.append(page.ids[paragraph.id])
        assert words_of(element) == bare(paragraph.plain), paragraph.id
        if element.tag == "p" and "\f" not in paragraph.markup:
            assert "".join(element.itertext()).replace("\n", " ") == paragraph.plain.replace("\n", " "), paragraph.id
    assert places == sorted(places)

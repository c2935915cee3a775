"""Damaged and hostile files: a transcript with a report, or a located error; never a crash, a fetch or a bomb."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator

import pytest

from sitegen.importers import IMPORTERS, NOTE_IMPORTERS, Context, Importer, Raw, import_file, importer_for
from sitegen.labels import Register
from sitegen.source import Source
from sitegen.transcripts import read_transcript
from tests.test_cases import CASES, read_case

DAMAGES = 200


def _samples() -> Iterator[Raw]:
    """The raw files of the cases: at least one of every format that is text."""
    for path in sorted((CASES / "importers").glob("*.txt")):
        case = read_case(path)
        for name, _ in case.sections:
            if name.startswith("import "):
                yield Raw(name.removeprefix("import "), case.raw(name.removeprefix("import ")))


def word_file(document: str, styles: str = "") -> bytes:
    """A Word file with a body of our own."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            'wordprocessingml.document.main+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
        )
        space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        archive.writestr(
            "word/document.xml", f'{styles}<w:document xmlns:w="{space}"><w:body>{document}</w:body></w:document>'
        )
    return buffer.getvalue()


def _bold(label: str, text: str) -> str:
    bold = f"<w:r><w:rPr><w:b/></w:rPr><w:t>{label}</w:t></w:r>"
    return f"<w:p>{bold}<w:r><w:t xml:space='preserve'> {text}</w:t></w:r></w:p>"


WORD = word_file("".join(_bold("Ann Bell:", "Hello.") + _bold("Tom Ash:", "Yes.") for _ in range(3)))


def test_every_text_format_has_a_sample() -> None:
    known = {importer.name for raw in _samples() if (importer := importer_for(raw))}
    assert {one.name for one in IMPORTERS} - known == {"docx", "sitegen-json"}


@pytest.mark.parametrize("raw", [*_samples(), Raw("talk.docx", WORD)], ids=lambda raw: str(raw.name))
def test_damaged_files_are_read_or_refused_with_a_place(raw: Raw) -> None:
    importer = importer_for(raw)
    assert isinstance(importer, Importer)
    chance = random.Random(raw.name)
    for number in range(2 * DAMAGES):
        data = bytearray(raw.data)
        if number % 2:
            data = data[: chance.randrange(len(data))]
        else:
            for _ in range(chance.choice((1, 3, 20))):
                data[chance.randrange(len(data))] = chance.randrange(256)
        result = import_file(Raw(raw.name, bytes(data)), Context(), importer if number % 4 else None)
        assert result.value or any(d.severity == "error" and d.location.line >= 1 for d in result.diagnostics)
        for one in result.value[:1] if number < 40 else ():
            read = read_transcript(Source.of(f"content/transcripts/{one.id}.md", one.text), Register())
            assert read.value is not None
            assert len(read.value.turns) == len(one.draft.turns)


def _codes(name: str, data: bytes) -> list[str]:
    return [d.code for d in import_file(Raw(name, data), Context()).diagnostics]


def test_entities_that_multiply_are_refused() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    document = f'<!DOCTYPE publicwhip [<!ENTITY l0 "ha">{laughs}]><publicwhip><speech>&l9;</speech></publicwhip>'
    result = import_file(Raw("a.xml", document.encode()), Context())
    assert result.value == ()
    assert result.diagnostics[0].code == "import-unsafe"
    assert "`l1`" in result.diagnostics[0].message


@pytest.mark.parametrize("declared", ['SYSTEM "file:///etc/passwd"', 'PUBLIC "x" "http://example.org/x"'])
def test_entities_from_elsewhere_are_refused(declared: str) -> None:
    document = f"<!DOCTYPE TEI [<!ENTITY x {declared}>]><TEI><text><body><p>&x;</p></body></text></TEI>"
    assert _codes("a.xml", document.encode()) == ["import-unsafe"]


def test_parameter_entities_are_refused() -> None:
    document = '<!DOCTYPE TEI [<!ENTITY % p SYSTEM "http://example.org/p.dtd"> %p;]><TEI><text/></TEI>'
    assert _codes("a.xml", document.encode()) == ["import-unsafe"]


def test_deep_nesting_is_refused_in_xml_and_json() -> None:
    deep = "<TEI><text>" + "<div>" * 50_000 + "</div>" * 50_000 + "</text></TEI>"
    assert _codes("a.xml", deep.encode())[0] in ("import-unsafe", "import-unreadable")
    assert _codes("a.json", b'{"segments": ' + b"[" * 200_000 + b"]" * 200_000 + b"}") == ["import-unsafe"]


def test_deep_nesting_of_a_page_is_survived() -> None:
    page = "<html><body>" + "<div>" * 20_000 + "<p><b>Ann Bell:</b> Hi.</p><p><b>Ann Bell:</b> So.</p>"
    assert len(import_file(Raw("a.html", page.encode()), Context()).value[0].draft.turns) == 2


def test_scripts_and_handlers_of_a_page_are_gone() -> None:
    page = (
        "<html><body><script>alert('Eve: no')</script><p onclick='x()'><b>Ann Bell:</b> Hi <img src=x onerror=x()> "
        "&lt;script&gt;there.</p><iframe src='javascript:x()'></iframe><p><b>Ann Bell:</b> So.</p></body></html>"
    )
    text = import_file(Raw("a.html", page.encode()), Context()).value[0].text
    assert "alert" not in text
    assert "onerror" not in text
    assert "javascript" not in text
    assert "Hi <script>there." in text, "what was shown as text stays text, which no page reads as HTML"


def test_formulas_in_cells_are_text() -> None:
    table = 'speaker,text\n=cmd|x,"=HYPERLINK(""http://example.org"")"\nAnn,+1\n@Tom,-2\n'
    draft = import_file(Raw("a.csv", table.encode()), Context()).value[0].draft
    assert [turn.passages[0].text for turn in draft.turns] == ['=HYPERLINK("http://example.org")', "+1", "-2"]


def test_a_word_file_that_unpacks_to_far_too_much_is_not_unpacked() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * 40_000_000)
    assert _codes("a.docx", buffer.getvalue()) == ["import-unsafe"]


def test_a_word_file_with_entities_is_refused() -> None:
    assert _codes("a.docx", word_file("<w:p/>", '<!DOCTYPE d [<!ENTITY x "y">]>')) == ["import-unsafe"]


def test_a_word_file_is_read_by_its_bold_labels() -> None:
    draft = import_file(Raw("talk.docx", WORD), Context()).value[0].draft
    assert [voice.name for voice in draft.voices] == ["Ann Bell", "Tom Ash"]
    assert len(draft.turns) == 6


def test_bytes_that_are_no_text_are_refused() -> None:
    assert _codes("a.bin", bytes(range(256)) * 20) == ["import-unrecognised"]
    assert _codes("a.txt", b"") == ["empty-file"]
    assert _codes("a.txt", b"\0\0\0 \n") == ["empty-file"]


def test_other_encodings_are_read_and_reported() -> None:
    text = "Ann Bell: Très bien.\n\nAnn Bell: Œuf.\n"
    for encoding in ("utf-8-sig", "utf-16"):
        draft = import_file(Raw("a.txt", text.encode(encoding)), Context()).value[0].draft
        assert draft.turns[1].passages[0].text == "Œuf."
    result = import_file(Raw("a.txt", text.encode("cp1252")), Context())
    assert result.value[0].draft.turns[1].passages[0].text == "Œuf."
    assert "import-encoding" in [d.code for d in result.diagnostics]


def test_files_of_annotations_survive_damage() -> None:
    samples = {
        "a.jsonld": b'{"@context": "http://www.w3.org/ns/anno.jsonld", "body": "x", "target": "y"}',
        "a.csv": b'quote,code,note\n"some words",mill,"a note"\n',
        "g.json": b'{"AEA": {"summary": "Abort electronics", "type": "abbreviation"}}',
    }
    assert len(samples) == len(NOTE_IMPORTERS)
    for importer, (name, data) in zip(NOTE_IMPORTERS, samples.items(), strict=True):
        assert importer_for(Raw(name, data)) is importer
        chance = random.Random(name)
        for number in range(2 * DAMAGES):
            damaged = bytearray(data)
            damaged[chance.randrange(len(data))] = chance.randrange(256)
            importer.read(Raw(name, bytes(damaged[: chance.randrange(len(data))] if number % 2 else damaged)))

"""Word files (DOCX), by way of the HTML that mammoth makes of them.

Labels may be bold, in a style of their own, or in the first column of a table. Pictures, comments and macros are
left out; an archive that would unpack to something huge is not unpacked.
"""

from __future__ import annotations

import io
import re
import zipfile

from msgspec.structs import replace

from sitegen.diagnostics import Checked, Diagnostic, problem
from sitegen.importers.draft import Context, Draft, Finding, Raw, excerpt
from sitegen.importers.packages import load
from sitegen.importers.pasted import draft_of
from sitegen.importers.text import stem_of
from sitegen.importers.webpage import page_paragraphs

_MAIN = "word/document.xml"
_LARGEST = 300_000_000
_STEEPEST = 200
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Speaker'] => p.speaker:fresh
p[style-name='Speaker Name'] => p.speaker:fresh
r[style-name='Speaker'] => strong
p[style-name='Quote'] => blockquote:fresh
p[style-name='Intense Quote'] => blockquote:fresh
comment-reference => !
"""


def recognise(raw: Raw) -> float:
    """A ZIP archive with the main part of a Word file."""
    return 0.95 if raw.data.startswith(b"PK\x03\x04") and b"word/" in raw.data else 0.0


def read(raw: Raw, context: Context) -> Checked[tuple[Draft, ...]]:
    """One draft from a Word file. Findings have no lines, for the file has none."""
    bad = _check(raw)
    if bad:
        return Checked((), (bad,))
    mammoth, lexbor = load("mammoth", "mammoth", raw), load("selectolax.lexbor", "selectolax", raw)
    if isinstance(mammoth, Diagnostic):
        return Checked((), (mammoth,))
    if isinstance(lexbor, Diagnostic):
        return Checked((), (lexbor,))
    images = mammoth.images.img_element(lambda _image: {"src": ""})
    try:
        result = mammoth.convert_to_html(io.BytesIO(raw.data), style_map=_STYLES, convert_image=images)
    except Exception as error:
        return Checked(
            (), (problem("import-unreadable", raw.at(1), f"the Word file is damaged: {error or type(error)}"),)
        )
    tree = lexbor.LexborHTMLParser(result.value)
    items, skipped = page_paragraphs(tree, "")
    items = tuple(replace(item, line=0) for item in items)
    messages = dict.fromkeys(message.message for message in result.messages)
    dropped = [Finding("dropped", "formatting", excerpt(text)) for text in list(messages)[:12]]
    draft = draft_of(items, context, Draft((), findings=(*skipped, *dropped)))
    return Checked((replace(draft, stem=stem_of(raw.name)),))


def _check(raw: Raw) -> Diagnostic | None:
    """What speaks against unpacking a file: damage, a bomb, or declarations in its XML."""
    where = raw.at(1)
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw.data))
        parts = archive.infolist()
        total = sum(part.file_size for part in parts)
        steep = any(
            part.file_size > 1_000_000 and part.file_size > _STEEPEST * max(1, part.compress_size) for part in parts
        )
        if total > _LARGEST or steep or len(parts) > 10_000:
            message = f"the archive would unpack to {total:,} bytes, far more than a document"
            return problem("import-unsafe", where, message)
        if _MAIN not in archive.namelist():
            return problem("import-unreadable", where, "the archive holds no Word document")
        for part in parts:
            if part.filename.endswith((".xml", ".rels")) and re.search(rb"<!(?:DOCTYPE|ENTITY)", archive.read(part)):
                return problem(
                    "import-unsafe", where, f"{part.filename} declares entities; files may not expand or fetch anything"
                )
    except (zipfile.BadZipFile, EOFError, ValueError, OSError, RuntimeError, NotImplementedError) as error:
        return problem("import-unreadable", where, f"the archive is damaged: {error}")
    except Exception as error:
        return problem("import-unreadable", where, f"the archive is damaged: {error}")
    return None

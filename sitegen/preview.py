"""A build held in memory for the preview server: what to answer to an address, and the panel of problems.

A new preview replaces the one before it in one step, so nobody is ever served half a build. Sockets,
threads and the disk are not known here.
"""

from __future__ import annotations

import mimetypes
import traceback
from collections.abc import Mapping
from html import escape
from urllib.parse import unquote, urlsplit

from msgspec import Struct, field

from sitegen.diagnostics import Diagnostic
from sitegen.incremental import Request, make
from sitegen.memo import Memo

SCRIPT = "/livereload.js"
STYLE = "/sitegen-panel.css"
MOST_SHOWN = 40

PANEL_STYLE = """
.sitegen-panel { position: fixed; inset: auto 0 0 0; z-index: 2147483647; max-height: 60vh; overflow: auto;
  background: #fff4f2; color: #1a1a1a; border-top: 4px solid #b3261e; font: 14px/1.45 system-ui, sans-serif;
  box-shadow: 0 -4px 24px rgb(0 0 0 / .25); text-align: left }
.sitegen-panel.warnings { background: #fff8e6; border-color: #9a5b00 }
.sitegen-panel summary { padding: .5rem 1rem; font-weight: 600; cursor: pointer }
.sitegen-panel ol { margin: 0; padding: 0 1rem .75rem 2.5rem }
.sitegen-panel li { margin: .5rem 0 }
.sitegen-panel code, .sitegen-panel pre { font: 13px/1.45 ui-monospace, monospace; white-space: pre-wrap;
  overflow-wrap: anywhere; color: inherit; background: none; margin: 0; padding: 0; border: 0 }
.sitegen-panel pre { margin: .15rem 0 0; padding-left: 1rem; opacity: .85 }
@media print { .sitegen-panel { display: none } }
"""

_EMPTY_PAGE = (
    b'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>sitegen</title></head><body></body></html>'
)


class Preview(Struct, frozen=True):
    """A finished build: its files by path, its problems, and the path below which the site is public.

    `failure` is the traceback of a build that could not be finished; the files are then those of the last
    one that could. `sources` are the digests of the files that it was built from.
    """

    files: Mapping[str, bytes] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()
    base: str = "/"
    failure: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)


class Answer(Struct, frozen=True):
    """What to send for an address."""

    status: int
    type: str
    body: bytes
    location: str = ""


def preview(request: Request, last: Preview, memo: Memo) -> Preview:
    """The preview of a site's files, from what `last` held and what has changed since; a fault of sitegen itself is
    shown, and what `last` held stays."""
    try:
        made = make(request, memo)
    except Exception:
        memo.forget()
        return Preview(last.files, (), last.base, traceback.format_exc())
    fresh = {one.path: one.data for one in made.kept if one.is_there}
    contents = {path: fresh[path] if path in fresh else last.files[path] for path in made.paths}
    return Preview(contents, made.diagnostics, base_path(made.settings.url), sources=made.sources)


def base_path(url: str) -> str:
    """The path below which a site is served: `/`, or `/repository/` as on GitHub Pages."""
    path = urlsplit(url).path.strip("/")
    return f"/{path}/" if path else "/"


def answer(shown: Preview, path: str) -> Answer:
    """The answer to a request for `path`, a page with the script that reloads it and the problems in it."""
    wanted = unquote(path)
    if not wanted.startswith(shown.base):
        return Answer(302, "text/plain", b"", shown.base) if wanted in ("/", shown.base[:-1]) else _lost(shown)
    name = wanted.removeprefix(shown.base)
    if name == "" or name.endswith("/"):
        name += "index.html"
    if name in shown.files:
        kind = "application/xml" if name.endswith(".xml") else mimetypes.guess_type(name)[0] or "text/plain"
        return _sent(shown, 200, kind, shown.files[name])
    if f"{name}/index.html" in shown.files:
        return Answer(302, "text/plain", b"", f"{path}/")
    return _lost(shown)


def _lost(shown: Preview) -> Answer:
    return _sent(shown, 404, "text/html", shown.files.get("404.html", _EMPTY_PAGE))


def _sent(shown: Preview, status: int, kind: str, body: bytes) -> Answer:
    textual = kind.startswith("text/") or kind in ("application/xml", "application/json", "image/svg+xml")
    sent = with_panel(body, shown) if kind == "text/html" else body
    return Answer(status, f"{kind}; charset=utf-8" if textual else kind, sent)


def with_panel(page: bytes, shown: Preview) -> bytes:
    """A page with the script that reloads it and, if there are any, the problems of the build.

    Script and style have addresses of this server, as the pages' security policy asks.
    """
    head = f'<link rel="stylesheet" href="{STYLE}"><script src="{SCRIPT}" defer></script>'.encode()
    marked = page.replace(b"</head>", head + b"</head>", 1) if b"</head>" in page else head + page
    before, end, after = marked.rpartition(b"</body>")
    panel = _panel(shown).encode()
    return before + panel + end + after if end else marked + panel


def _panel(shown: Preview) -> str:
    problems = [d for d in shown.diagnostics if d.severity != "info"]
    if shown.failure:
        lines = [f"<li>sitegen failed; this page is from the build before.<pre>{escape(shown.failure)}</pre></li>"]
    else:
        lines = [_line(d) for d in problems[:MOST_SHOWN]]
    if not lines:
        return ""
    errors = sum(d.severity == "error" for d in problems)
    grave = "errors" if errors or shown.failure else "warnings"
    counts = (
        "The build failed"
        if shown.failure
        else f"{_counted(errors, 'error')}, {_counted(len(problems) - errors, 'warning')}"
    )
    more = f"<li>… and {len(problems) - len(lines)} more</li>" if len(problems) > MOST_SHOWN else ""
    return (
        f'<aside class="sitegen-panel {grave}" aria-label="Problems of the build"><details open>'
        f"<summary>{counts}</summary><ol>{''.join(lines)}{more}</ol></details></aside>"
    )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _line(found: Diagnostic) -> str:
    related = [f"{r.location}: {r.message}" if r.location else r.message for r in found.related]
    hints = "\n".join([*related, *([f"fix: {found.hint}"] if found.hint else [])])
    body = f"<pre>{escape(hints)}</pre>" if hints else ""
    where = f"<code>{escape(str(found.location))}</code>"
    return f"<li>{where}: {found.severity} {found.code}: {escape(found.message)}{body}</li>"

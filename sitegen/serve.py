"""The preview server: builds when files change and reloads the pages that are open.

Builds run in a thread of their own and are handed to the server whole. Which files matter and what a
page looks like is decided in `files` and `preview`; nothing is written to the disk.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import watchfiles
from livereload.handlers import LiveReloadHandler, LiveReloadJSHandler
from livereload.watcher import Watcher
from msgspec import Struct
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from sitegen import files, preparation
from sitegen.memo import Memo
from sitegen.outputs import InMemory
from sitegen.preview import PANEL_STYLE, SCRIPT, STYLE, Preview, answer, preview
from sitegen.sitefiles import SETTINGS
from sitegen.workplace import open_workplace, remember, request_of

LOOPBACK = ("127.0.0.1", "localhost", "::1")
QUIET = 100
"""Milliseconds without a change after which a burst of changes is taken to be over."""

_Outline = tuple[tuple[float, int] | None, ...]

POLL = 300
"""Milliseconds between looks at what no folder's watcher sees: sitegen.yaml, folders that come and go."""


class Request(Struct, frozen=True):
    """What to serve and where; `host` is an address of this machine."""

    root: Path
    host: str
    port: int
    options: preparation.Options


class Report(Struct, frozen=True):
    """A finished build, for printing: the preview, how long it took, and the address of the site."""

    preview: Preview
    seconds: float
    address: str


def serve(request: Request, report: Callable[[Report], None]) -> None:
    """Serves until interrupted; raises OSError where the port cannot be had."""
    sockets = bind_sockets(request.port, request.host)
    port = sockets[0].getsockname()[1]
    stop = threading.Event()

    async def run() -> None:
        holder = _Holder(f"http://{_bracketed(request.host)}:{port}")
        loop = asyncio.get_running_loop()
        server = HTTPServer(_application(holder, request.host))
        server.add_sockets(sockets)

        def show(built: Preview, seconds: float) -> None:
            report(holder.take(built, seconds))
            _Socket.reload_waiters("*")

        def work() -> None:
            for built, seconds in previews(request, stop):
                loop.call_soon_threadsafe(show, built, seconds)

        try:
            await asyncio.to_thread(work)
        finally:
            stop.set()

    try:
        asyncio.run(run())
    finally:
        stop.set()


def previews(request: Request, stop: threading.Event) -> Iterator[tuple[Preview, float]]:
    """A preview at once, and another one whenever the site's files have changed."""
    shown, memo = Preview(), Memo(None, "")
    built: dict[str, str] | None = None
    for _ in changes(request.root, stop):
        begun = time.perf_counter()
        try:
            place = open_workplace(request.root, memo)
            if place.digests() == built:
                continue
            wanted = request_of(place, request.options, InMemory())
        except OSError:  # a folder is being moved or replaced; there will be another change
            continue
        shown = preview(wanted, shown, memo)
        built = remember(place, shown.sources)
        yield shown, time.perf_counter() - begun


def changes(root: Path, stop: threading.Event) -> Iterator[None]:
    """Yields at once, then after every burst of changes to the site's inputs, whatever comes and goes."""
    while not stop.is_set():
        yield None
        state = _outline(root)
        folders = [root / name for name in files.INPUT_FOLDERS if (root / name).is_dir()]
        if not folders:
            stop.wait(POLL / 1000)
        else:
            yield from _changes_below(root, folders, state, stop)


def _changes_below(root: Path, folders: list[Path], state: _Outline, stop: threading.Event) -> Iterator[None]:
    """Changes in the folders, until what is around them is no longer as it was."""
    watcher = watchfiles.watch(
        *folders,
        watch_filter=_is_input,
        debounce=2000,
        step=QUIET,
        stop_event=stop,
        rust_timeout=POLL,
        yield_on_timeout=True,
        raise_interrupt=False,
    )
    first = True
    try:
        for changed in watcher:
            if changed or first:  # the first time: something may have changed before the watcher stood
                yield None
            first = False
            if _outline(root) != state:
                return
    except OSError:  # a folder went while its watcher was being set up
        return


def _outline(root: Path) -> _Outline:
    return tuple(_stamp(root / name) for name in (SETTINGS, *files.INPUT_FOLDERS))


def _stamp(path: Path) -> tuple[float, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    # A folder's own time changes with its entries, which its watcher sees already.
    return (0, found.st_ino) if path.is_dir() else (found.st_mtime_ns, found.st_size)


def _is_input(change: watchfiles.Change, path: str) -> bool:
    name = Path(path).name
    return not name.startswith(".") and not name.endswith("~")


class _Holder:
    """The preview that is being served, replaced whole, and which build each page was last served from."""

    def __init__(self, address: str) -> None:
        self.shown = Preview()
        self.build = 0
        self.served: dict[str, int] = {}
        self._address = address

    def take(self, built: Preview, seconds: float) -> Report:
        self.shown = built
        self.build += 1
        return Report(built, seconds, self._address + built.base)


def _application(holder: _Holder, host: str) -> Application:
    # A page of another site must not read previews through a name that it lets point to this machine.
    names = LOOPBACK if host in LOOPBACK else ()
    handlers: list[Any] = [
        ("/livereload", _Socket, {"holder": holder}),
        (SCRIPT, LiveReloadJSHandler),
        (STYLE, _Style),
        ("/.*", _Page, {"holder": holder, "names": names}),
    ]
    return Application(handlers, log_function=lambda handler: None)


class _Socket(LiveReloadHandler):  # type: ignore[misc]  # the package has no types
    """The reload protocol, for pages of this server only."""

    watcher = Watcher()

    def initialize(self, holder: _Holder) -> None:
        self._holder = holder

    def check_origin(self, origin: str) -> bool:
        return origin.partition("://")[2] == str(self.request.host)

    def on_message(self, message: str) -> None:
        super().on_message(message)
        # A build that ended between the page and its socket would otherwise be missed.
        told = json.loads(message)
        path = urlsplit(told.get("url", "")).path if told.get("command") == "info" else ""
        if self._holder.served.get(path, self._holder.build) < self._holder.build:
            self.send_message({"command": "reload", "path": "*", "liveCSS": False})


class _Style(RequestHandler):
    def get(self) -> None:
        self.set_header("Content-Type", "text/css; charset=utf-8")
        self.write(PANEL_STYLE)


class _Page(RequestHandler):
    def initialize(self, holder: _Holder, names: tuple[str, ...]) -> None:
        self._holder, self._names = holder, names

    def get(self) -> None:
        if self._names and self.request.host_name not in self._names:
            self.send_error(403)
            return
        sent = answer(self._holder.shown, self.request.path)
        if sent.type.startswith("text/html"):
            self._holder.served[self.request.path] = self._holder.build
        self.set_status(sent.status)
        self.set_header("Content-Type", sent.type)
        self.set_header("Cache-Control", "no-store")
        if sent.location:
            self.set_header("Location", sent.location)
        self.write(sent.body)

    head = get

    def compute_etag(self) -> None:
        return None


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host

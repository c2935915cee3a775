"""The site of this repository, built by the command, served below a base path, and a browser to read it in."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, BrowserContext, Page

from sitegen.cli import main
from tests.chromium import chromium
from tests.door import REPOSITORY, Result, write_site

BASE = "/margin"
SETTINGS = f"""\
title: In the Margin
description: Transcripts with notes beside the words.
url: https://example.org{BASE}/
repository: https://github.com/example/in-the-margin
publisher: The editors
licence: CC BY 4.0
editorial: strict
"""


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder below the base path, and says nothing."""

    def translate_path(self, path: str) -> str:
        """The file for an address; everything outside the base path is missing."""
        if not path.startswith(f"{BASE}/"):
            return super().translate_path("/missing")
        return super().translate_path(path.removeprefix(BASE))

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture(scope="package")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the site, as the build command writes it."""
    root = tmp_path_factory.mktemp("site")
    for name in ("content", "annotations"):
        shutil.copytree(REPOSITORY / name, root / name)
    (root / "sitegen.yaml").write_text(SETTINGS, encoding="utf-8")
    done = CliRunner().invoke(main, ["build", "--site", str(root)])
    assert done.exit_code == 0, done.output
    return root / "_site"


@pytest.fixture(scope="package")
def address(built: Path) -> Iterator[str]:
    """The address of the served site, with the base path, without a slash at the end."""
    with serve_folder(built) as found:
        yield found


@pytest.fixture(scope="package")
def gallery(gallery_site: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a built site with one of everything."""
    folder = tmp_path_factory.mktemp("gallery")
    write_site(gallery_site, folder)
    return folder


@pytest.fixture(scope="package")
def gallery_address(gallery: Path) -> Iterator[str]:
    """The address of the site with one of everything."""
    with serve_folder(gallery) as found:
        yield found


class serve_folder:  # noqa: N801 -- used as a function
    """A server of a folder while the block runs."""

    def __init__(self, folder: Path) -> None:
        self.server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(_Handler, directory=str(folder))
        )
        self.server.daemon_threads = True

    def __enter__(self) -> str:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}{BASE}"

    def __exit__(self, *args: object) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="package")
def chrome() -> Iterator[Browser]:
    """A running browser for all tests of this folder."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def open_page(chrome: Browser) -> Iterator[OpenPage]:
    """Opens pages; fails a test on whose pages an error was logged or a script broke."""
    opener = OpenPage(chrome)
    yield opener
    for context in opener.contexts:
        context.close()
    assert not opener.errors


class OpenPage:
    """Opens an address in a new context and keeps what goes wrong on its pages."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.contexts: list[BrowserContext] = []
        self.errors: list[str] = []

    def __call__(
        self, address: str, width: int = 1440, height: int = 900, *, dark: bool = False, script: bool = True
    ) -> Page:
        """The page at an address, loaded."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.goto(address)
        return page

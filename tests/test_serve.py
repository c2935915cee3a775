"""The preview server as its user meets it: real files, the real command, a real browser."""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.chromium import chromium

NOTE = "- id: a\n  quote: {quote}\n  note: Something.\n"
TALK = "---\ntitle: A talk\ndate: 2024-05-01\nspeakers:\n  ann: {{name: Ann}}\n---\n\nAnn: {words}\n"


@dataclass
class Server:
    """A running `sitegen serve`."""

    root: Path
    address: str
    process: subprocess.Popen[str]
    seen: str = ""

    def write(self, path: str, text: str) -> None:
        """Saves a file as editors do: under another name, then renamed."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.new")
        draft.write_text(text, encoding="utf-8")
        draft.replace(target)

    def built(self, times: int) -> str:
        """What the command has printed once it has built so many times."""
        assert self.process.stderr
        while self.seen.count("files built in") < times:
            ready, _, _ = select.select([self.process.stderr], [], [], 20)
            assert ready, f"no build:\n{self.seen}"
            data = os.read(self.process.stderr.fileno(), 65536)
            assert data, f"the server ended:\n{self.seen}"
            self.seen += data.decode()
        return self.seen

    def settled(self) -> int:
        """How often it has built once nothing more comes for a second."""
        assert self.process.stderr
        while select.select([self.process.stderr], [], [], 1)[0]:
            self.seen += os.read(self.process.stderr.fileno(), 65536).decode()
        return self.seen.count("files built in")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    root = tmp_path / "site"
    (root / "content/transcripts").mkdir(parents=True)
    (root / "annotations").mkdir()
    (root / "sitegen.yaml").write_text("title: Trial\nurl: https://example.org/some-repo/\n", encoding="utf-8")
    (root / "content/transcripts/talk.md").write_text(TALK.format(words="First words spoken here."), encoding="utf-8")
    command = [sys.executable, "-m", "sitegen", "serve", "--site", str(root), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        server = Server(root, "", process)
        found = re.search(r"served at (\S+)", server.built(1))
        assert found
        server.address = found[1]
        yield server
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text) if message.type == "error" else None)
    yield page
    page.close()
    assert [m for m in messages if "404" not in m and "WebSocket" not in m] == []


def test_it_serves_below_the_base_path_and_answers_as_a_static_host_does(server: Server) -> None:
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/some-repo/", server.address)
    root = server.address.removesuffix("some-repo/")
    with urllib.request.urlopen(root) as answer:  # the root leads to the site
        assert answer.url == server.address
    with urllib.request.urlopen(f"{server.address}topics") as answer:
        assert answer.url == f"{server.address}topics/"
    with urllib.request.urlopen(f"{server.address}feed.xml") as answer:
        assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
        assert b"livereload" not in answer.read()
    for missing in (f"{server.address}nowhere/", f"{root}elsewhere"):
        with pytest.raises(urllib.error.HTTPError) as found:
            urllib.request.urlopen(missing)
        assert found.value.code == 404
        assert b"There is no page here" in found.value.read()
    for climbing in ("../sitegen.yaml", "%2e%2e/sitegen.yaml", "..%2fsitegen.yaml"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(server.address + climbing)
    foreign = urllib.request.Request(server.address, headers={"Host": "example.org"})
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(foreign)


def test_pages_reload_and_show_problems_until_they_are_mended(server: Server, page: Page) -> None:
    page.goto(f"{server.address}transcripts/talk/")
    expect(page.locator("#ann-1-p1")).to_contain_text("First words spoken here.")
    expect(page.locator(".sitegen-panel")).to_have_count(0)

    server.write("content/transcripts/talk.md", TALK.format(words="Second words spoken here."))
    expect(page.locator("#ann-1-p1")).to_contain_text("Second words spoken here.")

    server.write("annotations/talk.yaml", NOTE.format(quote="words that nobody said"))
    panel = page.locator(".sitegen-panel")
    expect(panel).to_contain_text("annotations/talk.yaml:2:10")
    expect(panel).to_contain_text("quote-not-found")
    assert panel.evaluate("e => getComputedStyle(e).position") == "fixed"

    server.write("annotations/talk.yaml", NOTE.format(quote="words spoken here"))
    expect(panel).to_have_count(0)
    expect(page.locator("#n-a")).to_contain_text("Something.")

    server.write("content/pages/extra.md", "---\ntitle: Extra\n---\n\nMore.\n")  # a new folder and file
    expect(page.locator("footer.site")).to_contain_text("Extra")
    (server.root / "content/pages/extra.md").rename(server.root / "content/pages/moved.md")
    page.goto(f"{server.address}moved/")
    expect(page.locator("main")).to_contain_text("More.")
    (server.root / "content/pages/moved.md").unlink()
    expect(page.locator("h1")).to_have_text("There is no page here")
    shutil.rmtree(server.root / "content/pages")
    server.write("sitegen.yaml", "title: Renamed\nurl: https://example.org/some-repo/\n")
    expect(page.locator("header.site")).to_contain_text("Renamed")


def test_bad_input_of_any_kind_leaves_it_alive(server: Server, page: Page) -> None:
    page.goto(f"{server.address}transcripts/talk/")
    panel = page.locator(".sitegen-panel")
    (server.root / "annotations/talk.yaml").write_bytes(b"\xff\xfe- quote: \x00")
    expect(panel).to_contain_text("bad-utf8")
    server.write("annotations/talk.yaml", "- quote: [unclosed\n\t<script>alert(1)</script>")
    expect(panel).to_contain_text("bad-yaml")
    server.write("annotations/talk.yaml", NOTE.format(quote="<img src=x onerror=alert(1)>"))
    expect(panel).to_contain_text("quote-not-found")
    expect(panel.locator("img")).to_have_count(0)
    server.write("templates/transcript.html", "{% block")
    expect(panel).to_contain_text("templates/transcript.html:1:1")
    shutil.rmtree(server.root / "templates")
    (server.root / "annotations/talk.yaml").unlink()
    expect(page.locator("#ann-1-p1")).to_contain_text("First words spoken here.")
    (server.root / "content").rename(server.root / "away")
    expect(page.locator("h1")).to_have_text("There is no page here")
    (server.root / "away").rename(server.root / "content")
    expect(page.locator("#ann-1-p1")).to_contain_text("First words spoken here.")
    (server.root / "sitegen.yaml").write_text("titel: Trial\nurl: https://example.org/some-repo/\n", encoding="utf-8")
    expect(panel).to_contain_text("did you mean 'title'?")
    server.write("sitegen.yaml", "title: Trial\nurl: https://example.org/some-repo/\n")
    expect(panel).to_have_count(0)
    expect(page.locator("#ann-1-p1")).to_contain_text("First words spoken here.")


def test_a_burst_of_changes_is_one_build(server: Server) -> None:
    assert server.settled() == 1
    for n in range(40):
        server.write(f"aside/talk-{n}.md", TALK.format(words=f"Words {n}."))
    # All at once, however slow the machine is.
    (server.root / "aside").rename(server.root / "content/transcripts/burst")
    assert server.settled() == 2
    server.write("content/transcripts/burst/talk-0.md", TALK.format(words="Words 0."))  # nothing has changed
    (server.root / "content/transcripts/burst/.talk-1.md.swp").write_text("an editor's own file", encoding="utf-8")
    assert server.settled() == 2

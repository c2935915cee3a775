"""The browser in which pages are tried: the system's Chromium, or the one that Playwright brings."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

INSECURE = "plain.test"
"""A name of this machine that the browser does not trust as it trusts `localhost`: a site without encryption."""

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--host-resolver-rules=MAP {INSECURE} 127.0.0.1",
]

SELECT = """([first, start, last, end]) => {
  const point = (id, offset) => {
    const walker = document.createTreeWalker(document.getElementById(id), NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.parentElement.matches("blockquote, ul, ol")) continue;  // line breaks between blocks
      if (offset <= node.length) return [node, offset];
      offset -= node.length;
    }
    throw new Error(`${id} ends before the selection`);
  };
  const selection = getSelection();
  selection.removeAllRanges();
  selection.setBaseAndExtent(...point(first, start), ...point(last, end));
}"""
"""Selects text in a page: from an offset in the text of the element with one id to one in that of another."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()

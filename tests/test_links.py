"""Every link of the built site leads somewhere, judged by another program: at `/`, below a path, from disk."""

from __future__ import annotations

import json
import subprocess
import sysconfig
from pathlib import Path

import pytest

from sitegen.preparation import Options
from tests.door import REPOSITORY, build, site_files

LYCHEE = Path(sysconfig.get_path("scripts")) / "lychee"


def dead_links(root: Path, looked_at: Path) -> dict[str, list[str]]:
    """From each file to its dead links, as they are on a server whose root folder is `root`."""
    options = ["--offline", "--include-fragments", "--no-progress", "--format", "json", "--root-dir", str(root)]
    options += ["--remap", f"https://example.org file://{root}", "--index-files", "index.html"]
    checked = subprocess.run([LYCHEE, *options, str(looked_at)], capture_output=True, text=True)
    found = json.loads(checked.stdout)
    assert found["successful"] > (500 if looked_at.is_dir() else 5)
    return {path: [error["url"] for error in errors] for path, errors in found["error_map"].items()}


def write(folder: Path, url: str) -> None:
    """The site of this repository, built for an address."""
    built = build(site_files(REPOSITORY), Options(url=url))
    assert [d for d in built.diagnostics if d.severity == "error"] == []
    for name, data in built.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


@pytest.mark.parametrize("base", ["", "some-repo/"])
def test_on_a_server(tmp_path: Path, base: str) -> None:
    write(tmp_path / base, f"https://example.org/{base}")
    assert dead_links(tmp_path, tmp_path / base) == {}
    # A server shows the page for what is missing at any address.
    deep = tmp_path / base / "a/b/c.html"
    deep.parent.mkdir(parents=True)
    deep.write_bytes((tmp_path / base / "404.html").read_bytes())
    assert dead_links(tmp_path, deep) == {}


def test_from_disk(tmp_path: Path) -> None:
    write(tmp_path / "site", "")
    assert dead_links(tmp_path / "nowhere", tmp_path / "site") == {}

"""The files that GitHub reads: valid, hardened, the same here and in new sites, and their steps run."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.door import REPOSITORY
from tests.workflows import read, run_steps

SCRIPTS = Path(sysconfig.get_path("scripts"))
STARTER = REPOSITORY / "sitegen/starter"
WORKFLOWS = sorted(folder / name for folder in (REPOSITORY, STARTER) for name in folder.glob(".github/workflows/*.yml"))
SCHEMAS = {
    "vendor.github-workflows": WORKFLOWS,
    "vendor.github-actions": [REPOSITORY / "action.yml"],
    "vendor.github-issue-forms": [
        form for folder in (REPOSITORY, STARTER) for form in folder.glob(".github/ISSUE_TEMPLATE/[0-9]*.yml")
    ],
    "vendor.github-issue-config": [f / ".github/ISSUE_TEMPLATE/config.yml" for f in (REPOSITORY, STARTER)],
    "vendor.dependabot": [f / ".github/dependabot.yml" for f in (REPOSITORY, STARTER)],
}  # fmt: skip


@pytest.mark.parametrize("schema", SCHEMAS)
def test_github_can_read_them(schema: str) -> None:
    assert SCHEMAS[schema]
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *map(str, SCHEMAS[schema])]
    checked = subprocess.run(command, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout


def test_they_are_hardened() -> None:
    folders = [str(REPOSITORY / ".github"), str(REPOSITORY / "action.yml"), str(STARTER / ".github")]
    checked = subprocess.run([SCRIPTS / "zizmor", "--offline", *folders], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_no_more_is_allowed_than_is_needed(path: Path) -> None:
    workflow = read(path)
    assert workflow["permissions"] == {}
    assert "pull_request_target" not in workflow["on"]
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"uses: (?!\S+@[0-9a-f]{40} # v\d)", text) == []  # pinned to a commit, with its version
    for script in (step.get("run", "") for job in workflow["jobs"].values() for step in job["steps"]):
        assert "${{" not in script  # values reach scripts through the environment only
    if "pull_request" in workflow["on"]:
        allowed = [scope for job in workflow["jobs"].values() for scope in job["permissions"].items()]
        assert allowed == [("contents", "read")]


@pytest.mark.parametrize("name", ["site", "check", "links"])
def test_new_sites_get_the_workflows_that_this_one_uses(name: str) -> None:
    own, new = (folder / f".github/workflows/{name}.yml" for folder in (REPOSITORY, STARTER))
    assert own.read_text("utf-8") == new.read_text("utf-8").replace("pip install -r requirements.txt", "pip install .")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def host(tmp_path: Path) -> Iterator[str]:
    """The address of a host that has one page, /there.html."""
    folder = tmp_path / "host"
    folder.mkdir()
    (folder / "there.html").write_text("A source.", encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_dead_sources_are_told_in_one_issue(tmp_path: Path, host: str) -> None:
    site, scratch = tmp_path / "site", tmp_path / "scratch"
    (site / "annotations").mkdir(parents=True)
    (site / "content").mkdir()
    scratch.mkdir()
    desk = _IssueDesk(tmp_path / "bin")
    sources = site / "annotations/sources.yaml"
    steps = read(REPOSITORY / ".github/workflows/links.yml")["jobs"]["links"]["steps"]
    given = {"github.token": "none", "github.repository": "example/talks"}

    def look(address: str) -> str:
        sources.write_text(f"a:\n  title: A\n  url: {host}{address}\n", encoding="utf-8")
        ran = run_steps(steps, site, scratch, given, {}, desk.folder)
        assert not ran.failed, ran.printed
        return (site / "links.md").read_text(encoding="utf-8")

    look("/there.html")
    assert desk.asked() == []
    assert f"{host}/gone.html" in look("/gone.html")
    assert desk.asked() == ["create --title Cited sources that cannot be reached --body-file links.md"]
    desk.open(7, "Cited sources that cannot be reached", "Something else")
    look("/gone.html")
    assert desk.asked() == ["edit 7 --body-file links.md"]
    look("/there.html")
    assert desk.asked() == ["close 7 --comment All of them can be reached again."]


class _IssueDesk:
    """A `gh` that answers with given issues and writes down what it is asked; the real one needs GitHub."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "lychee").symlink_to(SCRIPTS / "lychee")
        self._issues, self._log = folder / "issues.json", folder / "log.txt"
        self.open(0)
        script = folder / "gh"
        script.write_text(
            f"#!{sys.executable}\n"
            "import json, os, sys\n"
            f"issues = json.load(open({str(self._issues)!r}))\n"
            "if sys.argv[2] == 'list':\n"
            "    print(*[i['number'] for i in issues if i['title'] == os.environ['TITLE']][:1])\n"
            "else:\n"
            f"    print(*sys.argv[2:], file=open({str(self._log)!r}, 'a'))\n",
            encoding="utf-8",
        )
        script.chmod(0o755)

    def open(self, first: int, *titles: str) -> None:
        """Lets these issues be open, numbered from `first`."""
        issues = [{"number": first + n, "title": title} for n, title in enumerate(titles)]
        self._issues.write_text(json.dumps(issues), encoding="utf-8")

    def asked(self) -> list[str]:
        """What was asked since the last time."""
        lines = self._log.read_text(encoding="utf-8").splitlines() if self._log.exists() else []
        self._log.write_text("", encoding="utf-8")
        return lines

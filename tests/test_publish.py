"""`sitegen publish` against a bare repository on the disk."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sitegen.cli import main

TALK = "---\ntitle: A talk\nspeakers:\n  ann: {name: Ann}\n---\n\nAnn: Words.\n"


def git(folder: Path, *arguments: str) -> str:
    """The output of git in a folder, with an identity of its own."""
    identity = ["-c", "user.name=Tester", "-c", "user.email=tester@example.org"]
    done = subprocess.run(["git", *identity, *arguments], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@dataclass(frozen=True)
class Copy:
    """A clone with a site in it, and the bare repository that it came from."""

    site: Path
    remote: Path

    def publish(self, *arguments: str) -> Result:
        """Runs the command."""
        return CliRunner().invoke(main, ["publish", "--site", str(self.site), *arguments])

    def published(self, path: str = "") -> list[str]:
        """The files on the remote's branch, or the lines of one of them."""
        if path:
            return git(self.remote, "show", f"gh-pages:{path}").splitlines()
        return git(self.remote, "ls-tree", "-r", "--name-only", "gh-pages").split()

    def commits(self) -> int:
        """How many commits the remote's branch has."""
        return int(git(self.remote, "rev-list", "--count", "gh-pages"))


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Copy:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Tester")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "tester@example.org")
    remote, site = tmp_path / "remote.git", tmp_path / "site"
    git(tmp_path, "init", "--quiet", "--bare", str(remote))
    git(tmp_path, "init", "--quiet", "--initial-branch=main", str(site))
    git(site, "remote", "add", "origin", str(remote))
    (site / "content/transcripts").mkdir(parents=True)
    (site / "content/transcripts/talk.md").write_text(TALK, encoding="utf-8")
    (site / "sitegen.yaml").write_text("title: Trial\n", encoding="utf-8")
    git(site, "add", ".")
    git(site, "commit", "--quiet", "-m", "Begin")
    return Copy(site, remote)


def test_publishing_twice_adds_to_the_branch_and_equal_contents_add_nothing(copy: Copy) -> None:
    assert copy.publish().exit_code == 0
    assert {"index.html", ".nojekyll", "transcripts/talk/index.html"} <= set(copy.published())
    assert ".sitegen-manifest.json" not in copy.published()
    assert copy.commits() == 1

    again = copy.publish()
    assert "already is this site" in again.stderr
    assert copy.commits() == 1

    (copy.site / "content/transcripts/talk.md").rename(copy.site / "content/transcripts/other.md")
    git(copy.site, "add", ".")
    git(copy.site, "commit", "--quiet", "-m", "Rename")
    assert copy.publish("--message", "The other one").exit_code == 0
    assert "transcripts/other/index.html" in copy.published()
    assert "transcripts/talk/index.html" not in copy.published()
    assert git(copy.remote, "log", "--format=%s", "gh-pages").splitlines()[0] == "The other one"
    assert copy.commits() == 2
    assert git(copy.site, "branch", "--format=%(refname:short)").split() == ["main"]


def test_the_search_index_is_published_and_made_again_only_for_other_words(copy: Copy) -> None:
    def index() -> list[str]:
        return [path for path in copy.published() if path.startswith("pagefind/")]

    assert copy.publish().stderr.endswith("; search index made\n")
    first = index()
    assert {"pagefind/pagefind.js", "pagefind/pagefind-entry.json"} <= set(first)
    assert copy.publish().stderr.endswith("; search index unchanged\n")
    assert copy.commits() == 1

    (copy.site / "content/transcripts/talk.md").write_text(f"{TALK}\nOther words.\n", encoding="utf-8")
    git(copy.site, "commit", "--quiet", "-am", "Say more")
    assert copy.publish().stderr.endswith("; search index made\n")
    assert index() != first
    assert not set(index()) & {path for path in first if "fragment" in path}

    assert copy.publish("--no-search").stderr.endswith("; no search index\n")
    assert index() == []


def test_a_remote_that_went_its_own_way_is_built_upon_and_its_domain_kept(copy: Copy, tmp_path: Path) -> None:
    copy.publish()
    other = tmp_path / "other"
    git(tmp_path, "clone", "--quiet", "--branch", "gh-pages", str(copy.remote), str(other))
    (other / "CNAME").write_text("transcripts.example.org\n", encoding="utf-8")
    (other / "index.html").write_text("Somebody else's.\n", encoding="utf-8")
    git(other, "add", ".")
    git(other, "commit", "--quiet", "-m", "Name a domain")
    git(other, "push", "--quiet")

    assert copy.publish().exit_code == 0
    assert copy.commits() == 3
    assert copy.published("CNAME") == ["transcripts.example.org"]
    assert "Somebody else's." not in copy.published("index.html")


def test_a_branch_of_the_same_name_here_is_left_alone(copy: Copy) -> None:
    git(copy.site, "branch", "gh-pages")
    before = git(copy.site, "rev-parse", "gh-pages")
    assert copy.publish().exit_code == 0
    assert git(copy.site, "rev-parse", "gh-pages") == before
    assert "sitegen.yaml" not in copy.published()


def test_a_push_that_fails_leaves_both_sides_as_they_were(copy: Copy) -> None:
    copy.publish()
    before = git(copy.remote, "rev-parse", "gh-pages")
    hook = copy.remote / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho the disk is full >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    (copy.site / "sitegen.yaml").write_text("title: Changed\n", encoding="utf-8")
    git(copy.site, "commit", "--quiet", "-am", "Change")
    failed = copy.publish()
    assert failed.exit_code == 1
    assert "nothing was published: git push failed" in failed.stderr
    assert "the disk is full" in failed.stderr
    assert git(copy.remote, "rev-parse", "gh-pages") == before
    assert git(copy.site, "branch", "--format=%(refname:short)").split() == ["main"]
    hook.unlink()
    assert copy.publish().exit_code == 0
    assert copy.commits() == 2


def test_it_refuses_what_is_wrong_or_not_committed_unless_told(copy: Copy) -> None:
    (copy.site / "sitegen.yaml").write_text("title: Trial\ncolour: red\n", encoding="utf-8")
    wrong = copy.publish()
    assert wrong.exit_code == 1
    assert "unknown-key" in wrong.stdout
    assert "because the check fails" in wrong.stderr
    (copy.site / "sitegen.yaml").write_text("title: Not committed\n", encoding="utf-8")
    (copy.site / "_site").mkdir()
    (copy.site / "_site/index.html").write_text("The output does not count.", encoding="utf-8")
    dirty = copy.publish()
    assert dirty.exit_code == 1
    assert dirty.stderr.splitlines()[-1].strip() == "sitegen.yaml"
    assert git(copy.remote, "branch") == ""
    assert copy.publish("--allow-dirty").exit_code == 0
    assert "Not committed" in "\n".join(copy.published("index.html"))


def test_it_says_what_is_missing(copy: Copy, tmp_path: Path) -> None:
    assert "no remote `elsewhere`" in copy.publish("--remote", "elsewhere").stderr
    git(copy.site, "remote", "set-url", "origin", str(tmp_path / "gone.git"))
    gone = copy.publish()
    assert gone.exit_code == 1
    assert "git ls-remote failed" in gone.stderr
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "sitegen.yaml").write_text("title: Trial\n", encoding="utf-8")
    outside = CliRunner().invoke(main, ["publish", "--site", str(plain)])
    assert outside.exit_code == 1
    assert "not a git repository" in outside.stderr

"""Publishing for hosts without GitHub's Actions: the built site as the only content of a branch.

The commit is made by ghp-import on top of what the remote branch holds, and pushed in one step that the
remote takes whole or refuses; no branch of this repository is moved. The search index of the branch is made
again only when pages that it was made of have changed. What else the site consists of, and whether it may be
published, is not decided here.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from sitegen import outfolder, searching

SCRATCH = "sitegen-publish-scratch"
"""The local branch on which the commit is made, and which is gone afterwards."""


class PublishingError(Exception):
    """What stands in the way of publishing, said for the person who publishes."""


class Destination(Struct, frozen=True):
    """Where to publish: a remote of the repository that holds the site, a branch there, and the message."""

    remote: str
    branch: str
    message: str = ""


class Published(Struct, frozen=True):
    """The commit that the branch now points to, whether it is a new one, and what became of the search index."""

    commit: str
    new: bool
    indexed: searching.Indexed


def uncommitted(root: Path, out: Path) -> tuple[str, ...]:
    """The files of the site that differ from the last commit, the output left out."""
    top = Path(_git(root, "rev-parse", "--show-toplevel").strip())
    shown = _git(root, "status", "--porcelain", "--untracked-files=all", "--no-renames", "-z", "--", ".")
    names = (entry[3:] for entry in shown.split("\0") if entry)
    return tuple(name for name in names if not (top / name).resolve().is_relative_to(out.resolve()))


def publish(root: Path, contents: Mapping[str, bytes], destination: Destination, language: str) -> Published:
    """Makes `contents` and their search index, in a language, what the branch on the remote holds.

    Without a language there is no index. A `CNAME` that the branch has is kept unless the site brings its own.
    Equal contents make no commit.
    """
    identity = _identity(root)
    parent = _remote_tip(root, destination)
    whole = {**_kept(root, parent), **contents, ".nojekyll": b""}
    _drop_scratch(root)
    try:
        if parent:
            _git(root, "update-ref", f"refs/heads/{SCRATCH}", parent)
        with tempfile.TemporaryDirectory(prefix="sitegen-") as folder:
            if unwritten := outfolder.write(Path(folder), whole):
                raise PublishingError(unwritten[0].message)
            indexed = _index(root, parent, Path(folder), language)
            (Path(folder) / outfolder.MANIFEST).unlink()
            message = destination.message or f"Publish {_git(root, 'rev-parse', '--short', 'HEAD').strip()}"
            _commit(root, folder, message, identity)
        made = _git(root, "rev-parse", f"refs/heads/{SCRATCH}").strip()
        if parent and _tree(root, made) == _tree(root, parent):
            return Published(parent, False, indexed)
        _git(root, "push", "--quiet", destination.remote, f"{made}:refs/heads/{destination.branch}")
        return Published(made, True, indexed)
    finally:
        _drop_scratch(root)


def _identity(root: Path) -> dict[str, str]:
    try:
        name, _, rest = _git(root, "var", "GIT_COMMITTER_IDENT").partition(" <")
    except PublishingError as error:
        hint = 'git config user.name "…" and git config user.email "…"'
        raise PublishingError(f"git does not know who commits; say it with {hint}") from error
    return {"GIT_COMMITTER_NAME": name, "GIT_COMMITTER_EMAIL": rest.partition(">")[0]}


def _remote_tip(root: Path, destination: Destination) -> str:
    """The commit that the branch points to on the remote, fetched; empty where there is no such branch."""
    remote, branch = destination.remote, destination.branch
    if remote not in _git(root, "remote").split():
        raise PublishingError(f"there is no remote `{remote}`; add it with: git remote add {remote} ADDRESS")
    listed = _git(root, "ls-remote", remote, f"refs/heads/{branch}").split()
    if not listed:
        return ""
    _git(root, "fetch", "--quiet", "--no-tags", remote, f"refs/heads/{branch}")
    return _git(root, "rev-parse", "FETCH_HEAD").strip()


def _kept(root: Path, tip: str) -> dict[str, bytes]:
    if not tip or not _git(root, "ls-tree", "--full-tree", tip, "CNAME"):
        return {}
    return {"CNAME": _git(root, "show", f"{tip}:CNAME").encode()}


def _index(root: Path, tip: str, folder: Path, language: str) -> searching.Indexed:
    """The index of the pages in a folder; that of the branch, where it was made of the same pages."""
    if not language:
        return searching.Indexed("no search index")
    if tip and _git(root, "ls-tree", "--full-tree", tip, f"{searching.FOLDER}/{searching.MARKER}"):
        archive = folder / "index.zip"
        exactly = ("-c", "core.autocrlf=false")
        _git(root, *exactly, "archive", "--format=zip", f"--output={archive.resolve()}", tip, searching.FOLDER)
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(folder)  # names that lead out of the folder are kept inside
        archive.unlink()
    return searching.index_search(folder, language)


def _commit(root: Path, folder: str, message: str, identity: Mapping[str, str]) -> None:
    # ghp-import works in the current folder. -P keeps Python from importing what lies there.
    command = [sys.executable, "-P", "-m", "ghp_import", "--branch", SCRATCH, "--message", message, folder]
    environment = {key: value for key, value in os.environ.items() if key != "GIT_COMMITTER_DATE"}
    environment |= identity
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)  # noqa: S603 -- no shell
    if done.returncode or done.stdout or done.stderr:
        raise PublishingError(f"the commit could not be made: {(done.stderr or done.stdout).strip()}")


def _tree(root: Path, commit: str) -> str:
    return _git(root, "rev-parse", f"{commit}^{{tree}}")


def _drop_scratch(root: Path) -> None:
    _git(root, "update-ref", "-d", f"refs/heads/{SCRATCH}")


def _git(root: Path, *arguments: str) -> str:
    try:
        command = ["git", *arguments]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)  # noqa: S603 -- no shell
    except FileNotFoundError as error:
        raise PublishingError("git is not installed") from error
    except subprocess.CalledProcessError as error:
        said = (error.stderr or error.stdout or "no reason given").strip()
        raise PublishingError(f"git {arguments[0]} failed: {said}") from error
    return done.stdout

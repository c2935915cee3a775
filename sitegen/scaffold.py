"""A new site: the starter files that ship with sitegen, with the addresses of their repository filled in.

The files are complete and are read as they are; which of them a folder already has, and writing them, is
left to `files`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from msgspec import Struct

from sitegen import __version__
from sitegen.yamldoc import dump

_HOSTS = re.compile(
    r"(?:https?://(?P<web>[^/\s]+)/|git@(?P<ssh>[^:\s]+):|ssh://git@(?P<long>[^/\s]+)/)?"
    r"(?P<owner>[\w.-]+)/(?P<name>[\w.-]+?)(?:\.git)?/?"
)


class Repository(Struct, frozen=True):
    """Where a site's files are kept: the repository's address, and the site's where it follows from that."""

    address: str = ""
    site: str = ""


def read_repository(address: str) -> Repository | None:
    """The repository at an address as people copy it, or None if it is not one.

    `https://github.com/OWNER/NAME`, `git@github.com:OWNER/NAME.git` and `OWNER/NAME` are the same.
    """
    found = _HOSTS.fullmatch(address.strip())
    if found is None:
        return None
    host = (found["web"] or found["ssh"] or found["long"] or "github.com").lower()
    owner, name = found["owner"], found["name"]
    site = ""
    if host == "github.com":
        home = f"{owner.lower()}.github.io"
        site = f"https://{home}/" if name.lower() == home else f"https://{home}/{name}/"
    return Repository(f"https://{host}/{owner}/{name}", site)


def fill_in(starter: Mapping[str, str], title: str, repository: Repository, required: str) -> dict[str, bytes]:
    """The files of a new site by path, from the starter's; `required` is what its workflows install."""
    values = {
        "@@title@@": title,
        "@@requirement@@": required,
        "@@settings@@": _settings(title, repository),
    }
    filled = {}
    for path, text in starter.items():
        for name, value in values.items():
            text = text.replace(name, value)
        filled[path] = text.encode()
    return filled


def requirement(direct_url: str) -> str:
    """The line of requirements.txt that installs this very program.

    `direct_url` is what installers note down of a program that came from a repository or archive instead of
    the package index (PEP 610); empty otherwise.
    """
    origin = json.loads(direct_url) if direct_url else {}
    url, versioned = str(origin.get("url", "")), origin.get("vcs_info")
    if versioned:
        return f"sitegen-transcripts @ {versioned['vcs']}+{url}@{versioned['commit_id']}"
    if url.startswith("https://"):
        return f"sitegen-transcripts @ {url}"
    return f"sitegen-transcripts~={__version__}"


def _settings(title: str, repository: Repository) -> str:
    known = {"title": title}
    if repository.site:
        known["url"] = repository.site
    if repository.address:
        known["repository"] = repository.address
    lines = [dump(known).rstrip()]
    if not repository.site:
        lines += ["", "# The public address, with the path below which the site stands.", "# url: https://…"]
    if not repository.address:
        lines += [
            "",
            "# The repository's address, for the links that lead readers to edit and suggest.",
            "# repository: https://…",
        ]
    return "\n".join(lines)


def title_from(folder: str) -> str:
    """A title for a site in a folder of this name."""
    words = re.sub(r"[-_\s]+", " ", folder).strip()
    return words[:1].upper() + words[1:] if words else "Annotated transcripts"

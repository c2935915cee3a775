"""The loop whole: words selected on the page become a pull request, its check and report, and a note on the page."""

from __future__ import annotations

import re
import shutil
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner
from playwright.sync_api import Page, expect

from sitegen.cli import main
from tests.chromium import chromium
from tests.door import REPOSITORY, SEED
from tests.test_publish import git
from tests.workflows import Run, read, run_steps

SCRIPTS = Path(sysconfig.get_path("scripts"))
WORDS = "wholeheartedly support the peace process"


@dataclass(frozen=True)
class Upstream:
    """A repository with this site in it, on GitHub as far as its pages know."""

    root: Path
    scratch: Path

    def build(self) -> None:
        """Builds the site of the branch that is checked out."""
        built = CliRunner().invoke(main, ["build", "--site", str(self.root), "--format", "text"])
        assert built.exit_code == 0, built.output

    def page(self) -> str:
        """The address of the transcript's page."""
        return (self.root / f"_site/transcripts/{SEED}/index.html").as_uri()

    def propose(self, path: str, content: str) -> Run:
        """Commits a new file to a branch as GitHub does, and runs the check of its pull request."""
        base = git(self.root, "rev-parse", "main").strip()
        git(self.root, "switch", "--quiet", "-c", "patch-1")
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
        git(self.root, "add", path)
        git(self.root, "commit", "--quiet", "-m", f"Create {target.name}")
        # What the workflow checks out is the merge that GitHub would make.
        git(self.root, "switch", "--quiet", "--detach", "main")
        git(self.root, "merge", "--quiet", "--no-ff", "-m", "Merge pull request", "patch-1")
        job = read(self.root / ".github/workflows/check.yml")["jobs"]["check"]
        given = {"github.event.pull_request.base.sha": base}
        return run_steps(job["steps"], self.root, self.scratch, given, job["env"], SCRIPTS)

    def merge(self) -> None:
        """Merges the proposal into the main branch."""
        git(self.root, "switch", "--quiet", "main")
        git(self.root, "merge", "--quiet", "--no-ff", "-m", "Merge pull request", "patch-1")


@pytest.fixture
def upstream(tmp_path: Path) -> Upstream:
    root, scratch = tmp_path / "site", tmp_path / "scratch"
    scratch.mkdir()
    for name in ("content", "annotations", ".github"):
        shutil.copytree(REPOSITORY / name, root / name)
    settings = (REPOSITORY / "sitegen.yaml").read_text(encoding="utf-8")
    repository = "repository: https://github.com/example/margin\n"
    (root / "sitegen.yaml").write_text(re.sub(r"^repository:.*\n", "", settings, flags=re.M) + repository, "utf-8")
    (root / ".gitignore").write_text("/_site/\n/.sitegen/\n", encoding="utf-8")
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "-m", "Begin")
    return Upstream(root, scratch)


def select(page: Page, words: str) -> None:
    """Selects words with the mouse."""
    box = page.evaluate(
        """(words) => {
          for (const p of document.querySelectorAll(".said p")) {
            for (const node of p.childNodes) {
              const at = node.nodeType === 3 ? node.data.replaceAll("\u00a0", " ").indexOf(words) : -1;
              if (at < 0) continue;
              p.scrollIntoView({ block: "center", behavior: "instant" });
              const range = new Range();
              range.setStart(node, at);
              range.setEnd(node, at + words.length);
              const list = [...range.getClientRects()], a = list[0], z = list.at(-1);
              return [a.left + 1, a.top + a.height / 2, z.right, z.top + z.height / 2];
            }
          }
          return null;
        }""",
        words,
    )
    assert box, f"the page does not say: {words}"
    page.mouse.move(box[0], box[1])
    page.mouse.down()
    page.mouse.move(box[2], box[3], steps=8)
    page.mouse.up()


def suggested(upstream: Upstream) -> tuple[str, str]:
    """The file that the page offers to open on GitHub for the selected words."""
    upstream.build()
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(upstream.page())
        select(page, WORDS)
        link = page.locator(".menu a")
        expect(link).to_be_visible()
        address = urlsplit(link.get_attribute("href") or "")
    assert (address.netloc, address.path) == ("github.com", "/example/margin/new/main")
    query = parse_qs(address.query)
    return query["filename"][0], query["value"][0]


def completed(content: str) -> str:
    """The file as a contributor finishes it: a note, a source, a name."""
    content = content.replace("Two to five sentences.", "A remark that the test has written.")
    content = re.sub(r"(?m)^ *#.*\n", "", content).replace('author: ""', "author: A reader")
    return content.rstrip("\n") + "\n  sources:\n    - title: A source\n      url: https://example.org/source\n"


def test_selected_words_become_a_note_on_the_page_at_those_words(upstream: Upstream) -> None:
    path, content = suggested(upstream)
    assert f'quote: "{WORDS}"' in content
    checked = upstream.propose(path, completed(content))
    assert checked.codes == {"Check": 0, "Report": 0, "Build": 0}, checked.printed
    assert "::error" not in checked.printed["Check"]
    assert WORDS in checked.summary.replace("**", "").replace("<mark>", "").replace("</mark>", "")
    assert "A remark that the test has written." in checked.summary
    upstream.merge()
    upstream.build()
    name = re.search(r"id: (\S+)", content)
    assert name
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(upstream.page())
        expect(page.locator(f"#n-{name[1]}")).to_contain_text("A remark that the test has written.")
        assert (
            "".join(page.locator(f'mark[data-notes~="{name[1]}"]').all_text_contents()).replace("\u00a0", " ") == WORDS
        )


def test_a_quote_that_is_wrong_fails_the_check_at_its_line_with_a_suggestion(upstream: Upstream) -> None:
    path, content = suggested(upstream)
    wrong = completed(content).replace("peace process", "peace processes")
    line = next(n for n, text in enumerate(wrong.splitlines(), 1) if "quote:" in text)
    checked = upstream.propose(path, wrong)
    assert checked.codes["Check"] == 1
    assert checked.failed
    annotation = next(text for text in checked.printed["Check"].splitlines() if text.startswith("::error "))
    assert f"file={path},line={line}," in annotation
    assert "quote-not-found" in annotation
    assert "peace process" in annotation
    assert "quote-not-found" in checked.summary or "not in the transcript" in checked.summary

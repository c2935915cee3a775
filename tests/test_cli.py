"""The command line as people use it: exit codes, forms of output, and what is never touched on the disk."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sitegen import __version__
from sitegen.cli import main
from sitegen.outfolder import MANIFEST, open_folder
from tests.test_cases import CASES, read_case

GOOD = {
    "sitegen.yaml": "title: Talks\n",
    "content/speakers.yaml": "ann: {name: Ann}\n",
    "content/transcripts/a.md": "---\ntitle: A talk\n---\n\nAnn: One two three four.\n\nFive six seven.\n",
    "content/transcripts/b.md": "---\ntitle: Another\n---\n\nAnn: Eight nine ten.\n",
    "annotations/a.yaml": "- {id: good, quote: One two three, note: Right., topics: [sums]}\n",
}
LOST = "- {id: lost, quote: words that nobody said here, note: Wrong.}\n"


def site(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """A site folder on the disk."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def run(*arguments: str | Path, environment: Mapping[str, str] | None = None) -> Result:
    """`sitegen` with arguments, outside any workflow."""
    around = {"GITHUB_ACTIONS": "", **(environment or {})}
    return CliRunner().invoke(main, [str(argument) for argument in arguments], env=around)


def written(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its path."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_clean_site_builds_with_exit_code_0_and_no_word_on_standard_output(tmp_path: Path) -> None:
    result = run("build", "--no-search", "--site", site(tmp_path, GOOD))
    assert (result.exit_code, result.stdout) == (0, "")
    assert (tmp_path / "_site/transcripts/a/index.html").is_file()


def test_a_broken_note_exits_1_and_still_writes_all_pages(tmp_path: Path) -> None:
    whole = site(tmp_path / "good", GOOD)
    broken = site(tmp_path / "broken", {**GOOD, "annotations/b.yaml": LOST})
    assert run("build", "--no-search", "--site", whole).exit_code == 0
    result = run("build", "--no-search", "--site", broken)
    assert result.exit_code == 1
    assert result.stdout.startswith("annotations/b.yaml:1:21: error quote-not-found: note lost: ")
    pages = {name for name in written(broken / "_site") if name.endswith(".html")}
    assert pages == {name for name in written(whole / "_site") if name.endswith(".html")}
    page = (broken / "_site/transcripts/b/index.html").read_text("utf-8")
    assert 'class="unplaced"' in page
    assert "words that nobody said here" in page


def test_check_finds_what_build_finds_and_writes_nothing(tmp_path: Path) -> None:
    broken = site(tmp_path, {**GOOD, "annotations/b.yaml": LOST})
    before = written(broken)
    checked = run("check", "--site", broken)
    assert written(broken) == before
    built = run("build", "--no-search", "--site", broken)
    assert (checked.exit_code, checked.stdout) == (built.exit_code, built.stdout)


def test_warnings_fail_only_when_asked_to(tmp_path: Path) -> None:
    folder = site(tmp_path, {**GOOD, "annotations/b.yaml": "- {id: short, quote: ten, note: Few words.}\n"})
    assert run("check", "--site", folder).exit_code == 0
    assert run("check", "--strict", "--site", folder).exit_code == 1


def test_json_is_all_there_is_on_standard_output(tmp_path: Path) -> None:
    folder = site(tmp_path, {**GOOD, "annotations/b.yaml": LOST})
    document = json.loads(run("check", "--format", "json", "--site", folder).stdout)
    assert (document["errors"], document["warnings"]) == (1, 0)
    (found,) = document["diagnostics"]
    assert " ".join(found) == "path line column end_line end_column severity code message hint related fix"


def test_a_workflow_gets_annotations_in_the_diff(tmp_path: Path) -> None:
    folder = site(tmp_path, {**GOOD, "annotations/b.yaml": LOST})
    result = run("check", "--site", folder, environment={"GITHUB_ACTIONS": "true"})
    assert result.stdout.startswith("::error file=annotations/b.yaml,line=1,col=21,")
    assert "title=quote-not-found::note lost: " in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["biuld"], "Did you mean 'build'?"),
        (["build", "--ot", "x"], "--out"),
        (["build", "--site", "there/is/none"], "there is no folder there/is/none"),
        (["check", "--format", "xml"], "'xml' is not one of"),
    ],
)
def test_misuse_exits_2_and_says_what_was_meant(arguments: list[str], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr


def test_without_a_site_it_says_where_to_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("build")
    assert result.exit_code == 2
    assert "no sitegen.yaml here" in result.stderr


def test_the_nearest_site_upwards_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = site(tmp_path, GOOD)
    monkeypatch.chdir(folder / "content/transcripts")
    assert run("build", "--no-search").exit_code == 0
    assert (folder / "_site/index.html").is_file()


@pytest.mark.parametrize("out", [".", "content", "content/transcripts/out", ".."])
def test_the_output_never_lies_among_the_inputs(tmp_path: Path, out: str) -> None:
    folder = site(tmp_path / "site", GOOD)
    before = written(folder)
    result = run("build", "--site", folder, "--out", folder / out)
    assert result.exit_code == 2
    assert written(folder) == before


def test_files_of_others_in_the_output_are_kept(tmp_path: Path) -> None:
    folder = site(tmp_path, {**GOOD, "_site/index.html": "mine", "_site/CNAME": "example.org\n"})
    result = run("build", "--no-search", "--site", folder)
    assert result.exit_code == 1
    assert "unwritable-file" in result.stdout
    assert (folder / "_site/index.html").read_text() == "mine"
    assert run("build", "--no-search", "--clean", "--site", folder).exit_code == 1
    assert (folder / "_site/CNAME").read_text() == "example.org\n"


def test_what_is_no_longer_planned_is_removed_with_its_empty_folder(tmp_path: Path) -> None:
    folder = site(tmp_path, GOOD)
    run("build", "--no-search", "--site", folder)
    (folder / "content/transcripts/b.md").unlink()
    (folder / "_site/transcripts/b/mine.txt").write_text("kept")
    run("build", "--no-search", "--site", folder)
    assert [p.name for p in (folder / "_site/transcripts/b").iterdir()] == ["mine.txt"]


def test_a_second_build_writes_nothing(tmp_path: Path) -> None:
    folder = site(tmp_path, GOOD)
    run("build", "--no-search", "--site", folder)
    times = {p: p.stat().st_mtime_ns for p in (folder / "_site").rglob("*")}
    assert ": 0 written, " in run("build", "--no-search", "--site", folder).stderr
    assert {p: p.stat().st_mtime_ns for p in (folder / "_site").rglob("*")} == times


def test_a_folder_that_cannot_be_written_to_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    folder = site(tmp_path, {**GOOD, "_site/transcripts": "a file where a folder must be"})
    result = run("build", "--no-search", "--site", folder)
    assert result.exit_code == 1
    assert "unwritable-file" in result.stdout


def test_a_site_without_settings_is_reported(tmp_path: Path) -> None:
    folder = site(tmp_path, {"content/transcripts/a.md": GOOD["content/transcripts/a.md"]})
    result = run("check", "--site", folder)
    assert result.exit_code == 1
    assert "sitegen.yaml:1:1: error missing-settings" in result.stdout


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("---\ntitle: Secret\n---\n")
    folder = site(tmp_path / "site", GOOD)
    (folder / "content/transcripts/secret.md").symlink_to(secret)
    result = run("check", "--site", folder)
    assert result.exit_code == 1
    assert "content/transcripts/secret.md:1:1: error unreadable-file" in result.stdout


def test_names_that_are_no_text_are_reported(tmp_path: Path) -> None:
    folder = os.fsencode(site(tmp_path, GOOD))
    try:
        for name in (b"content/transcripts/\xff.md", b"annotations/\xff.yaml", b"templates/\xff.png"):
            os.makedirs(os.path.dirname(folder + b"/" + name), exist_ok=True)
            Path(os.fsdecode(folder + b"/" + name)).write_text("Words", encoding="utf-8")
        os.makedirs(folder + b"/content/pages/\xff")
    except OSError:
        pytest.skip("the file system takes no such names")
    result = run("check", "--site", os.fsdecode(folder))
    assert result.exit_code == 1
    said = "error unreadable-file: the file cannot be read: its name is not UTF-8"
    for shown in ("content/transcripts/\ufffd.md", "annotations/\ufffd.yaml", "templates/\ufffd.png"):
        assert f"{shown}:1:1: {said}" in result.stdout
    assert "content/pages/\ufffd:1:1: error bad-path" in result.stdout


@pytest.mark.parametrize("path", sorted((CASES / "diagnostics").rglob("*.txt")), ids=lambda p: p.stem)
def test_broken_input_is_located_and_never_a_traceback(path: Path, tmp_path: Path) -> None:
    case = read_case(path)
    folder = site(tmp_path, {"sitegen.yaml": "title: Test\n", **case.inputs()})
    result = run("check", "--site", folder)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    expected = next((text for name, text in case.sections if name == "diagnostics"), "")
    assert result.exit_code == int(": error " in expected)


def test_no_colour_and_no_progress_in_a_pipe(tmp_path: Path) -> None:
    folder = site(tmp_path, {**GOOD, "annotations/b.yaml": LOST})
    command = [sys.executable, "-m", "sitegen", "check", "--format", "text", "--site", str(folder)]
    done = subprocess.run(command, env={**os.environ, "NO_COLOR": "1"}, capture_output=True, check=False)
    assert done.returncode == 1
    assert b"\x1b" not in done.stdout + done.stderr


def test_help_and_version_say_what_they_should() -> None:
    assert __version__ in run("--version").stdout
    assert "Build cross-linked sites from annotated transcripts." in run("--help").stdout


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
def test_with_nowhere_to_print_a_command_still_ends_well() -> None:
    command = f"'{sys.executable}' -m sitegen schema topics >&-"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_help_loads_none_of_the_heavy_packages() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from sitegen.cli import main\n"
        "assert CliRunner().invoke(main, ['--help']).exit_code == 0\n"
        "heavy = {'jinja2', 'markdown_it', 'yaml', 'livereload', 'lxml', 'babel', 'rapidfuzz'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_the_repository_holds_no_built_file() -> None:
    listed = subprocess.run(["git", "ls-files", "_site", ".venv"], capture_output=True, text=True, check=False)
    assert listed.stdout == ""


# ---------------------------------------------------------------- compared with git


def repository(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """A site in a git repository with one commit."""
    site(folder, files)
    identity = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org"]
    for arguments in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-q", "-m", "The site"]):
        subprocess.run(["git", *arguments], cwd=folder, check=True)
    return folder


def test_a_deleted_paragraph_and_a_deleted_note_are_named(tmp_path: Path) -> None:
    folder = repository(tmp_path, GOOD)
    site(folder, {"content/transcripts/a.md": "---\ntitle: A talk\n---\n\nAnn: One two three four.\n"})
    site(folder, {"annotations/a.yaml": "- {id: better, quote: One two three, note: Right., topics: [sums]}\n"})
    result = run("check", "--since", "HEAD", "--site", folder)
    assert result.exit_code == 1
    assert "permalink-lost: #ann-1-p2 leads nowhere any more" in result.stdout
    assert "permalink-lost: the note 'good'" in result.stdout


def test_a_note_on_other_words_is_named(tmp_path: Path) -> None:
    note = "- {id: good, quote: six seven eight, note: Right.}\n"
    before = "---\ntitle: A talk\n---\n\nAnn: One two three four.\n\nFive six seven eight.\n\nThe end of it all.\n"
    after = """---
title: A talk
---

Ann: Once upon a time six seven eight were friends.

One two three four.

Five, six, seven and the rest.

The end of it all.
"""
    folder = repository(tmp_path, {**GOOD, "annotations/a.yaml": note, "content/transcripts/a.md": before})
    result = run("check", "--since", "HEAD", "--site", site(folder, {"content/transcripts/a.md": after}))
    assert result.exit_code == 1
    assert "note-moved: note good stood at ann-1-p2" in result.stdout


def test_a_note_on_a_transcript_that_is_a_draft_now_is_named(tmp_path: Path) -> None:
    folder = repository(tmp_path, GOOD)
    draft = "---\ntitle: A talk\nstatus: draft\n---\n\nAnn: One two three four.\n\nFive six seven.\n"
    result = run("check", "--since", "HEAD", "--site", site(folder, {"content/transcripts/a.md": draft}))
    assert result.exit_code == 1
    assert "note-lost: note good stood on" in result.stdout


def test_without_git_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    result = run("check", "--since", "HEAD", "--site", site(tmp_path, GOOD))
    assert result.exit_code == 1
    assert "error no-history: the site is not in a git repository" in result.stdout


# ---------------------------------------------------------------- further problems


def test_two_pages_at_one_address_are_reported(tmp_path: Path) -> None:
    taken = "---\ntitle: A talk\naka: [b]\n---\n\nAnn: One two three four.\n"
    result = run("check", "--site", site(tmp_path, {**GOOD, "content/transcripts/a.md": taken}))
    assert result.exit_code == 1
    assert "address-collision: two pages would be written to transcripts/b/index.html" in result.stdout


def test_a_transcript_is_at_its_address_even_if_another_had_it(tmp_path: Path) -> None:
    talk = "---\ntitle: {}\n{}---\n\nAnn: One two three four.\n"
    talks = {"a": talk.format("A talk", "aka: [b]\n"), "b": talk.format("The other talk", "")}
    folder = site(tmp_path, {f"content/transcripts/{name}.md": text for name, text in talks.items()})
    assert run("build", "--no-search", "--site", folder).exit_code == 1
    assert ">The other talk</h1>" in (folder / "_site/transcripts/b/index.html").read_text()


def test_a_file_that_the_same_build_wrote_is_replaced_in_a_folder_that_has_others(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("mine")
    folder, _ = open_folder(tmp_path)
    for data in (b"once", b"twice"):
        assert folder.put("a/b", data).state == "written"
        assert (tmp_path / "a/b").read_bytes() == data
    assert folder.put("other", b"ours").state == "left"


def test_what_an_earlier_version_listed_with_digests_is_replaced_and_removed(tmp_path: Path) -> None:
    folder = site(tmp_path, GOOD)
    assert run("build", "--no-search", "--site", folder).exit_code == 0
    listed = json.loads((folder / "_site" / MANIFEST).read_text())
    (folder / "_site" / MANIFEST).write_text(json.dumps(dict.fromkeys([*listed, "old/page.html"], "0" * 32)))
    for name in ("old/page.html", "index.html"):
        (folder / "_site" / name).parent.mkdir(exist_ok=True)
        (folder / "_site" / name).write_text("old")
    assert run("build", "--no-search", "--site", folder).exit_code == 0
    assert not (folder / "_site/old").exists()
    assert (folder / "_site/index.html").read_text() != "old"
    assert json.loads((folder / "_site" / MANIFEST).read_text()) == listed


def test_importing_says_which_package_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = site(tmp_path, {**GOOD, "raw.html": "<html><body><p><b>Ann:</b> Yes.</p></body></html>"})
    monkeypatch.setitem(sys.modules, "selectolax.lexbor", None)
    result = run("import", "--from", "html", "--site", folder, folder / "raw.html")
    assert result.exit_code == 1
    assert "import-missing-package: this format needs the package selectolax" in result.stdout


def test_importing_a_text_without_labels_says_so(tmp_path: Path) -> None:
    folder = site(tmp_path, {**GOOD, "raw.txt": "Only a few words.\n\nAnd some more of them.\n"})
    result = run("import", "--from", "text", "--site", folder, folder / "raw.txt")
    assert "import-no-turns" in result.stdout

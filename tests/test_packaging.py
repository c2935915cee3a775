"""The wheel: what it holds, and that a site elsewhere builds with it."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.door import REPOSITORY


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source distribution as a release is."""
    out = tmp_path_factory.mktemp("dist")
    code = (
        "import os, sys, tarfile; from hatchling import build\n"
        "out = sys.argv[1]; name = build.build_sdist(out)\n"
        "tarfile.open(os.path.join(out, name)).extractall(out, filter='data')\n"
        "os.chdir(os.path.join(out, name.removesuffix('.tar.gz'))); print(build.build_wheel(out))"
    )
    subprocess.run([sys.executable, "-c", code, str(out)], cwd=REPOSITORY, check=True, capture_output=True)
    return next(out.glob("*.whl"))


def test_the_wheel_holds_templates_words_and_types(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    templates = {p.relative_to(REPOSITORY).as_posix() for p in (REPOSITORY / "templates").rglob("*") if p.is_file()}
    assert {f"sitegen/{name}" for name in templates} <= names
    assert "sitegen/py.typed" in names
    assert not [name for name in names if name.startswith(("tests/", "content/", "annotations/", "seeds/"))]


def test_a_site_elsewhere_builds_with_the_installed_wheel(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=False)
    python = tmp_path / "venv/bin/python"
    (packages,) = (tmp_path / "venv/lib").glob("python*/site-packages")
    zipfile.ZipFile(wheel).extractall(packages)
    # The dependencies are those of the running environment, without the checkout itself.
    dependencies = next(path for path in map(Path, sys.path) if (path / "click").is_dir())
    (packages / "dependencies.pth").write_text(f"{dependencies}\n")
    site = tmp_path / "site"
    (site / "content/transcripts").mkdir(parents=True)
    (site / "sitegen.yaml").write_text("title: Elsewhere\n")
    (site / "content/transcripts/a.md").write_text(
        "---\ntitle: A\nspeakers: {ann: {name: Ann}}\n---\n\nAnn: Hello to everybody.\n"
    )
    command = [str(python), "-P", "-m", "sitegen", "build", "--no-search", "--site", str(site)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    assert "Hello to everybody." in (site / "_site/transcripts/a/index.html").read_text("utf-8")
    where = subprocess.run(
        [python, "-P", "-c", "import sitegen; print(sitegen.__file__)"], capture_output=True, text=True, check=True
    )
    assert where.stdout.startswith(str(packages))

"""Options and fixtures shared by all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests import gallery
from tests.door import REPOSITORY, Result, build, site_files

settings.register_profile("suite", derandomize=True)  # the same cases in every run
settings.register_profile("thorough", max_examples=1000)
settings.load_profile("suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--rewrite` makes the cases expect what they get; read the diff before committing it."""
    parser.addoption("--rewrite", action="store_true", help="rewrite the expectations of tests/cases")


@pytest.fixture(scope="session", autouse=True)
def memos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Commands keep their memos in a folder of the run, not in the user's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SITEGEN_CACHE", str(tmp_path_factory.mktemp("memos")))
        yield


@pytest.fixture(scope="session")
def repository_site() -> Result:
    """The site of this repository, built."""
    return build(site_files(REPOSITORY))


@pytest.fixture(scope="session")
def gallery_site() -> Result:
    """A site with one of everything, built."""
    return build(gallery.site())

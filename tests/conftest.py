"""Options and fixtures shared by all tests."""

from __future__ import annotations

import pytest

from tests import gallery
from tests.door import REPOSITORY, Result, build, site_files


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--rewrite` makes the cases expect what they get; read the diff before committing it."""
    parser.addoption("--rewrite", action="store_true", help="rewrite the expectations of tests/cases")


@pytest.fixture(scope="session")
def repository_site() -> Result:
    """The site of this repository, built."""
    return build(site_files(REPOSITORY))


@pytest.fixture(scope="session")
def gallery_site() -> Result:
    """A site with one of everything, built."""
    return build(gallery.site())

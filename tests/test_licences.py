"""The usual licences are linked by their names, others by the address behind the name."""

from __future__ import annotations

import pytest

from tests.door import build

CREATIVE = "https://creativecommons.org/"


@pytest.mark.parametrize(
    ("written", "name", "address"),
    [
        ("CC BY 4.0", "CC BY 4.0", f"{CREATIVE}licenses/by/4.0/"),
        ("cc-by-nc-sa 3.0", "cc-by-nc-sa 3.0", f"{CREATIVE}licenses/by-nc-sa/3.0/"),
        (
            "Creative Commons Attribution-ShareAlike 4.0 International",
            "Creative Commons Attribution-ShareAlike 4.0 International",
            f"{CREATIVE}licenses/by-sa/4.0/",
        ),
        ("CC0 1.0", "CC0 1.0", f"{CREATIVE}publicdomain/zero/1.0/"),
        (
            "Open Government Licence v3.0",
            "Open Government Licence v3.0",
            "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        ),
        ("House rules <https://example.org/terms>", "House rules", "https://example.org/terms"),
        ("https://example.org/terms", "https://example.org/terms", "https://example.org/terms"),
        ("Public domain", "Public domain", ""),
        ("House rules <javascript:alert(1)>", "House rules &lt;javascript:alert(1)&gt;", ""),
    ],
)
def test_a_licence_is_linked_where_its_terms_are_known(written: str, name: str, address: str) -> None:
    front = f"---\ntitle: A\nsource: {{title: Minutes, licence: '{written}'}}\n---\nAnn: Words.\n"
    settings = f"title: T\nlicence: '{written}'\n"
    result = build({"sitegen.yaml": settings, "content/transcripts/a.md": front})
    page = result.page("transcripts/a/")
    shown = f'<a href="{address}" rel="license external">{name}</a>' if address else name
    assert f"<dd>{shown}</dd>" in page
    assert f"Notes: {shown}</p>" in page
    assert (f'"license":"{address}"' in page) is bool(address)
    assert (f'target="{address}"' in result.page("transcripts/a/transcript.tei.xml")) is bool(address)

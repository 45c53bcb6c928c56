from __future__ import annotations

from pathlib import Path

import pytest
from evcollab.contributions.adding import merge
from hypothesis import given
from hypothesis import strategies as st

from evcollab.contributions.document import parse
from evcollab.errors import EvcollabError
from evcollab.urls import normal_url, tidy_url


@given(st.text(max_size=40) | st.text("ab.:/[]@?#%ü ", max_size=30).map("https://".__add__))
def test_any_text_is_tidied_without_an_error_and_tidying_twice_changes_nothing(text: str) -> None:
    tidy = tidy_url(text)
    assert tidy_url(tidy) == tidy
    normal_url(text)


def test_an_ipv6_address_is_that_of_a_web_page() -> None:
    assert normal_url("http://[2001:db8::1]/a/") == "2001:db8::1/a"


def test_a_page_with_tracking_in_its_address_is_the_source_that_is_there(package: Path) -> None:
    page = "https://lao.voanews.com/a/7177224.html?utm_source=x"
    text = f"sources: [{{url: '{page}', title: A, publisher: B, kind: news, tier: secondary}}]"
    assert merge([parse(text)], package, dry_run=True).files == {}


def test_a_broken_address_in_a_document_is_no_traceback(package: Path) -> None:
    text = "sources: [{url: 'https://[x', title: A, publisher: B, kind: news, tier: secondary}]"
    try:
        added = merge([parse(text)], package, dry_run=True)
    except EvcollabError as error:
        pytest.fail(f"the validator is to report it: {error}")
    assert any("https://[x" in row for row in added.after["sources"])

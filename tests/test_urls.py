from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evcollab.contributions.add import add
from evcollab.contributions.document import ContributionError
from evcollab.urls import normal_url, tidy_url


@example("A:// ?")
@given(st.text(max_size=40) | st.text("ab.:/[]@?#%ü ", max_size=30).map("https://".__add__))
def test_any_text_is_tidied_without_an_error_and_tidying_twice_changes_nothing(text: str) -> None:
    tidy = tidy_url(text)
    assert tidy_url(tidy) == tidy
    normal_url(text)


def test_an_ipv6_address_is_that_of_a_web_page() -> None:
    assert normal_url("http://[2001:db8::1]/a/") == "2001:db8::1/a"


def document(folder: Path, url: str) -> Path:
    file = folder / "document.yaml"
    file.write_text(
        f"sources: [{{url: '{url}', title: A, publisher: B, kind: news, tier: secondary}}]", encoding="utf-8"
    )
    return file


def test_a_page_with_tracking_in_its_address_is_the_source_that_is_there(package: Path, tmp_path: Path) -> None:
    page = "https://lao.voanews.com/a/7177224.html?utm_source=x"
    assert add([document(tmp_path, page)], package, dry_run=True).files == {}


def test_a_broken_address_in_a_document_is_no_traceback(package: Path, tmp_path: Path) -> None:
    with pytest.raises(ContributionError, match="leads to no public page"):
        add([document(tmp_path, "https://[x")], package, dry_run=True)

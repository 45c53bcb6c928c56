from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import evcollab
from evcollab import pictures
from evcollab.pictures.targets import FLEETS
from evcollab.pictures.timeline import SORTS

from .conftest import ROOT

pytest.importorskip("altair")
pytest.importorskip("vl_convert")
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def ds(part: Path) -> evcollab.Dataset:
    """The shipped register; in a quick run a part of it."""
    return evcollab.load(part)


def texts(spec: Any) -> str:
    return json.dumps(spec, ensure_ascii=False)


@pytest.fixture(scope="module")
def drawn(ds: evcollab.Dataset) -> Callable[[str], Any]:
    """A function that draws a picture, once."""
    return cache(lambda name: pictures.PICTURES[name](ds))


@pytest.mark.parametrize("name", pictures.PICTURES)
def test_every_picture_has_a_title_and_a_source_and_fetches_nothing(
    ds: evcollab.Dataset, drawn: Callable[[str], Any], name: str
) -> None:
    spec = drawn(name).to_dict()
    assert ds.package.descriptor["title"] in spec["title"]["text"]
    assert f"version {ds.version}" in spec["title"]["text"]
    assert "Creative Commons Attribution 4.0" in spec["title"]["text"]
    assert spec["vconcat"][0]["title"]["text"]
    assert spec["vconcat"][0]["title"]["subtitle"]
    assert '"url"' not in texts(spec)


@pytest.mark.parametrize("name", pictures.PICTURES)
def test_every_picture_can_be_written_as_png(drawn: Callable[[str], Any], name: str, tmp_path: Path) -> None:
    pictures.save(drawn(name), tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(PNG)


def test_the_pages_have_their_pictures(ds: evcollab.Dataset) -> None:
    for name in pictures.PICTURES:
        assert (ROOT / "docs" / "pictures" / f"{name}.svg").is_file()


def test_all_pictures_are_drawn_into_a_folder(ds: evcollab.Dataset, tmp_path: Path) -> None:
    files = pictures.save_all(ds, tmp_path / "new")
    assert [file.name for file in files] == ["timeline.svg", "targets.svg", "network.svg", "map.svg"]
    assert all(file.read_text(encoding="utf-8").startswith("<svg") for file in files)


def test_the_timeline_has_a_dot_for_each_dated_event(ds: evcollab.Dataset, drawn: Callable[[str], Any]) -> None:
    dated = ds.events.dropna(subset="start_date")
    spec = texts(drawn("timeline").to_dict())
    assert f"{len(dated)} events, " in spec
    assert all(texts(name) in spec for name in dated["name"])


def test_the_target_chart_shows_targets_in_force_on_the_day(ds: evcollab.Dataset, drawn: Callable[[str], Any]) -> None:
    assert "pak-2019-truck-sales-share-2030" in texts(drawn("targets").to_dict())
    with pytest.raises(evcollab.EvcollabError, match="no target in force"):
        pictures.target_chart(ds, on="1990")


def test_the_network_draws_every_pair_of_the_countries_shown(ds: evcollab.Dataset) -> None:
    spec = texts(pictures.network(ds, countries=300).to_dict())
    assert "Laos and Nepal" in spec or "Nepal and Laos" in spec
    with pytest.raises(evcollab.EvcollabError, match="no two countries"):
        pictures.network(ds, until="1900")


def test_the_map_has_every_country_and_counts_each_once(ds: evcollab.Dataset) -> None:
    shapes = json.loads(pictures.SHAPES.read_text(encoding="utf-8"))["objects"]["countries"]["geometries"]
    drawn = [shape["id"] for shape in shapes]
    codes = set(ds.countries["country_code"])
    assert len(drawn) == len(set(drawn))
    assert set(drawn) <= codes
    inhabited = codes - {"ATA", "BVT", "CCK", "CXR", "SJM", "TKL"}
    assert inhabited <= set(drawn)


def test_the_target_chart_drops_no_target_and_names_powertrain_strength_and_status(
    ds: evcollab.Dataset, drawn: Callable[[str], Any]
) -> None:
    found = ds.targets().query("metric == 'sales_share' and unit == 'percent' and vehicle_use.isna()")
    found = found[found["subdivision_code"].isna() & found["city"].isna() & found["vehicle_category"].notna()]
    spec = texts(drawn("targets").to_dict())
    assert all(f'"{identifier}"' in spec for identifier in found["target_id"])
    assert all(f'"{word}:N"' in texts(spec) or f'"{word}"' in spec for word in ("powertrain", "strength", "status"))


def test_no_country_stands_in_the_network_without_a_line(ds: evcollab.Dataset) -> None:
    spec = pictures.network(ds, countries=12, since=2020).to_dict()
    layers = spec["vconcat"][0]["vconcat"][0]["layer"]
    lines, dots = (spec["datasets"][layer["data"]["name"]] for layer in layers[:2])
    drawn = " and ".join(line["pair"] for line in lines)
    assert all(dot["name"].rsplit(" ", 1)[0] in drawn for dot in dots)
    assert "2020 to 20" in texts(spec)
    with pytest.raises(evcollab.EvcollabError, match="at least 2"):
        pictures.network(ds, countries=1)


def test_online_is_told_from_a_place_that_nobody_recorded(ds: evcollab.Dataset, drawn: Callable[[str], Any]) -> None:
    spec = texts(drawn("timeline").to_dict())
    placeless = ds.events[ds.events["country_code"].isna() & ds.events["start_date"].notna()]
    online = int((placeless["mode"] == "online").sum())
    assert f"Online ({online})" in spec
    assert f"No single place on record ({len(placeless) - online})" in spec


def test_a_picture_of_another_ending_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(evcollab.EvcollabError, match=r"x\.jpg: a picture is written as \.svg, \.png"):
        pictures.save(None, tmp_path / "x.jpg")


def test_every_kind_and_category_that_is_grouped_is_in_the_vocabulary(ds: evcollab.Dataset) -> None:
    kinds = ds.package.schema("events").field("kind").categories
    assert {kind for group in SORTS.values() for kind in group} <= set(kinds)
    categories = ds.package.schema("policy_targets").field("vehicle_category").categories
    assert {category for fleet in FLEETS.values() for category in fleet} == set(categories)


@pytest.mark.parametrize(
    ("module", "act"),
    [
        ("altair", lambda ds, folder: pictures.timeline(ds)),
        ("vl_convert", lambda ds, folder: pictures.save(None, folder / "a.png")),
    ],
)
def test_without_the_extra_one_sentence_names_it(
    ds: evcollab.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, act: Any
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(evcollab.MissingExtraError, match=r"evcollab\[plot\]"):
        act(ds, tmp_path)

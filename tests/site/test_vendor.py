from __future__ import annotations

import hashlib
import json

from evcollab.site import assets

VENDOR = assets.HERE / "vendor"


def test_files_of_others_are_those_that_were_taken() -> None:
    listed = {
        name: item["sha256"]
        for each in json.loads((VENDOR / "vendor.json").read_text())
        for name, item in each["files"].items()
    }
    found = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in VENDOR.iterdir()
        if file.name != "vendor.json"
    }
    assert listed == found


def test_each_of_them_has_its_licence() -> None:
    for each in json.loads((VENDOR / "vendor.json").read_text()):
        assert {"name", "version", "licence", "origin"} <= each.keys()
        assert any("LICENSE" in name for name in each["files"])

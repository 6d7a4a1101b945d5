"""Third-party browser files are exactly those that the lock names: none changed by hand, added, lost or without its licence."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import builder_ui

STATIC = Path(builder_ui.__file__).parent / "static"
LOCK: dict[str, Any] = json.loads((STATIC / "vendor" / "vendor.lock.json").read_text())


def test_every_locked_file_hashes_to_what_the_lock_says() -> None:
    found = {name: hashlib.sha256((STATIC / name).read_bytes()).hexdigest() for name in LOCK["files"]}
    assert found == {name: entry["sha256"] for name, entry in LOCK["files"].items()}


def test_nothing_lies_in_the_folder_that_is_not_locked() -> None:
    there = {path.relative_to(STATIC).as_posix() for path in (STATIC / "vendor").rglob("*") if path.is_file()}
    assert there - {"vendor/vendor.lock.json"} == {name for name in LOCK["files"] if name.startswith("vendor/")}


def test_every_package_is_pinned_and_freely_licensed_with_its_text_kept() -> None:
    for name, package in LOCK["packages"].items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"]), name
        assert package["integrity"].startswith("sha512-"), name
        assert package["licence"] in {"MIT", "ISC", "Apache-2.0", "BSD-3-Clause"}, name
        assert (STATIC / package["licence_file"]).read_text().strip(), name


def test_every_file_comes_from_a_locked_package() -> None:
    used = {package for entry in LOCK["files"].values() for package in entry["packages"]}
    assert used == set(LOCK["packages"])


def test_no_vendored_script_needs_eval() -> None:
    for path in (STATIC / "vendor").glob("*.js"):
        assert not re.search(r"\beval\(|new Function\b", path.read_text()), path.name

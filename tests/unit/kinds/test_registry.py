"""The registry finds what lies in the folders, and nothing else."""

from __future__ import annotations

from operator import setitem
from pathlib import Path
from typing import Any

import pytest

from engine import kinds
from engine.kinds.registry import Registry

FOLDER = Path(kinds.__file__).parent


@pytest.mark.parametrize("group", ["fields", "steps", "triggers"])
def test_one_kind_for_each_file(group: str) -> None:
    files = {path.stem for path in (FOLDER / group).glob("*.py") if not path.name.startswith("_")}
    found = getattr(Registry.load(), group)
    assert set(found) == files
    assert all(kind.name == name for name, kind in found.items())


def test_frozen() -> None:
    registry: Any = Registry.load()
    with pytest.raises(TypeError):
        setitem(registry.fields, "x", registry.fields["text"])


def test_nearest() -> None:
    assert Registry.load().nearest("mony") == "money"
    assert Registry.load().nearest("creat") == "create"
    assert Registry.load().nearest("zzzzzz") is None

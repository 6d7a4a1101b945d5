"""The bad definitions: what is in `bad/`, and those too big or too empty to lie in a folder. Also where the reference takes its
examples from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

BAD = Path(__file__).parent / "bad"
MADE: Mapping[str, Mapping[str, bytes]] = {
    "too_large": {"app.yaml": b"app: shop\nroles: [" + b"1," * 100_001 + b"]\n"},
    "too_large_bytes": {"app.yaml": b"#" * (5 * 1024 * 1024 + 1)},
    "too_many_problems": {
        "app.yaml": b"app: shop\ntables:\n  orders:\n    fields:\n"
        + b"".join(b"      f%d: {type: texd}\n" % n for n in range(201))
    },
    "too_many_files": {f"f{n}.yaml": b"app: shop\n" for n in range(501)},
    "too_large_together": dict.fromkeys(("a.yaml", "b.yaml"), b"title: " + b"a" * 3000000),
    "no_files": {},
}


def cases() -> dict[str, Mapping[str, bytes]]:
    """Name → files of the definition."""
    found: dict[str, Mapping[str, bytes]] = dict(MADE)
    for path in sorted(BAD.iterdir()):
        if path.is_dir():
            found[path.name] = {file.name: file.read_bytes() for file in sorted(path.glob("*.yaml"))}
        elif path.suffix == ".yaml":
            found[path.stem] = {path.name: path.read_bytes()}
    return found


def case_of(code: str) -> str:
    """The name of the case that shows a code."""
    return code.replace("-", "_")

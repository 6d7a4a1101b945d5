"""A renaming that data follows: the definition says with `was:` what a table, field, state or choice was called before, where
it is declared; and says it no longer when the thing gets its old name back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.definition.edit.draft import Draft
from engine.definition.references import references
from engine.definition.rename import Renamed, rename
from engine.kinds.registry import Registry
from engine.model.connector import Catalogue


def rename_with_data(files: Mapping[str, bytes], path: str, name: str, *, catalogue: Catalogue, registry: Registry) -> Renamed:
    """As `rename`, with `was:`. What says already what it was goes on saying that: the name in between was perhaps never
    published, and publishing finds it if it was. Raises Problem."""
    known = references(files, catalogue, registry)
    draft, back = Draft.of(files) if known.complete else None, set()
    for each in known.families.get(path, {path}) if draft is not None else ():
        if draft is not None and keeps_data(each) and draft.has(f"{each}.was") and draft.get(f"{each}.was") == name:
            draft = draft.remove(f"{each}.was")
            back.add(each)
    done = rename(files if draft is None else draft.files, path, name, catalogue=catalogue, registry=registry)
    written = Draft.of(done.files)
    for each in done.paths:
        if keeps_data(each) and each not in back:
            written = _say(written, each, name)
    return replace(done, files=written.files)


def _say(draft: Draft, path: str, name: str) -> Draft:
    above, _, old = path.rpartition(".")
    here = f"{above}.{name}"
    said = draft.get(here)
    if not isinstance(said, dict):
        return draft.set(here, {"was": old} if said is None else {"zh": said, "was": old})
    return draft if "was" in said else draft.add(here, "was", old)


def keeps_data(path: str) -> bool:
    """Are there records under this name? Facts of people and lists of children keep none."""
    match path.split("."):
        case ["tables", _] | ["tables", _, "fields", _] | ["tables", _, "flow", "states", _]:
            return True
        case ["tables", _, "fields", _, "choices", _]:
            return True
    return False

"""A renaming is made of plain edits of text: a draft takes them, and so can undo them."""

from __future__ import annotations

from engine.definition.edit.draft import Draft
from engine.definition.references import references
from engine.definition.rename import rename
from tests.unit.definition.catalogue import SmallCatalogue
from tests.unit.definition.loading import REGISTRY
from tests.unit.definition.whole_house import house


def test_the_edits_in_a_draft_give_the_same_files() -> None:
    catalogue = SmallCatalogue()
    files = {name: b"\xef\xbb\xbf" + data if name == "a_tables.yaml" else data for name, data in house().items()}
    for path in sorted(references(files, catalogue, REGISTRY).names):
        done = rename(files, path, "zz_new", catalogue=catalogue, registry=REGISTRY)
        draft = Draft.of(files)
        for file, edits in done.edits.items():
            draft = draft.replace(file, edits)
        assert draft.files == done.files

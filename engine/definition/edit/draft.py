"""A definition that is being changed: its files, and edits that give a new draft each and touch nothing but what they must.

Immutable, so undo is the draft before. Every edit is read back and compared with the data that was meant before it is given
out: what cannot be written exactly is refused and nothing has happened. Names are not looked at, nor are references to them:
that is for renaming, which works on top through `replace`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from engine.definition.edit.become import become
from engine.definition.edit.moving import move_beside, move_to
from engine.definition.edit.paths import Path, Steps, steps_of, written
from engine.definition.edit.refusals import no_file, refusal
from engine.definition.edit.reread import reread, within_limits
from engine.definition.edit.source import Source, read_source
from engine.definition.edit.steps import Files, give_name, put_entry, take_out
from engine.definition.edit.values import check_name, taken
from engine.definition.edit.whereabouts import create, fits, holders, home, inner, joined, lost, number, only, sibling
from engine.definition.edit.whereabouts import value as value_at
from engine.definition.messages import diagnose
from engine.definition.spelling import Edit
from engine.model.diagnostic import DefinitionError, Diagnostic, Span


@dataclass(frozen=True, slots=True)
class Draft:
    """A definition's files and the edits on them. Paths are written as in Diagnostics: `rules.x.then[0]`."""

    _files: Files

    @staticmethod
    def of(files: Mapping[str, bytes]) -> Draft:
        """A definition given as file name → bytes. Raises DefinitionError for what does not read; whether it is a right
        definition does not matter here."""
        if not files:
            raise DefinitionError([diagnose("no-files", Span(), "")])
        sources = {}
        problems: list[Diagnostic] = []
        for name in sorted(files):
            try:
                sources[name] = read_source(name, files[name])
            except DefinitionError as error:
                problems += error.diagnostics
        if problems:
            raise DefinitionError(problems)
        within_limits(sources)
        return Draft(MappingProxyType(sources))

    @property
    def files(self) -> dict[str, bytes]:
        """The files as they are to be stored; those that no edit touched are byte for byte what was given."""
        return {name: source.bytes for name, source in self._files.items()}

    def text(self, file: str) -> str:
        """One file's text without its byte order mark: what places of `replace` count in."""
        return self._known(file).text

    def has(self, path: Path) -> bool:
        """Is there something at a path?"""
        return bool(holders(self._files, steps_of(path)))

    def get(self, path: Path) -> Any:
        """The value at a path as data. Raises Problem if there is none."""
        return deepcopy(joined(self._files, steps_of(path)))

    def set(self, path: Path, value: Any) -> Draft:
        """Another value at a path. A map or list changes entry by entry; what is missing on the way is made."""
        steps = inner(path)
        new = taken(value, written(steps))
        for step in steps:
            _ = check_name(step, written(steps)) if isinstance(step, str) else step
        if not holders(self._files, steps):
            return Draft(create(self._files, steps, new))
        file = only(self._files, steps)
        return Draft(become(self._files, file, steps, value_at(self._files, file, steps), new))

    def add(self, container: Path, name: str | None, value: Any, *, before: Path | int | None = None) -> Draft:
        """A new entry in a map (under a name) or list (name None), at its end or before another one of it, which is given by
        name, number or path."""
        steps, files = steps_of(container), self._files
        here: Steps = (*steps, 0 if name is None else check_name(name, written(steps)))
        new = taken(value, written(here))
        if name is not None and holders(files, here):
            raise refusal("name_taken", written(here))
        if before is not None:
            beside = (*steps, sibling(files, steps, before))
            file = only(files, beside)
            fits(files, file, steps, here[-1])
            return Draft(put_entry(files, file, steps, name, new, index=number(files, file, beside)))
        if name is None and holders(files, steps):
            here = (*steps, fits(files, home(files, steps), steps, 0))
        return Draft(create(files, here, new))

    def remove(self, path: Path) -> Draft:
        """Without what is at a path, wherever it stands. A map or list that becomes empty stays as `{}` or `[]`, unless the
        language wants it left out."""
        steps, files = inner(path), self._files
        for file in holders(files, steps) or [only(files, steps)]:
            files = take_out(files, file, steps)
        return Draft(files)

    def move(self, path: Path, *, before: Path | None = None, after: Path | None = None, to: Path | None = None) -> Draft:
        """The entry at a path put before or after another one, or made what is at the path `to`, with its comments."""
        given = [each for each in (before, after, to) if each is not None]
        if len(given) != 1:
            raise ValueError("exactly one of before, after, to")
        steps, target = inner(path), inner(given[0])
        only(self._files, steps)
        if target == steps:
            return self
        if target[: len(steps)] == steps:
            raise refusal("into_itself", written(steps))
        if to is not None:
            return Draft(move_to(self._files, steps, target))
        return Draft(move_beside(self._files, steps, target, after=before is None))

    def rename_key(self, path: Path, name: str) -> Draft:
        """Another key for the entry at a path, in its place. References to it stay as they are."""
        steps, files = inner(path), self._files
        check_name(name, written(steps))
        new = (*steps[:-1], name)
        found = holders(files, steps)
        if not found or isinstance(steps[-1], int):
            raise lost(files, steps)
        if new == steps:
            return self
        if holders(files, new):
            raise refusal("name_taken", written(new))
        for file in found:
            files = give_name(files, file, steps, name)
        return Draft(files)

    def replace(self, file: str, edits: Sequence[Edit]) -> Draft:
        """Pieces of a file's text replaced at once: (from, up to, new) in characters of `text(file)`. Raises Problem for
        places that overlap or lie outside, DefinitionError if the text does not read afterwards."""
        source, at = self._known(file), 0
        size = len(source.text)
        for start, end, _ in sorted(edits, key=lambda edit: edit[:2]):
            if not at <= start <= end <= size:
                raise refusal("bad_edit", file, Span(file), file=file, start=start, end=end)
            at = end
        for _, _, new in edits:
            taken(new, file)
        files = {**self._files, file: reread(source, list(edits))}
        within_limits(files)
        return Draft(MappingProxyType(files))

    def _known(self, file: str) -> Source:
        if file not in self._files:
            raise no_file(file, self._files)
        return self._files[file]

"""The five things that can happen to one entry of a file. Each gives the files anew, read back and compared, or refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from engine.definition.edit import in_braces, in_lines
from engine.definition.edit.boxes import Box, Entry, Unclear
from engine.definition.edit.finding import box_at, models
from engine.definition.edit.lines import break_near
from engine.definition.edit.paths import Steps, written
from engine.definition.edit.refusals import refusal, unknown
from engine.definition.edit.reread import reread, within_limits
from engine.definition.edit.shape import goes_when_empty
from engine.definition.edit.source import Source
from engine.definition.edit.style import Layout
from engine.definition.edit.values import same, with_entry, with_name, with_value, without
from engine.definition.edit.writing import Models, lines
from engine.definition.nodes import Node, Scalar
from engine.definition.spelling import Edit
from engine.model.diagnostic import DefinitionError, Span
from engine.model.text import Text

Files = Mapping[str, Source]


def commit(files: Files, file: str, steps: Steps, base: int, edits: Sequence[Edit], *, meant: Any) -> Files:
    """The files with the text of one changed, if it then reads as what was `meant`. Places count from `base`."""
    source, path = files[file], written(steps)
    if source.odd:
        raise refusal("odd_line_ends", path, file=file)
    placed = [(start + base, end + base, new) for start, end, new in edits]
    why: Text | str = ""
    for ending in _endings(source):
        try:
            again = reread(source, [*placed, *ending])
            within_limits({**files, file: again})
        except (DefinitionError, Unclear) as error:
            why = _why(error)
        else:
            if same(meant, again.data):
                return MappingProxyType({**files, file: again})
    raise refusal("not_exact", path, Span(file), why=why)


def _endings(source: Source) -> list[list[Edit]]:
    """A file without a line break at its end gets one only if what then stands there needs it, as a literal block may."""
    text = source.text
    return [[]] if not text or text.endswith("\n") else [[], [(len(text), len(text), break_near(text, len(text)))]]


def _why(error: Exception) -> Text | str:
    if not isinstance(error, DefinitionError):
        return ""
    first = error.diagnostics[0]
    return Text(f"（{first.span} {first.message.zh}）", f"({first.span} {first.message.en})")


def clearly(path: Steps, find: Callable[[], Box | None]) -> Box | None:
    """A container, where its way of writing is one that the editor understands."""
    try:
        return find()
    except Unclear as error:
        raise refusal("not_exact", written(path), why="") from error


def entry_at(files: Files, file: str, steps: Steps) -> tuple[Box, int]:
    """The container of an entry, and its number there. Raises Problem if there is none."""
    box = clearly(steps, lambda: box_at(files[file], steps[:-1]))
    index = box.index(steps[-1]) if box is not None else -1
    if box is None or index < 0:
        names = [entry.name or "" for entry in box.entries] if box is not None else []
        raise unknown(written(steps), steps[-1], names, Span(file))
    return box, index


def _around(box: Box, index: int, *, own: bool) -> list[Node]:
    """The values of the entries around a place, nearest first."""
    numbers = [n for n in range(len(box.entries)) if not (own and n == index)]
    return [box.entries[n].value for n in sorted(numbers, key=lambda n: (abs(n - index + (not own) * 0.4), n))[:20]]


def change_value(files: Files, file: str, steps: Steps, value: Any) -> Files:
    """Another value for an entry, all of it."""
    box, index = entry_at(files, file, steps)
    found = models(files, file, steps, _around(box, index, own=True))
    old = box.entries[index].value
    own = (old,) if not isinstance(old, Scalar) or isinstance(old.value, str) else ()
    like = Models(found.layout, (*own, *found.alike), found.beside)
    if box.flow:
        edits = in_braces.change(box, index, value, like)
    else:
        edits = in_lines.change(box, index, value, like, depth=len(steps))
    return commit(files, file, steps, box.base, edits, meant=with_value(files[file].data, steps, value))


def put_entry(
    files: Files, file: str, steps: Steps, name: str | None, value: Any, *, index: int, like: tuple[Node, ...] = ()
) -> Files:
    """A new entry before entry number `index` of a container that is there. `like`: what it should be written like."""
    here = (*steps, index if name is None else name)
    meant = with_entry(files[file].data, steps, name, value, index=index)
    box = clearly(here, lambda: box_at(files[file], steps))
    if box is None or (not box.entries and steps):
        if not steps:
            return _first_section(files, file, name or "", value, meant)
        return change_value(files, file, steps, [value] if name is None else {name: value})
    found = models(files, file, here, _around(box, index, own=False))
    found = Models(found.layout, (*like, *found.alike), found.beside)
    if box.flow:
        edits = in_braces.insert(box, index, in_braces.entry_text(box, name, value, found))
    else:
        edits = in_lines.new_entry(box, index, name, value, found, depth=len(here))
    return commit(files, file, here, box.base, edits, meant=meant)


def _first_section(files: Files, file: str, name: str, value: Any, meant: Any) -> Files:
    """Something in a file that held nothing but comments."""
    text = files[file].text
    end = break_near(text, len(text))
    body = "".join(row + end for row in lines(f"{name}:", value, Models(Layout()), 0, depth=1))
    if text and not text.endswith("\n"):
        body = end + (end if text.strip() else "") + body.rstrip("\r\n")
    elif text.strip():
        body = end + body
    return commit(files, file, (name,), 0, [(len(text), len(text), body)], meant=meant)


def put_text(files: Files, file: str, steps: Steps, name: str | None, body: str, *, index: int, value: Any) -> Files:
    """The same with its lines given, indented already."""
    here = (*steps, index if name is None else name)
    box = clearly(here, lambda: box_at(files[file], steps))
    if box is None:
        raise unknown(written(here), here[-1], (), Span(file))
    meant = with_entry(files[file].data, steps, name, value, index=index)
    return commit(files, file, here, box.base, in_lines.insert(box, index, body), meant=meant)


def take_out(files: Files, file: str, steps: Steps) -> Files:
    """Without an entry. The last one leaves `{}` or `[]`, or takes its container along where that may not stand empty but
    may be left out."""
    box, index = entry_at(files, file, steps)
    if len(box.entries) == 1 and goes_when_empty(steps[:-1]):
        return take_out(files, file, steps[:-1])
    if box.flow:
        edits = in_braces.remove(box, index)
    else:
        edits = in_lines.empty(box) if len(box.entries) == 1 else in_lines.remove(box, index)
    return commit(files, file, steps, box.base, edits, meant=without(files[file].data, steps))


def give_name(files: Files, file: str, steps: Steps, name: str) -> Files:
    """An entry under another name, in its place."""
    box, index = entry_at(files, file, steps)
    edits = in_lines.rename(box, index, name)
    return commit(files, file, steps, box.base, edits, meant=with_name(files[file].data, steps, name))


def text_of(box: Box, entry: Entry) -> str:
    """An entry's lines with all that belongs to them, the first one indented, the last one ended."""
    text = box.text
    lead = " " * box.column + text[entry.start : entry.end] if entry.shares else text[entry.lead : entry.end]
    return lead if lead.endswith("\n") else lead + break_near(text, entry.end)

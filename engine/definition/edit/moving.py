"""Moving an entry with its text and its comments: to another place among its own, or into another container or file."""

from __future__ import annotations

from typing import Any

from engine.definition.edit import in_braces, in_lines
from engine.definition.edit.boxes import Box, Entry
from engine.definition.edit.finding import box_at, holds
from engine.definition.edit.paths import Steps, written
from engine.definition.edit.quoting import key
from engine.definition.edit.refusals import refusal, unknown
from engine.definition.edit.steps import Files, clearly, commit, entry_at, give_name, put_entry, put_text, take_out, text_of
from engine.definition.edit.style import padding
from engine.definition.edit.values import with_value
from engine.definition.edit.whereabouts import create, fits, holders, home, number, only, value
from engine.definition.nodes import MapNode, Node, Scalar


def move_beside(files: Files, steps: Steps, target: Steps, *, after: bool) -> Files:
    """The entry at a path put before or after the one at another path, under its own name."""
    file, to_file = only(files, steps), only(files, target)
    index = number(files, to_file, target) + after
    name = None if isinstance(target[-1], int) else steps[-1]
    if isinstance(name, int):
        raise refusal("bad_path", written(target))
    return _put(files, file, steps, to_file, target[:-1], name, index)


def move_to(files: Files, steps: Steps, target: Steps) -> Files:
    """The entry at a path made what is at another path: renamed, in another container, or in another row of its list."""
    file, container, last = only(files, steps), target[:-1], target[-1]
    if container == steps[:-1] and isinstance(last, str):
        if holders(files, target):
            raise refusal("name_taken", written(target))
        return give_name(files, file, steps, last)
    if container and not holders(files, container):
        return _into_new(files, file, steps, target)
    to_file = file if holds(files[file], container) else home(files, container)
    size = fits(files, to_file, container, last)
    if isinstance(last, str):
        if holders(files, target):
            raise refusal("name_taken", written(target))
        return _put(files, file, steps, to_file, container, last, size)
    own = container == steps[:-1]
    if last > size - own:
        raise unknown(written(target), last, ())
    return _put(files, file, steps, to_file, container, None, last + (own and last > number(files, file, steps)))


def _put(files: Files, file: str, steps: Steps, to_file: str, to: Steps, name: str | None, index: int) -> Files:
    if file != to_file or to != steps[:-1]:
        if name is not None and (*to, name) != steps and holders(files, (*to, name)):
            raise refusal("name_taken", written((*to, name)))
        return transfer(files, file, steps, to_file=to_file, to=to, name=name, index=index)
    here = number(files, file, steps)
    return reorder(files, file, to, here, index - (index > here))


def _into_new(files: Files, file: str, steps: Steps, target: Steps) -> Files:
    """Into a container that has to be made first."""
    box, index = entry_at(files, file, steps)
    if has_comment(box, index):
        raise refusal("comment_in_the_way", written(steps))
    return take_out(create(files, target, value(files, file, steps)), file, steps)


def reorder(files: Files, file: str, steps: Steps, index: int, to: int) -> Files:
    """Entry number `index` of a container made its number `to`."""
    if index == to:
        return files
    box = clearly(steps, lambda: box_at(files[file], steps))
    if box is None:
        return files
    order = [n for n in range(len(box.entries)) if n != index]
    order.insert(to, index)
    if box.flow:
        edits = in_braces.reorder(box, order)
    else:
        below = to + 1 if to > index else to
        edits = [*in_lines.remove(box, index), *in_lines.insert(box, below, text_of(box, box.entries[index]))]
    meant = with_value(files[file].data, steps, _in_order(value(files, file, steps), order))
    return commit(files, file, steps, box.base, edits, meant=meant)


def _in_order(container: Any, order: list[int]) -> Any:
    if isinstance(container, list):
        return [container[n] for n in order]
    pairs = list(container.items())
    return dict(pairs[n] for n in order)


def transfer(files: Files, file: str, steps: Steps, *, to_file: str, to: Steps, name: str | None, index: int) -> Files:
    """An entry taken out and put before entry number `index` of the container `to`, as `name` (none: a list)."""
    box, number = entry_at(files, file, steps)
    entry = box.entries[number]
    moved = value(files, file, steps)
    target = clearly(to, lambda: box_at(files[to_file], to))
    as_it_is = target is not None and not target.flow and not box.flow and target.entries and target.is_map == box.is_map
    if as_it_is and target is not None:
        body = _moved(box, entry, target, index, name)
        files = put_text(files, to_file, to, name, body, index=index, value=moved)
    else:
        if has_comment(box, number):
            raise refusal("comment_in_the_way", written(steps))
        files = put_entry(files, to_file, to, name, moved, index=index, like=(entry.value,))
    return take_out(files, file, _after(steps, to, index) if file == to_file and name is None else steps)


def _after(steps: Steps, to: Steps, index: int) -> Steps:
    """A path after something was put into a list that it may lead through."""
    depth = len(to)
    if steps[:depth] == to and isinstance(steps[depth], int) and index <= int(steps[depth]):
        return (*steps[:depth], int(steps[depth]) + 1, *steps[depth + 1 :])
    return steps


def _moved(box: Box, entry: Entry, target: Box, index: int, name: str | None) -> str:
    """An entry's lines as they stand in another container: indented anew, under its new name."""
    body, by = text_of(box, entry), target.column - box.column
    if name is not None:
        at = box.column if entry.shares else entry.start - entry.lead
        old = box.text[entry.start : entry.after - 1]
        new = old if entry.name == name else key(name, flow=False, style=old[0] if old[0] in "'\"" else "")
        one_line = entry.first > entry.after and "\n" not in box.text[entry.start : entry.first]
        pad = padding(target, index, new) if one_line else ""
        body = f"{body[:at]}{new}:{pad}{body[at + (entry.first if one_line else entry.after) - entry.start :]}"
    return "".join(_indented(row, by) for row in body.splitlines(keepends=True))


def _indented(row: str, by: int) -> str:
    if not row.strip():
        return row
    return " " * by + row if by >= 0 else row[min(-by, len(row) - len(row.lstrip(" "))) :]


def has_comment(box: Box, index: int) -> bool:
    """Is there a comment with an entry, above it, behind it or within?"""
    text, entry = box.text, box.entries[index]
    start, end = entry.lead, entry.end
    if box.flow:
        start, _, _, end = in_braces.extent(box, index)
        end = max(end, entry.last)
    at = start
    for begin, stop in sorted(_words(entry)):
        if "#" in text[at:begin]:
            return True
        at = max(at, stop)
    return "#" in text[at:end]


def _words(entry: Entry) -> list[tuple[int, int]]:
    """Where keys and scalars stand; of a literal block without its header, which may hold a comment."""
    found = [(entry.start, entry.start + 1)]
    waiting: list[Node] = [entry.value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scalar):
            header = 2 + (len(node.text) == 0) if node.style in {"|", ">"} else 0
            found.append((node.extent[0] + entry.shift + header, node.extent[1] + entry.shift))
        elif isinstance(node, MapNode):
            found += [(start + entry.shift, end + entry.shift) for start, end in node.places.values()]
            waiting += node.items.values()
        else:
            waiting += node.items
    return found

"""YAML text → tree with places. Reads events one by one, so that no text, however hostile, makes it recurse or swell.

No anchors, aliases, merge keys, tags or duplicate keys: a definition says what it says in one place. Inside braces a comma
belongs to the text before it when no name and colon follow: `{en: Shipped, not signed}` is one label, where plain YAML would
see a key without a value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import yaml

from engine.definition.decode import UNPRINTABLE, decode
from engine.definition.faults import STUCK, not_yaml, stuck_colon
from engine.definition.messages import diagnose
from engine.definition.nodes import Extent, ListNode, MapNode, Node, Scalar
from engine.definition.scalars import resolve
from engine.model.diagnostic import DefinitionError, Diagnostic, Span
from engine.model.text import Text

# Of all files together; the problems are of one file.
LARGEST, DEEPEST, MOST_PARTS, MOST_PROBLEMS = 5 * 1024 * 1024, 100, 100_000, 20
MOST_FILES = 500
NOT_THE_APP = frozenset({"cases.yaml"})
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LIKE_A_NAME = re.compile(r"[a-z][a-z0-9_]*")


def read_folder(path: Path) -> dict[str, bytes]:
    """Every `*.yaml` that stands directly in a folder, by name, sorted; `cases.yaml` is a template's tests and no part of
    the app. Raises DefinitionError when there is none. What is over the limit is read only far enough for `read_files` to
    refuse it."""
    names = sorted(p for p in path.glob("*.yaml") if p.is_file() and _is_ours(p.name)) if path.is_dir() else []
    if not names:
        raise DefinitionError([diagnose("no-files", Span(path.name), "")])
    if len(names) > MOST_FILES:
        raise DefinitionError([_too_many_files(Span(path.name))])
    files: dict[str, bytes] = {}
    room = LARGEST + 1
    for file in names:
        with file.open("rb") as stream:
            files[file.name] = stream.read(room)
        room -= len(files[file.name])
    return files


def _is_ours(name: str) -> bool:
    return not name.startswith(".") and name not in NOT_THE_APP


def _too_many_files(span: Span) -> Diagnostic:
    what = Text("最多 {n} 个文件", "at most {n} files").fill(n=MOST_FILES)
    return diagnose("too-large", span, "", what=what, hint=Text("把几个文件合成一个", "Put several files into one"))


def read_files(files: Mapping[str, bytes]) -> list[MapNode]:
    """The trees of all files, in the order of their names. Raises DefinitionError with every problem found."""
    if not files:
        raise DefinitionError([diagnose("no-files", Span(), "")])
    if len(files) > MOST_FILES:
        raise DefinitionError([_too_many_files(Span())])
    roots: list[MapNode] = []
    problems: list[Diagnostic] = []
    size = parts = 0
    for name in sorted(files):
        size += len(files[name])
        try:
            root, used = _read_one(name, files[name], size, parts)
        except DefinitionError as error:
            problems += error.diagnostics
        else:
            roots.append(root)
            parts += used
        if size > LARGEST or parts > MOST_PARTS or len(problems) >= MOST_PROBLEMS:
            break
    if problems:
        raise DefinitionError(problems)
    return roots


def read_text(file: str, data: bytes) -> MapNode:
    """One file's tree; an empty file is an empty map. Raises DefinitionError with every problem found."""
    return _read_one(file, data, len(data), 0)[0]


def _read_one(file: str, data: bytes, size: int, parts: int) -> tuple[MapNode, int]:
    """The tree and the number of its parts. `size`, `parts`: bytes up to here, and parts before it, of all files."""
    if size > LARGEST:
        raise DefinitionError(
            [
                diagnose(
                    "too-large", Span(file, 1, 1), "", what=Text("全部文件加起来超过 5 MB", "all files together are over 5 MB")
                )
            ]
        )
    text = decode(file, data)
    reader = _Reader(file, parts)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            reader.take(event)
    except yaml.YAMLError as error:
        reader.problems.append(not_yaml(file, error, text))
    except _StopReading:
        pass
    if reader.problems:
        raise DefinitionError(reader.problems)
    root = reader.root
    if root is None or (isinstance(root, Scalar) and root.value is None):
        root = MapNode({}, {}, Span(file, 1, 1))
    if not isinstance(root, MapNode):
        raise DefinitionError([diagnose("not-a-map", root.span, "")])
    return root, reader.parts - parts


class _StopReading(Exception):
    """Too deep, too large or too many problems: nothing more can be learned."""


@dataclass(slots=True)
class _Frame:
    """A map or list that is being read. `key`: read, and waiting for its value."""

    span: Span
    is_map: bool
    flow: bool
    start: int
    items: list[Node] = field(default_factory=list)
    entries: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Span] = field(default_factory=dict)
    places: dict[str, Extent] = field(default_factory=dict)
    key: str | None = None
    waiting: bool = False
    key_end: tuple[int, int] = (0, 0)
    last: str | None = None

    def node(self, end: int) -> Node:
        extent = (self.start, end)
        if self.is_map:
            return MapNode(self.entries, self.keys, self.span, extent, self.flow, self.places)
        return ListNode(tuple(self.items), self.span, extent, self.flow)


class _Reader:
    """Takes events in order and keeps the open maps and lists on a stack of its own."""

    def __init__(self, file: str, parts: int) -> None:
        self.file = file
        self.parts = parts
        self.root: Node | None = None
        self.problems: list[Diagnostic] = []
        self._stack: list[_Frame] = []
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        """One event of the YAML library."""
        if isinstance(event, yaml.ScalarEvent):
            self._refuse_marks(event, tagged=event.tag is not None)
            if not self._continues(event):
                self._place_node(self._scalar(event))
                if self._stack and self._stack[-1].waiting:
                    end: Any = event.end_mark
                    self._stack[-1].key_end = (end.line, end.column)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._refuse_marks(event, tagged=event.tag is not None)
            self._open(event)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._place_node(self._stack.pop().node(_extent(event)[1]))
        elif isinstance(event, yaml.AliasEvent):
            self._problem("alias", event)
            self._place_node(Scalar("", None, self._span(event), self._span(event)))
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._stop("several-documents", event)

    def _open(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        if len(self._stack) >= DEEPEST:
            self._stop("too-deep", event, most=DEEPEST)
        flow = bool(event.flow_style)
        self._stack.append(_Frame(self._span(event), isinstance(event, yaml.MappingStartEvent), flow, _extent(event)[0]))

    def _place_node(self, node: Node) -> None:
        self.parts += 1
        if self.parts > MOST_PARTS:
            self._stop("too-large", None, what=Text("超过 {n} 个条目", "over {n} entries").fill(n=MOST_PARTS), span=node.span)
        if not self._stack:
            self.root = node
            return
        frame = self._stack[-1]
        if not frame.is_map:
            frame.items.append(node)
        elif frame.waiting:
            if frame.flow and isinstance(node, Scalar) and node.value is None and STUCK.match(frame.key or ""):
                self._add(stuck_colon(frame.keys[frame.key or ""], frame.key or ""))
            frame.waiting = False
            frame.last = frame.key
            if frame.key is not None:
                frame.entries[frame.key] = node
        else:
            frame.waiting = True
            frame.key = self._key(frame, node)

    def _continues(self, event: yaml.ScalarEvent) -> bool:
        """In braces, the empty value of a 'key' without a colon: the key is the rest of the text before the comma."""
        mark: Any = event.start_mark
        frame = self._stack[-1] if self._stack else None
        if frame is None or not frame.waiting or not frame.key or event.value or (mark.line, mark.column) != frame.key_end:
            return False
        before = frame.entries.get(frame.last or "")
        if not isinstance(before, Scalar) or before.inside != before.span or not isinstance(before.value, str):
            return False
        if _LIKE_A_NAME.fullmatch(frame.key) or STUCK.match(frame.key):
            return False
        text = f"{before.text}, {frame.key}"
        del frame.keys[frame.key]
        extent = (before.extent[0], frame.places.pop(frame.key)[1])
        frame.entries[frame.last or ""] = Scalar(text, text, before.span, before.inside, extent)
        frame.waiting, frame.key = False, frame.last
        return True

    def _key(self, frame: _Frame, node: Node) -> str | None:
        if not isinstance(node, Scalar) or not node.text:
            self._add(diagnose("bad-key", node.span, ""))
            return None
        if node.text in frame.keys:
            self._add(diagnose("duplicate-key", node.span, "", name=node.text, line=frame.keys[node.text].line))
            return None
        frame.keys[node.text], frame.places[node.text] = node.span, node.extent
        return node.text

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        span = self._span(event)
        style = getattr(event, "style", None) or ""
        inside = span
        if style in {"'", '"'} and style:
            inside = Span(span.file, span.line, span.column + 1)
        elif style in {"|", ">"}:
            inside = Span(span.file, span.line + 1, 1)
        if style == '"' and UNPRINTABLE.search(event.value):
            self._problem("bad-character", event)
        value = event.value if style in {"'", '"', "|", ">"} else resolve(event.value)
        return Scalar(event.value, value, span, inside, _extent(event), style)

    def _refuse_marks(self, event: Any, *, tagged: bool) -> None:
        if event.anchor is not None:
            self._problem("alias", event)
        if tagged:
            self._problem("tag", event)

    def _problem(self, code: str, event: yaml.Event) -> None:
        self._add(diagnose(code, self._span(event), ""))

    def _add(self, diagnostic: Diagnostic) -> None:
        self.problems.append(diagnostic)
        if len(self.problems) >= MOST_PROBLEMS:
            raise _StopReading

    def _stop(self, code: str, event: yaml.Event | None, *, span: Span | None = None, **slots: int | Text) -> None:
        self.problems.append(diagnose(code, span or self._span(event), "", hint=None, **slots))
        raise _StopReading

    def _span(self, event: yaml.Event | None) -> Span:
        mark: Any = getattr(event, "start_mark", None)
        return Span(self.file, mark.line + 1, mark.column + 1) if mark else Span(self.file, 1, 1)


def _extent(event: yaml.Event) -> Extent:
    start, end = cast(Any, event.start_mark), cast(Any, event.end_mark)
    return start.index, end.index

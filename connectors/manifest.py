"""A connector's manifest: one YAML file of `connectors/catalog` for each product, read into frozen values.

Here, so that a product is data: adding one is adding a file. The shape is checked by `manifest.schema.json`, what a schema
cannot say is checked below, and every problem names the file and the place. It must not call anything."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from engine.model.connector import ConnectorInfo, Stream
from engine.model.text import Text
from engine.model.types import BOOLEAN, DATETIME, INTEGER, MONEY, TEXT, Type

SCHEMA = Path(__file__).with_name("manifest.schema.json")
TYPES: Mapping[str, Type] = MappingProxyType(
    {"text": TEXT, "integer": INTEGER, "money": MONEY, "datetime": DATETIME, "boolean": BOOLEAN}
)
_UNITS = MappingProxyType({"s": "seconds", "m": "minutes", "h": "hours"})


class ManifestError(ValueError):
    """A manifest that cannot be used: our own file is wrong, not a user."""


@dataclass(frozen=True, slots=True)
class Setting:
    """`kind` host: a domain, or an address that private hosts allow. `pattern`: what the whole value must look like."""

    name: str
    title: Text
    kind: str
    pattern: re.Pattern[str] | None
    example: str


@dataclass(frozen=True, slots=True)
class Selector:
    """Where a value stands in a row and what it must be: the first of `paths` that is not null. `pattern`: its group is the
    value; `empty`: null is a value (also of an object on the way)."""

    name: str
    paths: tuple[tuple[str, ...], ...]
    type: Type
    empty: bool
    pattern: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class More:
    """How the rest of a list inside a row is fetched: by `query` with `$id` from the row's path `of`; at most `limit` rows."""

    query: str
    connection: tuple[str, ...]
    of: tuple[str, ...]
    limit: int


@dataclass(frozen=True, slots=True)
class ListSpec:
    """Rows inside a row; without `more`, a list longer than what came along is an error."""

    name: str
    path: tuple[str, ...]
    fields: tuple[Selector, ...]
    more: More | None


@dataclass(frozen=True, slots=True)
class StreamSpec:
    """A stream of one connection. `walk`: rows after which a walk may start again at a later watermark; `moment` is the
    field that orders the stream and makes it incremental, `lag` how late a row may become visible."""

    name: str
    query: str
    connection: tuple[str, ...]
    page: int
    walk: int | None
    moment: str
    filter: str
    lag: timedelta
    fields: tuple[Selector, ...]
    lists: tuple[ListSpec, ...]


@dataclass(frozen=True, slots=True)
class Errors:
    """Codes of a source's own errors, and the pattern of its words for a page cursor that no longer holds."""

    throttled: frozenset[str]
    transient: frozenset[str]
    expired: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Manifest:
    """One product. `url` and `headers` hold `{setting}` slots."""

    name: str
    title: Text
    pending: bool
    family: str | None
    settings: Mapping[str, Setting]
    url: str
    headers: Mapping[str, str]
    errors: Errors
    streams: Mapping[str, StreamSpec]

    def info(self) -> ConnectorInfo:
        """What the engine knows of this connector."""
        streams = {
            name: Stream(name, _types(s.fields), {i.name: _types(i.fields) for i in s.lists})
            for name, s in self.streams.items()
        }
        titles = {name: setting.title for name, setting in self.settings.items()}
        return ConnectorInfo(self.name, self.title, titles, streams, self.pending)


def load(path: Path) -> Manifest:
    """Read one manifest. Raises ManifestError naming the file and the place."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ManifestError(f"{path.name}: {error}") from error
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    problems = [f"{e.json_path}: {e.message}" for e in Draft202012Validator(schema).iter_errors(data)]
    if not problems:
        manifest = _manifest(data)
        problems = list(_problems(manifest, path.stem))
        if not problems:
            return manifest
    raise ManifestError(f"{path.name}: " + "; ".join(problems))


def _manifest(data: Mapping[str, Any]) -> Manifest:
    request, faults = data.get("request", {}), data.get("errors", {})
    expired = faults.get("expired")
    return Manifest(
        name=data["name"],
        title=Text.of(data["title"]),
        pending=data.get("pending", False),
        family=data.get("family"),
        settings=_each(data["settings"], _setting),
        url=request.get("url", ""),
        headers=MappingProxyType(dict(request.get("headers", {}))),
        errors=Errors(
            frozenset(faults.get("throttled", ())),
            frozenset(faults.get("transient", ())),
            re.compile(expired) if expired else None,
        ),
        streams=_each(data.get("streams", {}), _stream),
    )


def _each(data: Mapping[str, Any], make: Any) -> Mapping[str, Any]:
    return MappingProxyType({name: make(name, value) for name, value in data.items()})


def _setting(name: str, data: Mapping[str, Any]) -> Setting:
    return Setting(name, Text.of(data["title"]), data["kind"], _pattern(data), data.get("example", ""))


def _stream(name: str, data: Mapping[str, Any]) -> StreamSpec:
    step = data["incremental"]
    return StreamSpec(
        name=name,
        query=data["query"],
        connection=_path(data["connection"]),
        page=data["page"],
        walk=data.get("walk"),
        moment=step["field"],
        filter=step["filter"],
        lag=timedelta(**{_UNITS[step["lag"][-1]]: int(step["lag"][:-1])}),
        fields=_selectors(data["fields"]),
        lists=tuple(_list(key, value) for key, value in data.get("lists", {}).items()),
    )


def _list(name: str, data: Mapping[str, Any]) -> ListSpec:
    rest = data.get("more")
    more = More(rest["query"], _path(rest["connection"]), _path(rest["of"]), rest["limit"]) if rest else None
    return ListSpec(name, _path(data["path"]), _selectors(data["fields"]), more)


def _selectors(data: Mapping[str, Any]) -> tuple[Selector, ...]:
    return tuple(map(partial(_selector, data), data))


def _selector(fields: Mapping[str, Any], name: str) -> Selector:
    data = fields[name]
    paths = [data["path"]] if isinstance(data["path"], str) else data["path"]
    return Selector(name, tuple(map(_path, paths)), TYPES[data["type"]], data.get("empty", False), _pattern(data))


def _pattern(data: Mapping[str, Any]) -> re.Pattern[str] | None:
    return re.compile(data["pattern"]) if "pattern" in data else None


def _path(text: str) -> tuple[str, ...]:
    return tuple(text.split("."))


def _types(fields: tuple[Selector, ...]) -> Mapping[str, Type]:
    return MappingProxyType({f.name: f.type for f in fields})


def _problems(manifest: Manifest, stem: str) -> Iterator[str]:
    if manifest.name != stem:
        yield f"$.name: '{manifest.name}' is not the name of the file"
    for text in (manifest.url, *manifest.headers.values()):
        for slot in re.findall(r"\{(\w+)\}", text):
            if slot not in manifest.settings:
                yield f"$.request: '{{{slot}}}' is no setting"
    for stream in manifest.streams.values():
        moment = next((f for f in stream.fields if f.name == stream.moment), None)
        if moment is None or moment.type != DATETIME or moment.empty:
            yield f"$.streams.{stream.name}.incremental.field: '{stream.moment}' must be a datetime that is always there"
        if "{since}" not in stream.filter:
            yield f"$.streams.{stream.name}.incremental.filter: has no {{since}}"
        for group in (stream.fields, *(entry.fields for entry in stream.lists)):
            for field in group:
                if field.pattern is not None and (field.type != TEXT or field.pattern.groups != 1):
                    yield f"$.streams.{stream.name}: the pattern of '{field.name}' needs a text and exactly one group"

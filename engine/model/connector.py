"""What the engine knows of a connector: its settings, its streams and the port that fetches. Code and manifests for
products live in `connectors/`; app.py hands them to the engine as a Catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from engine.model.text import Text
from engine.model.types import Type


@dataclass(frozen=True, slots=True)
class Stream:
    """A list of rows a connector can pull. `fields`: names under `source.` with types; `lists`: rows inside a row."""

    name: str
    fields: Mapping[str, Type]
    lists: Mapping[str, Mapping[str, Type]]


@dataclass(frozen=True, slots=True)
class ConnectorInfo:
    """`pending`: known and accepted in a definition, but not running yet in this version. `settings`: name → what it is."""

    name: str
    title: Text
    settings: Mapping[str, Text]
    streams: Mapping[str, Stream]
    pending: bool = False


@dataclass(frozen=True, slots=True)
class SourcePage:
    """Rows in order, values typed as the stream says (Decimal, aware UTC datetime, str …; lists hold mappings). `cursor`:
    JSON to be saved together with these rows; `last`: nothing more now."""

    rows: tuple[Mapping[str, Any], ...]
    cursor: Mapping[str, Any]
    last: bool


@dataclass(eq=False)
class SourceError(Exception):
    """A source that did not answer as documented. `retry_after` seconds when it said so."""

    code: str
    message: Text
    retry_after: float | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


class Catalogue(Protocol):
    """The port to all connectors."""

    def info(self, name: str) -> ConnectorInfo | None:
        """The connector of that name, if there is one."""

    def names(self) -> tuple[str, ...]:
        """All connectors, sorted."""

    def pages(
        self, name: str, stream: str, settings: Mapping[str, str], cursor: Mapping[str, Any] | None
    ) -> Iterator[SourcePage]:
        """Fetch from where `cursor` stands (None: from the beginning). Settings come decrypted. Raises SourceError."""

"""The catalogue of connectors that the engine works with (the port `Catalogue` of engine.model.connector).

Here, to bring manifests and protocol families together: a product is one file in `catalog/`, a family one module of this
package with a constant `FAMILY`; both are found, nothing is listed. It must not know any product or protocol by name."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any

import connectors
from connectors import errors, manifest
from connectors import settings as checks
from connectors.addresses import AllowedHosts
from connectors.manifest import Manifest, ManifestError
from connectors.outbound import Outbound
from connectors.tools import Family, Tools
from engine.model.connector import ConnectorInfo, SourcePage
from engine.model.text import Text

FOLDER = Path(__file__).with_name("catalog")


class ManifestCatalogue:
    """All manifests, read once; immutable, shared by threads."""

    def __init__(self, manifests: Mapping[str, Manifest], families: Mapping[str, Family], tools: Tools) -> None:
        self._manifests, self._families, self._tools = manifests, families, tools
        self._infos = MappingProxyType({name: entry.info() for name, entry in manifests.items()})

    def info(self, name: str) -> ConnectorInfo | None:
        """The connector of that name, if there is one."""
        return self._infos.get(name)

    def names(self) -> tuple[str, ...]:
        """All connectors, sorted."""
        return tuple(sorted(self._infos))

    def pages(
        self, name: str, stream: str, settings: Mapping[str, str], cursor: Mapping[str, Any] | None
    ) -> Iterator[SourcePage]:
        """Fetch from where `cursor` stands (None: from the beginning). Settings come decrypted and are checked before
        anything is called. Raises SourceError."""
        entry = self._manifests.get(name)
        if entry is None or entry.family is None or stream not in entry.streams:
            what = Text("没有 {name} 的 {stream} 数据", "there is no stream {stream} of {name}").fill(name=name, stream=stream)
            raise errors.settings(what)
        given = checks.complete(entry, settings, self._tools.outbound.allowed)
        return self._families[entry.family].pages(entry, stream, given, cursor, self._tools)


def load(*, allow_private_hosts: str = "", tools: Tools | None = None, folder: Path = FOLDER) -> ManifestCatalogue:
    """The catalogue of all manifests in `folder`. `allow_private_hosts`: comma list of host or host:port that calls may reach
    though private (DAJIAN_ALLOW_PRIVATE_HOSTS); ignored when `tools` are given. Raises ManifestError, or ValueError for a list
    that is none."""
    given = tools or Tools(Outbound(AllowedHosts.parse(allow_private_hosts)))
    manifests = {path.stem: manifest.load(path) for path in sorted(folder.glob("*.yaml"))}
    families = _families()
    for name, entry in manifests.items():
        if entry.family is not None and entry.family not in families:
            raise ManifestError(f"{name}.yaml: there is no family '{entry.family}'")
    return ManifestCatalogue(MappingProxyType(manifests), families, given)


def _families() -> Mapping[str, Family]:
    names = (module.name for module in pkgutil.iter_modules(connectors.__path__) if module.name != "catalogue")
    found = (getattr(import_module(f"connectors.{name}"), "FAMILY", None) for name in names)
    return MappingProxyType({family.name: family for family in found if family is not None})

"""The family of sources that are read by GraphQL over HTTP: connections paged by cursor, ordered by their last change.

Here, so that a product of this family is only a manifest. What is promised of the position is argued in `walk`; what may be
called is judged in `outbound`. It must not know any product: names, paths and queries come from the manifest."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from connectors import errors, values
from connectors.manifest import ListSpec, Manifest, StreamSpec
from connectors.outbound import Answer, Session, retry_after
from connectors.throttle import Throttle
from connectors.tools import Tools
from connectors.walk import Walk
from engine.model.connector import SourceError, SourcePage
from engine.model.text import Text

_EXPIRED = "expired"
_RESTARTS = 2
_MARGIN = 0.1
"""Seconds waited beyond what the allowance needs, since the source's clock and ours round differently."""


class GraphQL:
    """The family itself; holds nothing."""

    name = "graphql"

    def pages(
        self, manifest: Manifest, stream: str, settings: Mapping[str, str], cursor: Mapping[str, Any] | None, tools: Tools
    ) -> Iterator[SourcePage]:
        """Walk the stream from where `cursor` stands to its end. Every page comes with the cursor to save together with its
        rows. Raises SourceError; what was yielded before stays good."""
        spec = manifest.streams[stream]
        url = _fill(manifest.url, settings)
        # Of a shop, not of an address: a new version in the path must not throw the position away.
        walk = Walk.from_json(f"{'/'.join(url.split('/')[:3])}#{stream}", cursor)
        restarts = 0
        with tools.outbound.open() as session:
            source = _Source(session, manifest, url, settings, tools)
            while True:
                try:
                    page = source.page(spec, walk)
                except SourceError as error:
                    if error.code != _EXPIRED or walk.after is None or restarts >= _RESTARTS:
                        raise
                    restarts += 1
                    walk = walk.restart()
                    continue
                walk = page.next(walk, spec)
                yield SourcePage(page.rows, walk.to_json(), page.after is None)
                if page.after is None:
                    return


FAMILY = GraphQL()


@dataclass(frozen=True, slots=True)
class _Page:
    """`after`: cursor of the next page, None when there is none; `served`: the source's time when it looked."""

    rows: tuple[Mapping[str, Any], ...]
    after: str | None
    served: datetime

    def next(self, walk: Walk, spec: StreamSpec) -> Walk:
        """Where the walk stands with this page read."""
        changes = [row[spec.moment] for row in self.rows]
        if self.after is None:
            return walk.finish(changes, served=self.served, lag=spec.lag)
        return walk.step(changes, served=self.served, lag=spec.lag, after=self.after).split(spec.walk, spec.lag)


class _Source:
    """One source during one pull."""

    def __init__(self, session: Session, manifest: Manifest, url: str, settings: Mapping[str, str], tools: Tools) -> None:
        self._session, self._manifest, self._url, self._tools = session, manifest, url, tools
        own = {name: _fill(value, settings) for name, value in manifest.headers.items()}
        self._headers = {**own, "Content-Type": "application/json", "Accept": "application/json"}
        self._throttle = Throttle(tools.monotonic)

    def page(self, spec: StreamSpec, walk: Walk) -> _Page:
        """The next page of a walk, lists inside its rows complete."""
        since = walk.watermark
        condition = spec.filter.replace("{since}", since.strftime("%Y-%m-%dT%H:%M:%SZ")) if since is not None else None
        data, served = self._ask(spec.query, {"first": spec.page, "after": walk.after, "filter": condition})
        nodes, after = _connection(data, spec.connection, walk.after, "data")
        at = ".".join(("data", *spec.connection, "nodes"))
        rows = tuple(self._row(node, spec, f"{at}[{index}]") for index, node in enumerate(nodes))
        return _Page(rows, after, served)

    def _row(self, node: Any, spec: StreamSpec, at: str) -> Mapping[str, Any]:
        result = values.row(node, spec.fields, at)
        for entry in spec.lists:
            result[entry.name] = self._list(node, entry, at)
        return result

    def _list(self, node: Any, entry: ListSpec, at: str) -> tuple[Mapping[str, Any], ...]:
        """The rows inside a row; what did not come along is fetched, or is an error."""
        nodes, after = _connection(node, entry.path, None, at)
        at = ".".join((at, *entry.path))
        while after is not None:
            if entry.more is None or len(nodes) >= entry.more.limit:
                raise errors.list_too_long(at, entry.more.limit if entry.more else len(nodes))
            data, _ = self._ask(entry.more.query, {"id": values.dig(node, entry.more.of, at), "after": after})
            further, after = _connection(data, entry.more.connection, after, "data")
            nodes = [*nodes, *further]
        return tuple(values.row(child, entry.fields, f"{at}.nodes[{index}]") for index, child in enumerate(nodes))

    def _ask(self, query: str, variables: Mapping[str, Any]) -> tuple[Any, datetime]:
        """`data` of an answer without errors, and the source's time. Waits for the allowance, and tries again what may pass."""
        attempt = 1
        while True:
            self._wait(self._throttle.wait(query))
            try:
                return self._once(query, variables)
            except SourceError as error:
                if error.code not in errors.TRANSIENT or attempt >= self._tools.retry.attempts:
                    raise
                if error.retry_after is not None and error.retry_after > self._tools.retry.longest:
                    raise
                if error.retry_after is not None:
                    self._tools.sleep(error.retry_after)
                elif error.code != "throttled" or not self._throttle.wait(query):
                    self._tools.sleep(self._tools.retry.pause(attempt, self._tools.chance()))
            attempt += 1

    def _wait(self, seconds: float) -> None:
        if seconds > self._tools.retry.longest:
            raise errors.throttled(seconds)
        if seconds > 0:
            self._tools.sleep(seconds + _MARGIN)

    def _once(self, query: str, variables: Mapping[str, Any]) -> tuple[Any, datetime]:
        body = json.dumps({"query": query, "variables": variables}).encode()
        answer = self._session.post(self._url, body, self._headers)
        if answer.status != 200:
            raise errors.status(answer.host, answer.status, retry_after(answer))
        payload = _json(answer)
        extensions = payload.get("extensions")
        self._throttle.learn(query, extensions.get("cost") if isinstance(extensions, dict) else None)
        if payload.get("errors"):
            raise self._refusal(payload["errors"])
        # An answer without errors may still be an error page of something in between: no data is no empty page.
        return values.dig(payload, ("data",), ""), self._served(answer)

    def _refusal(self, faults: Any) -> SourceError:
        """What `errors` inside a 200 mean (https://spec.graphql.org/October2021/#sec-Errors); the first that is known wins.
        An answer with errors is never used, though it may hold part of the data."""
        codes, words = _faults(faults)
        spec = self._manifest.errors
        if spec.expired is not None and any(spec.expired.search(text) for text in words):
            return SourceError(_EXPIRED, Text("翻页标记已失效", "the page cursor no longer holds"))
        if any(code in spec.throttled for code in codes):
            return errors.throttled(None)
        if any(code in spec.transient for code in codes):
            return errors.internal("; ".join(words))
        return errors.refused(next((code for code in codes if code), ""), "; ".join(words))

    def _served(self, answer: Answer) -> datetime:
        """The source's own time when it looked, never later than that: rows it gave changed by its clock, not by ours."""
        try:
            moment = parsedate_to_datetime(answer.headers["date"])
        except (KeyError, ValueError, TypeError):
            moment = self._tools.now()
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        return moment - timedelta(seconds=math.ceil(answer.seconds))


def _connection(data: Any, path: tuple[str, ...], before: str | None, at: str) -> tuple[list[Any], str | None]:
    """The nodes of a connection and the cursor of its next page, if there is one. Raises SourceError where it is not as
    documented or its cursor does not move (https://relay.dev/graphql/connections.htm)."""
    found = values.dig(data, path, at)
    at = ".".join((at, *path))
    nodes = values.dig(found, ("nodes",), at)
    if not isinstance(nodes, list):
        raise errors.bad_value(f"{at}.nodes", Text("列表", "a list"))
    more = values.dig(found, ("pageInfo", "hasNextPage"), at)
    end = values.dig(found, ("pageInfo", "endCursor"), at)
    if not isinstance(more, bool):
        raise errors.bad_value(f"{at}.pageInfo.hasNextPage", Text("是或否", "true or false"))
    if not more:
        return nodes, None
    if not nodes or not isinstance(end, str) or not end or end == before:
        raise errors.stuck(at)
    return nodes, end


def _json(answer: Answer) -> dict[str, Any]:
    try:
        payload = json.loads(answer.body.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        start = answer.body[:200].lstrip().lower()
        raise errors.not_json(answer.host, page=start.startswith((b"<!doctype", b"<html"))) from None
    if not isinstance(payload, dict):
        raise errors.not_json(answer.host, page=False)
    return payload


def _no_number(text: str) -> Any:
    raise ValueError(text)


def _faults(faults: Any) -> tuple[list[str], list[str]]:
    """Codes and words of the errors of an answer; a source may also give one bare text."""
    entries = faults if isinstance(faults, list) else [faults]
    codes: list[str] = []
    words: list[str] = []
    for entry in entries[:20]:
        extensions = entry.get("extensions") if isinstance(entry, dict) else None
        codes.append(str(extensions.get("code", "")) if isinstance(extensions, dict) else "")
        words.append(str(entry.get("message", "")) if isinstance(entry, dict) else str(entry))
    return codes, words


def _fill(text: str, settings: Mapping[str, str]) -> str:
    for name, value in settings.items():
        text = text.replace("{" + name + "}", value)
    return text

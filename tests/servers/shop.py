"""A local shop that speaks the part of Shopify's Admin GraphQL that reading orders needs, and goes on selling.

Here for two readers: tests that must meet a source as it is, faults included, over real HTTP; and the demo, where it is the
running source of new orders. It must never be reachable from outside: it listens on 127.0.0.1 only.

    python -m tests.servers.shop --port 9100 --token demo --seed 7 --every 4 --orders 60 --state shop.json

Token header and path  https://shopify.dev/docs/api/admin-graphql
Statuses and codes     https://shopify.dev/docs/api/usage/response-codes
Refusal of a query     https://community.shopify.com/t/graphql-admin-api-example-throttled-requests-response/8456"""

from __future__ import annotations

import argparse
import contextlib
import hmac
import json
import re
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from graphql import GraphQLError, parse

from tests.servers import shop_cost, shop_faults
from tests.servers.shop_cost import Bucket
from tests.servers.shop_faults import Control
from tests.servers.shop_graphql import DEEPEST, Answering
from tests.servers.shop_orders import Orders

_PATH = re.compile(r"/admin/api/(\d{4}-\d\d|unstable)/graphql\.json")
_LOGIN = "<!DOCTYPE html><html><head><title>Log in</title></head><body><form>Email …</form></body></html>"
_DRIP = 0.05
_PLAIN: dict[str, tuple[int, dict[str, str], bytes]] = {
    "429": (429, {"Retry-After": "2.0"}, b"{}"),
    "429-long": (429, {"Retry-After": "3600"}, b"{}"),
    "500": (500, {}, b"{}"),
    "503": (503, {}, b"<html>Service Unavailable</html>"),
    "html": (200, {"Content-Type": "text/html"}, _LOGIN.encode()),
    "garbage": (200, {}, b"\x00\xff\xfe garbage {{{"),
    "redirect": (302, {"Location": "http://169.254.169.254/latest/meta-data/"}, b""),
    "gzip": (200, {"Content-Encoding": "gzip"}, b"\x1f\x8b" + b"\x00" * 100),
}


class Shop:
    """A shop on a port of 127.0.0.1 (0: any free one). Use as a context manager, or `start` and `stop`."""

    def __init__(
        self,
        orders: Orders,
        *,
        token: str,
        port: int = 0,
        every: float = 0,
        bucket: Bucket | None = None,
        deepest: int = DEEPEST,
    ) -> None:
        self.orders, self.token, self.every = orders, token, every
        self.control = Control()
        self.answering = Answering(orders, deepest=deepest)
        self.bucket = bucket or Bucket(lambda: orders.now().timestamp())
        self._stop = threading.Event()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.shop = self

    @property
    def url(self) -> str:
        """Its origin, as the setting `shop` takes it."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def host(self) -> str:
        """Its entry in the list of allowed hosts."""
        return self.url.removeprefix("http://")

    def start(self) -> None:
        """Answer, and sell, in threads of their own."""
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        if self.every:
            threading.Thread(target=self._sell, daemon=True).start()

    def stop(self) -> None:
        """Close the port. Orders stay in the state file, if there is one."""
        self._stop.set()
        self.control.clear()
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Shop:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def expire(self) -> None:
        """No page cursor given out so far holds any longer."""
        self.answering.era += 1

    def run(self, query: str, variables: dict[str, Any], fault: str | None) -> dict[str, Any]:
        """One query, paid for from the bucket."""
        try:
            asked = shop_cost.asked(parse(query, max_tokens=2000), variables)
        except GraphQLError as error:
            return {"errors": [error.formatted]}
        if asked > shop_cost.COSTLIEST:
            words = f"Query cost is {asked}, which exceeds the single query max cost limit ({shop_cost.COSTLIEST})"
            return {"errors": [{"message": words, "extensions": {"code": "MAX_COST_EXCEEDED"}}]}
        if fault == "throttled":
            self.bucket.set(0)
        if not self.bucket.take(asked):
            self.control.count("refused")
            refusal = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
            return {"errors": [refusal], "extensions": {"cost": self.bucket.cost(asked, None)}}
        body = self.answering.answer(query, variables)
        spent = shop_cost.spent(body.get("data"))
        self.bucket.give_back(max(0, asked - spent))
        return {**body, "extensions": {"cost": self.bucket.cost(asked, spent)}}

    def _sell(self) -> None:
        while not self._stop.wait(self.every):
            self.orders.stir()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    shop: Shop

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up in the middle are part of the play."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "LocalShop"
    timeout = 30
    disable_nagle_algorithm = True
    server: _Server

    def do_POST(self) -> None:
        shop = self.server.shop
        raw = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), 1_000_000))
        given = self.headers.get("X-Shopify-Access-Token", "")
        if not hmac.compare_digest(given.encode(), shop.token.encode()):
            words = "[API] Invalid API key or access token (unrecognized login or wrong password)"
            return self._json({"errors": words}, 401)
        try:
            body = json.loads(raw)
        except ValueError:
            return self._json({"errors": {"query": "Required parameter missing or invalid"}}, 400)
        if self.path == "/_control":
            return self._controlled(body)
        if not _PATH.fullmatch(self.path):
            return self._json({"errors": "Not Found"}, 404)
        return self._query(str(body.get("query", "")), body.get("variables") or {})

    def do_GET(self) -> None:
        self._json({"errors": "Not Found"}, 404)

    def _query(self, query: str, variables: dict[str, Any]) -> None:
        shop = self.server.shop
        fault = shop.control.next()
        if fault in shop_faults.LINE:
            return self._line_fault(str(fault), query, variables)
        answer = shop.run(query, variables, fault)
        if fault in shop_faults.ANSWER:
            answer = shop_faults.spoil(str(fault), answer, variables)
        return self._json(answer)

    def _controlled(self, body: dict[str, Any]) -> None:
        """`{"fault": "500", "times": 3, "after": 1}`, `{"clear": true}`, `{"sell": 5}`, `{"expire": true}`."""
        shop = self.server.shop
        if "fault" in body:
            shop.control.fault(body["fault"], times=body.get("times", 1), after=body.get("after", 0))
        if body.get("clear"):
            shop.control.clear()
        if body.get("expire"):
            shop.expire()
        for _ in range(body.get("sell", 0)):
            shop.orders.sell()
        self._json({"counts": shop.control.counts, "orders": len(shop.orders.all())})

    def _line_fault(self, kind: str, query: str, variables: dict[str, Any]) -> None:
        """Faults of the line; after most of them the connection is not used again."""
        shop = self.server.shop
        if kind in _PLAIN:
            return self._send(*_PLAIN[kind])
        self.close_connection = True
        if kind == "hang":
            shop.control.release.wait(20)
        elif kind == "endless":
            self._endless()
        elif kind == "slow-head":
            self._drip(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 60_000)
        elif kind != "drop":
            self._broken(kind, json.dumps(shop.run(query, variables, None)).encode())
        return None

    def _broken(self, kind: str, content: bytes) -> None:
        """A good answer that does not arrive whole: half of it, cut off, or a byte at a time."""
        if kind == "half":
            self._send(200, {}, content[: len(content) // 2])
        elif kind == "cut":
            self._send(200, {}, content[: len(content) // 2], length=len(content))
        else:
            self._send(200, {}, content[:1], length=len(content))
            self._drip(content[1:])

    def _drip(self, content: bytes) -> None:
        release = self.server.shop.control.release
        for index in range(len(content)):
            if release.is_set():
                return
            self.wfile.write(content[index : index + 1])
            self.wfile.flush()
            time.sleep(_DRIP)

    def _endless(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        chunk = b" " * 65536
        with contextlib.suppress(OSError):
            while True:
                self.wfile.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")

    def _json(self, body: Any, status: int = 200) -> None:
        content = json.dumps(body, ensure_ascii=False).encode()
        self._send(status, {"Content-Type": "application/json; charset=utf-8"}, content)

    def _send(self, status: int, headers: dict[str, str], content: bytes, *, length: int | None = None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content) if length is None else length))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The shop's own clock, also in the Date header."""
        return super().date_time_string(self.server.shop.orders.now().timestamp() if timestamp is None else timestamp)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: tests and demo have their own output."""


def main(arguments: list[str] | None = None) -> int:
    """Run a shop until it is stopped; prints its address once it answers."""
    parser = argparse.ArgumentParser(prog="python -m tests.servers.shop", description="A local shop for tests and the demo")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=float, default=4, help="seconds between two sales; 0: none")
    parser.add_argument("--orders", type=int, default=0, help="orders of the last three days to begin with")
    parser.add_argument("--state", type=Path, help="a file that keeps the orders over restarts")
    parser.add_argument("--leash", action="store_true", help="end when standard input does, as it does with who started this")
    given = parser.parse_args(arguments)
    orders = Orders(seed=given.seed, state=given.state)
    orders.fill(max(0, given.orders - len(orders.all())))
    with Shop(orders, token=given.token, port=given.port, every=given.every) as shop:
        sys.stdout.write(shop.url + "\n")
        sys.stdout.flush()
        with contextlib.suppress(KeyboardInterrupt):
            if given.leash:
                sys.stdin.read()
            else:
                threading.Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())

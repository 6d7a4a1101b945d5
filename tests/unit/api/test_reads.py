"""Apps, boards, changes, history, inbox, and the OpenAPI document."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.unit.api.fakes import APP, USER, FakeRuntime


def test_apps(client: FlaskClient) -> None:
    assert client.get("/api/v1/apps").json == {"apps": [APP]}
    assert client.get("/api/v1/apps/shop").json == APP


def test_an_unchanged_board_is_304(client: FlaskClient) -> None:
    first = client.get("/api/v1/apps/shop/boards/desk")
    assert (first.status_code, first.headers["ETag"]) == (200, '"abc"')
    again = client.get("/api/v1/apps/shop/boards/desk", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get("/api/v1/apps/shop/boards/desk", headers={"If-None-Match": '"old"'}).status_code == 200


def test_changes_of_all_apps_share_a_cursor(client: FlaskClient) -> None:
    first = client.get("/api/v1/changes").json or {}
    assert first["changes"] == [{"app": "shop", "table": "orders", "id": "r1"}]
    assert (client.get(f"/api/v1/changes?since={first['cursor']}").json or {})["changes"] == []
    assert (client.get("/api/v1/apps/shop/changes?since=7").json or {})["cursor"] == "7"


def test_a_strange_cursor_is_refused(client: FlaskClient) -> None:
    for cursor in ("x", "%00", "W10", "eyJhIjoxfQ", "ÿ"):
        assert client.get(f"/api/v1/changes?since={cursor}").status_code == 422


def test_history_and_inbox(client: FlaskClient, runtime: FakeRuntime) -> None:
    records = "/api/v1/apps/shop/tables/orders/records"
    assert client.get(f"{records}/r1/history").json == {"history": [{"id": "e1", "title": "x"}]}
    assert client.get("/api/v1/inbox?app=shop").json == {"inbox": [{"id": "n1", "app": "shop"}]}
    assert client.get("/api/v1/inbox?app=other").json == {"inbox": []}
    assert client.post("/api/v1/inbox/n1/read").status_code == 204
    assert runtime.read == ["n1"]


def test_openapi_covers_every_route(client: FlaskClient) -> None:
    document = client.get("/openapi.json").json or {}
    told = {(path, method) for path, item in document["paths"].items() for method in item}
    routed = set()
    for rule in client.application.url_map.iter_rules():
        if rule.rule.startswith("/api/"):
            path = rule.rule.replace("<app>", "shop").replace("<table>", "orders").replace("<board>", "desk")
            path = path.replace("<", "{").replace(">", "}")
            routed |= {(path, method.lower()) for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
    assert told == routed


def test_openapi_has_no_dangling_reference(client: FlaskClient) -> None:
    document = client.get("/openapi.json").json or {}
    text = client.get("/openapi.json").get_data(as_text=True)
    for part in text.split('"$ref":"#/components/schemas/')[1:]:
        assert part.split('"')[0] in document["components"]["schemas"]


def test_openapi_tells_a_stranger_of_no_app(client: FlaskClient) -> None:
    client.environ_base.pop("HTTP_AUTHORIZATION")
    answer = client.get("/openapi.json")
    assert answer.status_code == 200
    assert "shop" not in answer.get_data(as_text=True)
    assert client.get("/openapi.json", headers={"Authorization": "Bearer bad"}).status_code == 401


def test_an_app_is_there_only_for_who_sees_something_of_it(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    pending = [{"path": "alerts.late", "message": "not running yet", "span": "alerts.yaml:1:1"}]
    monkeypatch.setitem(APP, "pending", pending)
    assert (client.get("/api/v1/apps/shop").json or {})["pending"] == [], "the definition's words are the owner's"
    monkeypatch.setattr(USER, "owner", True)
    assert (client.get("/api/v1/apps/shop").json or {})["pending"] == pending
    monkeypatch.setitem(APP, "tables", [])
    assert client.get("/api/v1/apps/shop").status_code == 200
    monkeypatch.setattr(USER, "owner", False)
    assert client.get("/api/v1/apps/shop").status_code == 404
    assert client.get("/api/v1/apps").json == {"apps": []}

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from engine.model.problem import Problem
from engine.people.keyfile import KeyProblem
from engine.people.schema import secrets
from engine.people.service import People
from engine.storage.database import Database
from tests.databases import ON_BOTH

pytestmark = ON_BOTH


def test_a_secret_is_sealed_and_only_its_name_is_listed(people: People, database: Database) -> None:
    people.set_secret("shop_token", "s3cret-value")
    assert people.secret_names() == ["shop_token"]
    assert people.reveal("shop_token") == "s3cret-value"
    assert people.reveal("other") is None
    with database.read() as connection:
        assert "s3cret-value" not in repr(list(connection.execute(select(secrets))))
    people.set_secret("shop_token", "newer")
    assert people.reveal("shop_token") == "newer"
    people.forget_secret("shop_token")
    assert people.secret_names() == []


def test_the_probe_is_nobodys_secret(people: People) -> None:
    assert people.reveal("_probe") is None
    for bad in ("_probe", "Shop", "a b", ""):
        with pytest.raises(Problem):
            people.set_secret(bad, "x")
    with pytest.raises(Problem):
        people.forget_secret("_probe")
    with pytest.raises(Problem):
        people.set_secret("empty", "")


def test_the_key_file_is_made_private_and_kept(people: People, database: Database, tmp_path: Path) -> None:
    file = tmp_path / "key"
    assert file.stat().st_mode & 0o777 == 0o600
    people.set_secret("shop_token", "x")
    assert People(database, key_file=file, kinds={}).reveal("shop_token") == "x"


def test_a_key_file_open_to_others_stops_the_start(people: People, database: Database, tmp_path: Path) -> None:
    (tmp_path / "key").chmod(0o644)
    with pytest.raises(KeyProblem, match="chmod 600"):
        People(database, key_file=tmp_path / "key", kinds={})


def test_another_key_stops_the_start(people: People, database: Database, tmp_path: Path) -> None:
    with pytest.raises(KeyProblem, match="does not belong"):
        People(database, key_file=tmp_path / "other", kinds={})


def test_what_is_no_key_stops_the_start(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "word"
    file.write_text("hello")
    file.chmod(0o600)
    with pytest.raises(KeyProblem, match="no key"):
        People(database, key_file=file, kinds={})
    with pytest.raises(KeyProblem, match="DAJIAN_KEY_FILE"):
        People(database, key_file=tmp_path, kinds={})

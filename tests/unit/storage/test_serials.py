"""A number is drawn once, counted per distinct rest of the text."""

from __future__ import annotations

import threading
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from engine.storage import serials
from engine.storage.database import Database
from engine.storage.serials import Counter
from tests.databases import ON_BOTH
from tests.unit.storage.failing import taken_back

pytestmark = ON_BOTH

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 22, 12, tzinfo=ZONE)


def draw(connection: Connection, form: str = "SO{date:%y%m%d}-{number:05d}", now: datetime = NOON, field: str = "no") -> str:
    number = serials.draw(connection, Counter("a", "orders", field, serials.rest(form, now)))
    return serials.serial(form, now, number)


def test_numbers_count_up_and_begin_anew_with_each_rest(database: Database) -> None:
    with database.write() as connection:
        assert [draw(connection), draw(connection)] == ["SO261122-00001", "SO261122-00002"]
        assert draw(connection, now=NOON.replace(day=23)) == "SO261123-00001"
        assert draw(connection) == "SO261122-00003"
        assert draw(connection, field="other") == "SO261122-00001"


def test_a_number_past_its_width_grows(database: Database) -> None:
    with database.write() as connection:
        assert [draw(connection, "{number:01d}") for _ in range(11)][-2:] == ["10", "11"]


def test_a_write_that_fails_gives_its_number_back(database: Database) -> None:
    taken_back(database, draw)
    with database.write() as connection:
        assert draw(connection) == "SO261122-00001"


def test_writers_at_the_same_time_never_draw_the_same(database: Database) -> None:
    drawn: list[str] = []
    other = Database(str(database.engine.url))

    def work(own: Database) -> None:
        for _ in range(15):
            with own.write() as connection:
                drawn.append(draw(connection))

    threads = [threading.Thread(target=work, args=(own,)) for own in (database, database, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    other.close()
    assert sorted(drawn) == [f"SO261122-{n:05d}" for n in range(1, 46)]

"""A backup put back in another place, at another time: nothing that was ended comes back, and life goes on behind what was."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select, update

from engine.people import first_codes, sessions
from engine.people.schema import first_codes as codes
from engine.people.schema import sessions as running
from engine.storage.journal import journal
from tests.databases import ON_BOTH
from tests.unit.runtime.restoring import CLERK, opened, restore, rich
from tests.world import OWNER, World, actor, make_world

pytestmark = ON_BOTH


def test_the_feed_goes_on_where_transactions_are_counted_anew(tmp_path: Path) -> None:
    world = rich(tmp_path / "old")
    with world.runtime.database.write() as connection:
        # A server that has done a billion transactions, and one that has done few.
        connection.execute(update(journal).values(xact=journal.c.xact + 1_000_000_000))
    world.runtime.back_up(tmp_path / "b.zip")
    restore(world, tmp_path / "b.zip", tmp_path / "new")
    again = opened(tmp_path / "new", tmp_path / "old" / "key")
    began = again.runtime.changes(again.app, "", CLERK)
    assert len(began["changes"]) >= 20
    assert again.runtime.changes(again.app, None, CLERK)["cursor"] == began["cursor"]
    made = again.create("orders", channel="douyin", store="s1", remark="goes on").id
    later = again.runtime.changes(again.app, began["cursor"], CLERK)["changes"]
    assert {change["id"] for change in later} == {made}
    with again.runtime.database.read() as connection:
        seqs = connection.execute(select(journal.c.seq).order_by(journal.c.id)).scalars().all()
    assert len(set(seqs)) == len(seqs)


def test_no_session_and_no_code_comes_back_to_life(tmp_path: Path) -> None:
    world = rich(tmp_path / "old")
    user = world.people.user("ann")
    with world.runtime.database.write() as connection:
        token = sessions.start_session(connection, user.id, now=world.clock(), ip="", device="")
        code = first_codes.issue_code(connection, user.id, now=world.clock())
    world.runtime.back_up(tmp_path / "b.zip")
    world.people.set_password(user, "correct horse battery")
    restore(world, tmp_path / "b.zip", tmp_path / "new")
    again = opened(tmp_path / "new", tmp_path / "old" / "key")
    assert again.people.session(token) is None
    assert again.people.first_code_user(code) is None
    with again.runtime.database.read() as connection:
        assert connection.execute(select(running)).all() == connection.execute(select(codes)).all() == []


NOTES = """
app: notes
title: Notes
version: 1.0.0
roles: {reader: {title: Reader}}
tables: {notes: {title: Notes, fields: {x: {type: text}, y: {type: text}}}}
permissions: {reader: {notes: {read: {x: true, y: SHOWN}}}}
"""


def notes(folder: Path, hours: int, shown: str) -> World:
    """A house whose second revision was published so many hours later."""
    folder.mkdir()
    made = make_world(folder, {"app.yaml": NOTES.replace("SHOWN", "none").encode()})
    made.clock.forward(hours=hours)
    made.runtime.publish({"app.yaml": NOTES.replace("SHOWN", shown).replace("title: Notes", "title: My notes").encode()}, OWNER)
    made.create("notes", x="1", y="secret")
    return made


def test_a_server_that_stayed_up_follows_the_permissions_that_were_restored(tmp_path: Path, on_both: str) -> None:
    """PostgreSQL: who is connected and does nothing just then does not hold a restore up."""
    if on_both == "sqlite":
        return  # an open connection refuses the restore
    narrow, wide = notes(tmp_path / "narrow", 1, "masked"), notes(tmp_path / "wide", 2, "true")
    narrow.runtime.back_up(tmp_path / "b.zip")
    (shown,) = wide.list("notes", actor("reader"))
    assert shown["values"]["y"] == "secret"
    restore(wide, tmp_path / "b.zip", tmp_path / "wide")
    (shown,) = wide.list("notes", actor("reader"))
    assert shown["values"]["y"] == "s****"

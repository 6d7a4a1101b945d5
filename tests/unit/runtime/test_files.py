from __future__ import annotations

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from engine.model.change import Write
from engine.model.problem import Problem
from engine.runtime import file_door
from engine.runtime.file_care import sweep
from engine.storage import files
from tests.databases import ON_BOTH
from tests.pictures import MACROS, PDF, SECRET, XLSX, photo
from tests.unit.runtime.filing import GUEST, KEEPER, OTHER, bring, depot
from tests.world import World, actor

pytestmark = ON_BOTH


@pytest.fixture
def world(tmp_path: Path) -> World:
    return depot(tmp_path)


def stored(world: World) -> list[str]:
    folder = world.runtime.core.blobs.folder
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def problem(code: int, call: object, *arguments: object, **named: object) -> Problem:
    with pytest.raises(Problem) as caught:
        call(*arguments, **named)  # type: ignore[operator]
    assert caught.value.status == code
    return caught.value


def read(world: World, record: str, file: str, who: object = KEEPER, part: str = "original") -> bytes:
    sent = world.runtime.file(world.app, "orders", record, file, part, who)  # type: ignore[arg-type]
    assert sent.size == sent.path.stat().st_size
    return sent.path.read_bytes()


def test_a_file_is_kept_by_the_write_that_names_it_and_read_through_its_record(world: World) -> None:
    data = photo()
    file = bring(world, data=data)
    record = world.create("orders", KEEPER, no="1", photos=[file["id"]]).id
    assert world.get("orders", record, KEEPER)["values"]["photos"] == [file["id"]]
    assert read(world, record, file["id"]) == data
    (listed,) = world.runtime.files(world.app, "orders", record, KEEPER)
    assert (listed["name"], listed["type"], listed["size"], listed["width"]) == ("a.jpg", "image/jpeg", len(data), 60)


def test_names_on_the_disk_say_nothing_of_what_people_called_the_file(world: World) -> None:
    bring(world, name="../../客户 合同.jpg")
    assert len(stored(world)) == 3
    assert all("合同" not in name and ".." not in name for name in stored(world))


def test_whoever_may_not_read_the_field_gets_no_file_and_no_listing(world: World) -> None:
    hidden, shown = bring(world), bring(world, "papers", PDF, "x.pdf")
    record = world.create("orders", KEEPER, photos=[hidden["id"]], papers=[shown["id"]]).id
    assert read(world, record, shown["id"], GUEST) == PDF
    refusal = problem(404, read, world, record, hidden["id"], GUEST)
    assert str(refusal) == str(problem(404, read, world, record, "0" * 26, GUEST))
    assert [f["id"] for f in world.runtime.files(world.app, "orders", record, GUEST)] == [shown["id"]]
    problem(404, read, world, record, shown["id"], actor("nobody"))


def test_a_file_is_read_through_its_own_record_only(world: World) -> None:
    file = bring(world)
    world.create("orders", KEEPER, photos=[file["id"]])
    other = world.create("orders", KEEPER, no="2").id
    problem(404, read, world, other, file["id"])


def test_files_of_others_of_other_fields_and_of_other_records_are_refused_like_unknown_ones(world: World) -> None:
    mine, theirs, paper = bring(world), bring(world, who=OTHER), bring(world, "papers", PDF, "x.pdf")
    world.create("orders", KEEPER, photos=[mine["id"]])
    unknown = problem(422, world.create, "orders", KEEPER, photos=["0" * 26])
    for file in (mine, theirs, paper):
        assert str(problem(422, world.create, "orders", KEEPER, photos=[file["id"]])) == str(unknown)
    assert len(world.all("orders")) == 1


def test_who_may_not_edit_the_field_puts_no_file_into_it(world: World) -> None:
    first = bring(world)
    record = world.create("orders", KEEPER, photos=[first["id"]]).id
    world.move("orders", record, "finish", KEEPER)
    second = bring(world)
    problem(403, world.change, "orders", record, KEEPER, photos=[first["id"], second["id"]])
    assert [f["id"] for f in world.runtime.waiting_files([second["id"]], KEEPER)] == [second["id"]]
    problem(403, bring, world, "papers", PDF, "x.pdf", who=GUEST)
    problem(422, bring, world, "photos", who=GUEST)
    problem(422, bring, world, "no")


def test_an_upload_that_nobody_used_is_swept_after_a_day_with_its_bytes(world: World) -> None:
    used, unused = bring(world), bring(world)
    world.create("orders", KEEPER, photos=[used["id"]])
    world.clock.forward(hours=23)
    sweep(world.runtime.core)
    assert len(stored(world)) == 6
    world.clock.forward(hours=2)
    sweep(world.runtime.core)
    assert {name[3:29] for name in stored(world)} == {used["id"]}
    problem(422, world.create, "orders", KEEPER, photos=[unused["id"]])


def test_bytes_that_no_row_names_are_swept_and_others_stay(world: World) -> None:
    used = bring(world)
    world.create("orders", KEEPER, photos=[used["id"]])
    blobs, old = world.runtime.core.blobs, (world.clock.now - timedelta(days=2)).timestamp()
    stray = "z" * 26
    with blobs.receive(10) as incoming:
        incoming.write(b"x")
        blobs.keep(stray, {"": incoming.done().path})
    (blobs.folder / "incoming" / "left").write_bytes(b"x")
    for path in (*blobs.folder.rglob("*"),):
        os.utime(path, (old, old))
    sweep(world.runtime.core)
    assert {name[3:29] for name in stored(world)} == {used["id"]}


def test_taking_a_file_out_keeps_its_bytes_until_a_purge_and_it_can_come_back(world: World) -> None:
    file = bring(world)
    record = world.create("orders", KEEPER, photos=[file["id"]]).id
    world.change("orders", record, KEEPER, photos=None)
    problem(404, read, world, record, file["id"])
    assert len(stored(world)) == 3
    world.change("orders", record, KEEPER, photos=[file["id"]])
    assert read(world, record, file["id"])
    world.change("orders", record, KEEPER, photos=[])
    world.clock.forward(days=40)
    assert world.runtime.purge_files(world.clock.now - timedelta(days=30), "boss").count == 1
    assert stored(world) == []
    problem(422, world.change, "orders", record, KEEPER, photos=[file["id"]])
    lines = world.runtime.history(world.app, "orders", record, KEEPER)
    assert [line["kind"] for line in lines][-1] == "erased"
    assert "a.jpg" in str(lines[0]["changes"])


def test_a_purge_leaves_what_was_deleted_lately_and_what_is_in_records(world: World) -> None:
    kept, late = bring(world), bring(world)
    record = world.create("orders", KEEPER, photos=[kept["id"], late["id"]]).id
    world.clock.forward(days=40)
    world.change("orders", record, KEEPER, photos=[kept["id"]])
    assert world.runtime.purge_files(world.clock.now - timedelta(days=30), "boss").count == 0
    assert len(stored(world)) == 6


def test_a_deleted_record_lets_its_files_go(world: World) -> None:
    file = bring(world)
    record = world.create("orders", KEEPER, photos=[file["id"]]).id
    world.runtime.write(Write(world.app, "orders", record, delete=True), KEEPER)
    world.clock.forward(days=1)
    assert world.runtime.purge_files(world.clock.now, "boss").count == 1


def test_an_erasure_takes_the_file_out_of_its_record_at_once_with_its_name_and_leaves_a_line(world: World) -> None:
    file, other = bring(world, name="id card.jpg"), bring(world)
    record = world.create("orders", KEEPER, photos=[file["id"], other["id"]]).id
    world.runtime.erase_file(file["id"], "boss")
    assert world.get("orders", record, KEEPER)["values"]["photos"] == [other["id"]]
    assert {name[3:29] for name in stored(world)} == {other["id"]}
    lines = world.runtime.history(world.app, "orders", record, KEEPER)
    assert "id card" not in str(lines)
    assert lines[-1]["kind"] == "erased"
    assert lines[-1]["actor"] == "boss"
    problem(404, world.runtime.erase_file, file["id"], "boss")


def test_what_is_sent_is_told_by_its_content(world: World) -> None:
    assert bring(world, "papers", XLSX, "list.xlsx")["type"].endswith("sheet")
    assert bring(world, "papers", PDF, "photo.jpg")["name"] == "photo.pdf"
    assert bring(world, "papers", b"<script>alert(1)</script>", "page.html")["name"] == "page.html.txt"
    assert bring(world, "papers", b"<svg/>", "a.svg")["type"] == "text/plain"
    assert bring(world, "papers", "单号,金额\n1,2".encode("gb18030"), "a.CSV")["type"] == "text/csv"
    for data in (MACROS, b"MZ\x90\x00\x03", b"\x7fELF\x02\x01", b"", b"PK\x03\x04 broken"):
        assert problem(422, bring, world, "papers", data, "a.xlsx").errors[0].code == "not_accepted"
    assert problem(422, bring, world, "photos", XLSX, "a.jpg").errors[0].code == "not_accepted"
    assert problem(422, bring, world, "photos", photo()[:200], "a.jpg").errors[0].code == "broken_picture"


def test_more_than_the_field_takes_is_refused_and_nothing_stays(world: World) -> None:
    assert problem(413, bring, world, "photos", b"\xff" * (1024 * 1024 + 1)).code == "too_large"
    assert stored(world) == []
    files = [bring(world)["id"] for _ in range(4)]
    assert problem(422, world.create, "orders", KEEPER, photos=files).errors[0].code == "too-many"


def test_a_picture_of_too_many_points_is_refused_before_it_is_unpacked(world: World) -> None:
    into = BytesIO()
    Image.new("1", (30_000, 30_000)).save(into, "PNG")
    assert problem(422, bring, world, "papers", into.getvalue(), "a.png").errors[0].code == "picture_too_large"


@pytest.mark.parametrize(
    ("format", "mode"), [("JPEG", "RGB"), ("JPEG", "CMYK"), ("PNG", "RGBA"), ("WEBP", "RGB"), ("PNG", "P")]
)
def test_a_picture_drawn_anew_is_upright_and_holds_no_notes(world: World, format: str, mode: str) -> None:
    data = photo(60, 40, orientation=6, format=format, mode=mode)
    assert SECRET in data
    file = bring(world, "papers", data, "a.jpg")
    record = world.create("orders", KEEPER, papers=[file["id"]]).id
    for part in ("show", "small"):
        drawn = read(world, record, file["id"], part=part)
        assert SECRET not in drawn
        assert b"Exif" not in drawn
        with Image.open(BytesIO(drawn)) as opened:
            assert opened.size == (40, 60)
            top, bottom = (opened.convert("L").getpixel((20, y)) for y in (5, 55))
            assert (top < 100, bottom > 150) == (True, True)  # what was left is up, by its orientation
    assert (file["width"], file["height"]) == (40, 60)


def test_a_portal_gets_the_picture_that_was_drawn_anew(world: World) -> None:
    program = world.runtime.program(world.app)
    with world.runtime.core.reading(world.app, KEEPER) as work:
        assert program.app.roles["buyer"].portal
        assert file_door._from_outside(work, actor("buyer"))
        assert not file_door._from_outside(work, actor("buyer", "keeper"))
        assert not file_door._from_outside(work, KEEPER)


def test_needs_and_expressions_know_whether_there_is_a_file(world: World) -> None:
    record = world.create("orders", KEEPER, no="1").id
    problem(422, world.move, "orders", record, "finish", KEEPER)
    file = bring(world)
    world.change("orders", record, KEEPER, photos=[file["id"]])
    assert world.list("orders", KEEPER, where="empty(photos)") == []
    assert len(world.list("orders", KEEPER, where="not empty(photos)")) == 1
    world.move("orders", record, "finish", KEEPER)


def test_bytes_are_on_the_disk_before_the_row_that_names_them(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files, "add", cut)
    with pytest.raises(KeyboardInterrupt):
        bring(world)
    assert len(stored(world)) == 3
    with world.runtime.database.read() as connection:
        assert connection.execute(files.files.select()).all() == []

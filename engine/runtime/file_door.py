"""Files in and out: an upload waits for the write that puts it into a field, and is read through the actor's sight of that
record and field. What is not there, not theirs or not in sight answers alike."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.access.words import role_cannot_edit
from engine.kinds.fields.attachment import MEGABYTE, USUAL_FILES, USUAL_SIZE
from engine.kinds.values.media import ALL, BY_TYPE, JPEG, PNG, Media, clean_name, sniff
from engine.model.app import Field, Show, Table
from engine.model.change import Actor
from engine.model.problem import Fault, Problem, invalid, missing, refused
from engine.model.text import Text
from engine.runtime.attachments import KIND, attachment_fields
from engine.runtime.core import Core
from engine.runtime.present import Json, implicit_json
from engine.runtime.read import sight, visible_table
from engine.runtime.values import unknown
from engine.runtime.work import Work
from engine.storage import files
from engine.storage.blobs import ORIGINAL, SHOW, SMALL, Incoming, TooLarge
from engine.storage.files import File
from engine.storage.pictures import Picture, TooManyPoints, Unreadable
from engine.storage.trouble import no_room

MOST_WAITING = 200
PARTS = {"original": ORIGINAL, "show": SHOW, "small": SMALL}


@dataclass(frozen=True, slots=True)
class Sent:
    """A file to send. `drawn`: a picture of our own making, which a page may show."""

    path: Path
    name: str
    type: str
    size: int
    drawn: bool


def limits(field: Field) -> Json:
    """{max, max_bytes, endings}: what a field takes."""
    groups = field.options.get("accept")
    return {
        "max": int(field.options.get("max", USUAL_FILES)),
        "max_bytes": int(field.options.get("max_size", USUAL_SIZE)) * MEGABYTE,
        "endings": [ending for media in ALL if not groups or media.group in groups for ending in media.endings],
    }


def upload(core: Core, app: str, table: str, field: str, actor: Actor, fill: Callable[[Incoming], str]) -> Json:
    """Take one file for a field: `fill` writes its bytes and returns its name. FileJson, pending. Raises Problem: nothing is
    kept then."""
    with core.reading(app, actor) as work:
        definition = visible_table(work, sight(work, actor), table)
        wanted = _field_to_fill(work, definition, field, actor)
        if files.waiting_of(work.connection, actor.user_id or "") >= MOST_WAITING:
            raise _TOO_MANY_WAITING
    most = limits(wanted)["max_bytes"]
    with _room(), core.blobs.receive(most) as incoming:
        try:
            given = fill(incoming)
        except TooLarge as error:
            raise _too_large(most) from error
        came = _look(core, incoming, given, wanted)
        id = core.new_id()
        core.blobs.keep(id, came.parts)
    spot: dict[str, Any] = {"id": id, "app": app, "table": table, "field": field, "record": None, "state": files.PENDING}
    file = File(**spot, **came.facts, uploaded_by=actor.user_id or "", at=work.instant, changed_at=work.instant)
    with core.database.write() as connection:
        files.add(connection, file)
    return _json(file)


@contextmanager
def _room() -> Iterator[None]:
    """A disk that takes no more says so."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES):
            raise
        raise no_room() from error


@dataclass(frozen=True, slots=True)
class _Came:
    """What came in: the pieces to keep by part, and what the row says of it."""

    parts: dict[str, Path]
    facts: dict[str, Any]


def _look(core: Core, incoming: Incoming, given: str, field: Field) -> _Came:
    received = incoming.done()
    with received.path.open("rb") as file:
        media = sniff(file, given)
    if media is None or media.group not in field.options.get("accept", (media.group,)):
        raise _not_accepted(field)
    facts = {"name": clean_name(given, media), "type": media.type, "size": received.size, "sha256": received.sha256}
    if not media.picture:
        return _Came({ORIGINAL: received.path}, {**facts, "width": None, "height": None})
    picture = _drawn(core, received.path, field.name)
    parts = {ORIGINAL: received.path, SHOW: incoming.beside(picture.show), SMALL: incoming.beside(picture.small)}
    return _Came(parts, {**facts, "width": picture.width, "height": picture.height})


def _field_to_fill(work: Work, table: Table, name: str, actor: Actor) -> Field:
    """The field, if it may hold files and the actor may ever give it a value."""
    field = table.fields.get(name)
    if field is None or field.kind != KIND or name not in work.program.access.known(actor, table.name):
        raise invalid((unknown(table, name),))
    grants = work.program.access.grants(actor, table.name)
    if not any(name in grant.edit or (grant.create is not None and name in grant.create.fields) for grant in grants):
        raise refused("not_allowed", role_cannot_edit(work.program.app, table.name, name), path=name)
    return field


def _drawn(core: Core, path: Path, field: str) -> Picture:
    try:
        return core.painter.draw(path)
    except TooManyPoints as error:
        text = Text("图片太大（像素太多），请缩小后再传", "The picture has too many points: make it smaller first")
        raise invalid((Fault(field, "picture_too_large", text),)) from error
    except Unreadable as error:
        text = Text("这张图片打不开，可能已损坏", "This picture cannot be opened; it may be broken")
        raise invalid((Fault(field, "broken_picture", text),)) from error


def of_record(core: Core, app: str, table: str, id: str, actor: Actor) -> list[Json]:
    """FileJson of each file of a record that the actor may read, in the order of fields and of the files in them."""
    with core.reading(app, actor) as work:
        spots = _seen(work, table, id, actor)
        found = files.get(work.connection, spots)
        return [{**_json(found[file]), "field": field} for file, field in spots.items() if file in found]


def waiting(core: Core, ids: Iterable[str], actor: Actor) -> list[Json]:
    """FileJson of those of these files that the actor has uploaded and put nowhere yet."""
    with core.database.read() as connection:
        found = files.get(connection, set(ids))
    own = (file for file in found.values() if file.state == files.PENDING and file.uploaded_by == actor.user_id)
    return [_json(file) for file in own]


def send(core: Core, app: str, table: str, id: str, file_id: str, part: str, actor: Actor) -> Sent:
    """A file of a record. `part`: original | show | small (of pictures). Those who see the record in a portal get pictures
    drawn anew, never the original. Raises Problem 404."""
    with core.reading(app, actor) as work:
        spots = _seen(work, table, id, actor)
        file = files.get(work.connection, [file_id]).get(file_id) if file_id in spots else None
        outside = _from_outside(work, actor)
    if file is None or file.state != files.KEPT or part not in PARTS:
        raise missing()
    media = BY_TYPE[file.type]
    if part != "original" and not media.picture:
        raise missing()
    shown = "show" if part == "original" and outside and media.picture else part
    path = core.blobs.path(file_id, PARTS[shown])
    try:
        if shown == "original":
            return Sent(path, file.name, file.type, path.stat().st_size, drawn=False)
        drawn = _kind_of(path)
        return Sent(path, clean_name(file.name, drawn), drawn.type, path.stat().st_size, drawn=True)
    except FileNotFoundError as error:
        # Purged since we looked, or lost with its disk.
        raise missing() from error


def _seen(work: Work, table_name: str, id: str, actor: Actor) -> dict[str, str]:
    """File → field, for the files of a record that the actor may read as they are."""
    table = visible_table(work, sight(work, actor), table_name)
    record = work.facts.link(table.name, id)
    access = work.program.access
    if record is None or not access.sees(actor, table.name, record, work.facts):
        raise missing()
    shown = access.shown(actor, table.name, record, work.facts)
    names = [field.name for field in attachment_fields(table) if shown.get(field.name) is Show.ALWAYS]
    return {file: name for name in names for file in record.get(name) or ()}


def _from_outside(work: Work, actor: Actor) -> bool:
    roles = work.program.app.roles
    held = [roles[name] for name in actor.roles if name in roles]
    return bool(held) and all(role.portal for role in held)


def _kind_of(path: Path) -> Media:
    with path.open("rb") as file:
        return PNG if file.read(4) == b"\x89PNG" else JPEG


def _json(file: File) -> Json:
    return {
        "id": file.id,
        "field": file.field,
        "name": file.name,
        "type": file.type,
        "size": file.size,
        "width": file.width,
        "height": file.height,
        "picture": BY_TYPE[file.type].picture,
        "at": implicit_json(file.at),
    }


_TOO_MANY_WAITING = Problem(
    429,
    "too_many_uploads",
    Text("上传太多", "Too many uploads"),
    Text(
        f"您有 {MOST_WAITING} 个文件传了还没保存到记录里；请先保存，或明天再传",
        f"{MOST_WAITING} files of yours are in no record yet: save them first, or come back tomorrow",
    ),
    facts={"retry_after": 3600},
)


def _too_large(most: int) -> Problem:
    detail = Text("每个文件最多 {n} MB", "A file has at most {n} MB").fill(n=most // MEGABYTE)
    return Problem(413, "too_large", Text("文件太大", "The file is too large"), detail, facts={"max_bytes": most})


def _not_accepted(field: Field) -> Problem:
    groups = field.options.get("accept")
    endings = " ".join(media.endings[0] for media in ALL if not groups or media.group in groups)
    text = Text(
        "「{field}」不收这种文件；可以是：{endings}（看内容，不看文件名）",
        "{field} does not take such a file; it may be: {endings} (by its content, not its name)",
    )
    return invalid((Fault(field.name, "not_accepted", text.fill(field=field.title, endings=endings)),))

"""What a database can run into that is nobody's programming error, said so that people know what to do. Everything else stays
the exception that it was."""

from __future__ import annotations

from sqlalchemy.exc import OperationalError

from engine.model.problem import Problem
from engine.model.text import Text

RETRY_SECONDS = 2
_NO_ROOM = ("disk is full", "disk I/O error", "readonly database")


def problem_of(error: OperationalError) -> Problem | None:
    """The Problem behind SQLite's words; None for an error of ours."""
    words = str(error.orig)
    if "locked" in words or "busy" in words:
        return busy()
    if "interrupted" in words:
        return _too_much()
    return _no_room() if any(known in words for known in _NO_ROOM) else None


def busy() -> Problem:
    """Somebody else is writing for longer than we wait."""
    detail = Text("请几秒后再试；没有保存一半的改动", "Try again in a few seconds; nothing is half saved")
    return Problem(503, "busy", Text("现在太忙", "Busy just now"), detail, facts={"retry_after": RETRY_SECONDS})


def _too_much() -> Problem:
    detail = Text(
        "这个条件要算的太多（例如统计里再套统计），请写得简单一些，或先缩小范围",
        "This condition asks for too much (an aggregate inside an aggregate, for example): make it simpler or narrower",
    )
    return Problem(422, "too_much_work", Text("要算的太多", "Too much to work out"), detail)


def _no_room() -> Problem:
    detail = Text(
        "数据库写不进磁盘：空间满了，或者没有权限。没有保存任何改动；请管理员运行 dajian doctor",
        "The database cannot write to the disk: it is full or not ours. Nothing was changed; ask the administrator to run "
        "dajian doctor",
    )
    return Problem(503, "storage_unavailable", Text("现在不能保存", "Cannot be saved now"), detail, facts={"retry_after": 60})

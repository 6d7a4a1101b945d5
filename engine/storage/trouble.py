"""What a database can run into that is nobody's programming error, said so that people know what to do. Everything else stays
the exception that it was."""

from __future__ import annotations

from engine.model.problem import Problem
from engine.model.text import Text

BUSY_MILLISECONDS = 15_000
RETRY_SECONDS = 2


class Again(Problem):
    """Two writers were in each other's way and this one has been taken back: the same write, begun again, may well do. To
    whom it reaches it is `busy`."""


def again() -> Again:
    """See Again."""
    told = busy()
    return Again(told.status, told.code, told.title, told.detail, facts=told.facts)


def busy() -> Problem:
    """Somebody else is writing for longer than we wait."""
    detail = Text("请几秒后再试；没有保存一半的改动", "Try again in a few seconds; nothing is half saved")
    return Problem(503, "busy", Text("现在太忙", "Busy just now"), detail, facts={"retry_after": RETRY_SECONDS})


def too_much() -> Problem:
    """A question that would go on and on."""
    detail = Text(
        "这个条件要算的太多（例如统计里再套统计），请写得简单一些，或先缩小范围",
        "This condition asks for too much (an aggregate inside an aggregate, for example): make it simpler or narrower",
    )
    return Problem(422, "too_much_work", Text("要算的太多", "Too much to work out"), detail)


def no_room() -> Problem:
    """The disk is full, or the place is not ours to write."""
    detail = Text(
        "数据库写不进磁盘：空间满了，或者没有权限。没有保存任何改动；请管理员运行 dajian doctor",
        "The database cannot write to the disk: it is full or not ours. Nothing was changed; ask the administrator to run "
        "dajian doctor",
    )
    return Problem(503, "storage_unavailable", Text("现在不能保存", "Cannot be saved now"), detail, facts={"retry_after": 60})


def unreachable() -> Problem:
    """A database server that is down or starts again."""
    detail = Text(
        "连不上数据库，可能正在重启；请稍后再试，没有保存的改动请再交一次",
        "The database cannot be reached, perhaps it is starting again: try again shortly, and send again what was not answered",
    )
    title = Text("暂时不可用", "Not available just now")
    return Problem(503, "database_unreachable", title, detail, facts={"retry_after": RETRY_SECONDS})


def too_long() -> Problem:
    """PostgreSQL keeps no text of more than about 2,700 bytes in an index."""
    detail = Text(
        "有一段文字太长：要唯一、用来筛选或排序的字段，一条最多约 900 个汉字；请缩短，或把长的内容写进长文本字段",
        "A text is too long: a field that is unique, filtered or sorted by holds 900 Chinese characters or 2,700 letters. "
        "Shorten it, or put what is long into a long_text field",
    )
    return Problem(422, "text_too_long", Text("文字太长", "Text too long"), detail)

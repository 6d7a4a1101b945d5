"""What can go wrong with a source, in words for people: one small function for each kind of SourceError.

Here, because every protocol family meets the same troubles and people should read the same sentences for them. It must not
decide anything: who calls knows what happened. Tokens and answers of the source never go into a message."""

from __future__ import annotations

from engine.model.connector import SourceError
from engine.model.text import Text

TRANSIENT = frozenset({"unreachable", "timeout", "unavailable", "throttled", "not_json"})
"""Codes that may pass by themselves: trying again shortly makes sense."""


def settings(problem: Text) -> SourceError:
    """A setting of the connection is missing or wrong; a person has to correct it."""
    return SourceError("settings", Text("连接设置不对：{p}", "A setting of the connection is wrong: {p}").fill(p=problem))


def address(host: str, reason: Text) -> SourceError:
    """An address that outbound calls may not reach."""
    text = Text(
        "不能访问 {host}：{reason}。确需访问内部地址时，请管理员把它写进 DAJIAN_ALLOW_PRIVATE_HOSTS",
        "{host} may not be reached: {reason}. If it is meant to be, let the administrator add it to DAJIAN_ALLOW_PRIVATE_HOSTS",
    )
    return SourceError("address", text.fill(host=host[:100], reason=reason), facts={"host": host[:100]})


def unreachable(host: str) -> SourceError:
    """No connection, or it broke before the answer was whole."""
    text = Text("连不上 {host}，或连接中途断了，稍后会再试", "{host} could not be reached or hung up; it will be tried again")
    return SourceError("unreachable", text.fill(host=host), facts={"host": host})


def timeout(host: str, seconds: float) -> SourceError:
    """The whole answer was not there in time, however it was dripped."""
    text = Text(
        "{host} 在 {s} 秒内没有答完，稍后会再试", "{host} did not finish answering within {s} s; it will be tried again"
    )
    return SourceError("timeout", text.fill(host=host, s=f"{seconds:g}"), facts={"host": host})


def too_large(host: str, limit: int) -> SourceError:
    """More bytes than an answer may have."""
    text = Text(
        "{host} 的答复超过 {mb} MB，已停止接收。请减少每页条数", "{host} answered with more than {mb} MB; use smaller pages"
    )
    return SourceError("too_large", text.fill(host=host, mb=f"{limit / 1048576:g}"), facts={"host": host})


def status(host: str, code: int, retry_after: float | None = None) -> SourceError:
    """An HTTP status that is no answer. 401, 402, 403, 404, 423 need a person; 429 and 5xx may pass."""
    kinds = {
        401: ("unauthorized", Text("密钥不被接受，请更新访问令牌", "the token is not accepted: enter a new one")),
        402: ("unavailable_shop", Text("店铺已被冻结（欠费）", "the shop is frozen for lack of payment")),
        403: ("forbidden", Text("没有权限，请检查令牌的访问范围", "access is denied: check the scopes of the token")),
        404: ("settings", Text("地址不存在，请检查店铺域名", "there is nothing at this address: check the shop's domain")),
        423: ("unavailable_shop", Text("店铺已被锁定", "the shop is locked")),
        429: ("throttled", Text("请求太频繁，稍后会再试", "too many requests; it will be tried again")),
    }
    fallback = ("unavailable", Text("服务出错，稍后会再试", "the service has a fault; it will be tried again"))
    other = ("unexpected", Text("没有按约定答复", "this is not the documented answer"))
    name, words = kinds.get(code, fallback if code >= 500 else other)
    text = Text("{host} 答复 {code}：{words}", "{host} answered {code}: {words}").fill(host=host, code=code, words=words)
    return SourceError(name, text, retry_after=retry_after, facts={"host": host, "status": code})


def redirect(host: str, code: int) -> SourceError:
    """Redirects are not followed: a token must not travel to where somebody else points."""
    text = Text(
        "{host} 想转到别的地址（{code}），未跟随。请填写最终的域名",
        "{host} points to another address ({code}), which is not followed; enter the final domain",
    )
    return SourceError("settings", text.fill(host=host, code=code), facts={"host": host, "status": code})


def not_json(host: str, *, page: bool) -> SourceError:
    """Half an answer, garbage, or a web page where data was due."""
    if page:
        text = Text(
            "{host} 返回的是网页而不是数据，可能是登录页，请检查域名和令牌",
            "{host} answered with a web page instead of data, perhaps a sign-in page; check the domain and the token",
        )
    else:
        text = Text("{host} 的答复残缺或不是数据，稍后会再试", "{host} answered with broken data; it will be tried again")
    return SourceError("not_json", text.fill(host=host), facts={"host": host, "page": page})


def refused(code: str, words: str) -> SourceError:
    """The source says no inside an answer that is well-formed. `words` are the source's own."""
    words = " ".join(words.split())[:300]
    if code == "ACCESS_DENIED":
        text = Text("令牌缺少访问范围：{w}", "the token lacks an access scope: {w}")
        return SourceError("forbidden", text.fill(w=words), facts={"code": code})
    return SourceError("refused", Text("数据源报错：{w}", "the source reports: {w}").fill(w=words), facts={"code": code})


def internal(words: str) -> SourceError:
    """The source reports a fault of its own inside an answer that is well-formed; it may pass."""
    text = Text("数据源内部出错：{w}，稍后会再试", "the source has a fault: {w}; it will be tried again")
    return SourceError("unavailable", text.fill(w=" ".join(words.split())[:300]))


def throttled(wait: float | None) -> SourceError:
    """The allowance of the source is used up for longer than a pull waits."""
    return SourceError(
        "throttled",
        Text("数据源的请求额度已用完，稍后会再试", "the allowance of the source is used up; it will be tried again"),
        retry_after=wait,
    )


def too_costly(cost: float, limit: float) -> SourceError:
    """A query that can never fit the allowance: waiting does not help."""
    text = Text("一次查询要 {c} 点，额度最多 {m} 点", "one query costs {c} points and the allowance is {m}")
    return SourceError("too_costly", text.fill(c=f"{cost:g}", m=f"{limit:g}"))


def missing(path: str) -> SourceError:
    """A documented field that is not there."""
    text = Text("答复里没有 {path}，数据源的接口可能变了", "the answer has no {path}; the source's interface may have changed")
    return SourceError("missing_field", text.fill(path=path), facts={"path": path})


def bad_value(path: str, wanted: Text) -> SourceError:
    """A value that does not fit its type. The value itself may be private, so only its place is told."""
    text = Text("{path} 的值不是{wanted}", "the value at {path} is not {wanted}")
    return SourceError("bad_value", text.fill(path=path, wanted=wanted), facts={"path": path})


def list_too_long(path: str, limit: int) -> SourceError:
    """A list inside a row that is longer than what can be fetched: never cut in silence."""
    text = Text(
        "{path} 超过 {n} 条，取不全，未保存", "{path} has more than {n} entries and cannot be read whole; nothing was kept"
    )
    return SourceError("list_too_long", text.fill(path=path, n=limit), facts={"path": path})


def stuck(path: str) -> SourceError:
    """'There is more', but the page cursor is missing or does not move: reading on would never end."""
    text = Text("{path} 说还有下一页，但翻页标记没有前进", "{path} says there is a next page, but its cursor does not move")
    return SourceError("stuck", text.fill(path=path), facts={"path": path})


def bad_cursor() -> SourceError:
    """What was saved as the position of a pull cannot be read."""
    return SourceError("cursor", Text("保存的拉取位置无法识别", "the saved position of this pull cannot be read"))

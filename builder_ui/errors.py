"""Every error as a page in the reader's language (or as a problem document for programs): what is the matter and what to do.

Never a trace."""

from __future__ import annotations

import json
import logging
import secrets

from flask import Flask, Response, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from builder_ui.house import house
from builder_ui.i18n import choose_locale
from builder_ui.rendering import page
from engine.model.diagnostic import DefinitionError
from engine.model.problem import Fault, Problem, missing
from engine.model.text import Text

LOG = logging.getLogger("dajian.web")


def mount(web: Flask) -> None:
    """Answer whatever goes wrong outside the API's own handlers."""

    @web.errorhandler(Problem)
    def refused(error: Problem) -> ResponseReturnValue:
        return _answer(error)

    @web.errorhandler(DefinitionError)
    def definition(error: DefinitionError) -> ResponseReturnValue:
        return _answer(_of_definition(error))

    @web.errorhandler(OperationalError)
    def busy(error: OperationalError) -> ResponseReturnValue:
        return _answer(_BUSY) if "locked" in str(error.orig) else unexpected(error)

    @web.errorhandler(HTTPException)
    def http(error: HTTPException) -> ResponseReturnValue:
        if error.code is None or error.code < 400:
            return error.get_response()
        return _answer(_of(error), headers=dict(error.get_headers()))

    @web.errorhandler(Exception)
    def unexpected(error: Exception) -> ResponseReturnValue:
        reference = secrets.token_hex(4)
        LOG.exception("%s %s failed, reference %s", request.method, request.path, reference, exc_info=error)
        return _answer(_BROKEN, reference=reference)


def _answer(problem: Problem, *, reference: str = "", headers: dict[str, str] | None = None) -> ResponseReturnValue:
    _settle()
    answer = _document(problem, reference) if _for_programs() else page("error.html", problem=problem, reference=reference)
    response = Response(answer, problem.status, content_type=_TYPES[_for_programs()])
    if "Allow" in (headers or {}):
        response.headers["Allow"] = (headers or {})["Allow"]
    if "retry_after" in problem.facts:
        response.headers["Retry-After"] = str(problem.facts["retry_after"])
    return response


def _settle() -> None:
    """Something may have failed before the request had a language or a reader."""
    if "words" not in g:
        g.words = house().languages[choose_locale(house().settings.locale)]
    for name in ("user", "session", "before"):
        g.setdefault(name, None)


_TYPES = {False: "text/html; charset=utf-8", True: "application/problem+json"}


def _document(problem: Problem, reference: str) -> str:
    locale = g.words.locale
    document = {
        "type": "about:blank",
        "title": problem.title.to(locale),
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail.to(locale),
        "errors": [{"path": e.path, "code": e.code, "message": e.message.to(locale)} for e in problem.errors],
    }
    return json.dumps(document | ({"reference": reference} if reference else {}), ensure_ascii=False)


def _for_programs() -> bool:
    return request.path.startswith(("/api/", "/hooks/"))


def _of(error: HTTPException) -> Problem:
    if error.code == 404:
        return missing()
    title, detail = _KNOWN.get(error.code or 400, _KNOWN[400])
    return Problem(error.code or 400, f"http_{error.code}", title, detail)


def _of_definition(error: DefinitionError) -> Problem:
    """A definition that was not accepted: every problem with its place."""
    faults = tuple(Fault(str(d.span), d.code, d.message) for d in error.diagnostics)
    title = Text("定义有错，没有发布", "The definition has errors and was not published")
    return Problem(422, "definition", title, Text("请改好下面这些再试", "Put these right and try again"), faults)


_BUSY = Problem(
    503,
    "busy",
    Text("现在太忙", "Busy just now"),
    Text("请几秒后再试；没有保存一半的改动", "Try again in a few seconds; nothing is half saved"),
    facts={"retry_after": 2},
)
_KNOWN = {
    400: (Text("请求读不懂", "The request cannot be read"), Text("请返回上一页再试一次", "Go back and try again")),
    405: (
        Text("这里不能这样做", "That cannot be done here"),
        Text("这个地址不接受这种请求", "This address does not take such a request"),
    ),
    413: (
        Text("内容太大", "Too large"),
        Text("一次最多提交 16 MB；大量数据请用导入", "At most 16 MB at once; use the import for much data"),
    ),
    429: (Text("太频繁了", "Too often"), Text("请稍等再试", "Wait a moment and try again")),
}
_BROKEN = Problem(
    500,
    "unexpected",
    Text("这里出错了", "Something went wrong here"),
    Text(
        "不是您的问题，没有保存一半的改动。请稍后再试", "It is not your fault, and nothing is half saved. Try again in a moment"
    ),
)

"""Errors as RFC 9457 problem documents, for everything under /api: our Problems, unknown routes, wrong methods, and what broke.

A stack trace goes to the log and never to the caller. Must not decide what is an error."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from builder_ui.api.answers import PROBLEM, answer
from builder_ui.api.auth import authenticate, locale
from builder_ui.api.context import Context
from engine.model.diagnostic import DefinitionError
from engine.model.problem import Fault, Problem, missing
from engine.model.text import Text

_LOG = logging.getLogger(__name__)
_BUSY_SECONDS = 2


def mount(api: Blueprint, context: Context) -> None:
    """Authenticate before, and answer whatever is raised."""
    api.before_request(partial(authenticate, context))
    api.before_app_request(partial(_unrouted, context))
    api.register_error_handler(Problem, lambda problem: respond(problem, locale(context)))
    api.register_error_handler(DefinitionError, lambda error: respond(_definition(error), locale(context)))
    api.register_error_handler(HTTPException, lambda error: respond(_http(error), locale(context)))
    api.register_error_handler(OperationalError, lambda error: respond(_busy(error), locale(context)))
    api.register_error_handler(Exception, lambda error: respond(_broken(error), locale(context)))


def document(problem: Problem, language: str) -> dict[str, Any]:
    """The problem as the members of its document."""
    found: dict[str, Any] = {
        "type": f"urn:dajian:problem:{problem.code}",
        "title": problem.title.to(language),
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail.to(language),
        "errors": [_fault(fault, language) for fault in problem.errors],
    }
    if problem.remedies:
        found["remedies"] = [{"kind": r.kind, "name": r.name, "title": r.title.to(language)} for r in problem.remedies]
    return {**{k: _told(v, language) for k, v in problem.facts.items() if k not in found}, **found}


def respond(problem: Problem, language: str) -> Response:
    """The problem as a response."""
    response = answer(document(problem, language), problem.status)
    response.mimetype = PROBLEM
    response.headers["Content-Language"] = "en" if language.lower().startswith("en") else "zh"
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="dajian"'
    if "retry_after" in problem.facts:
        response.headers["Retry-After"] = str(max(1, int(problem.facts["retry_after"])))
    if "allow" in problem.facts:
        response.headers["Allow"] = ", ".join(problem.facts["allow"])
    return response


def _unrouted(context: Context) -> Response | None:
    """Routing errors belong to no blueprint; those under /api are answered here, before any page would be."""
    error = request.routing_exception
    if error is None or not (request.path == "/api" or request.path.startswith("/api/")):
        return None
    return respond(_http(error), locale(context))


def _fault(fault: Fault, language: str) -> dict[str, Any]:
    found: dict[str, Any] = {"path": fault.path, "code": fault.code, "message": fault.message.to(language)}
    return {**found, "rule": str(fault.span)} if fault.span is not None else found


def _told(value: Any, language: str) -> Any:
    """Facts for programs, with texts in the caller's language."""
    if isinstance(value, Text):
        return value.to(language)
    if isinstance(value, Mapping):
        return {name: _told(inner, language) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_told(inner, language) for inner in value]
    return value


def _http(error: HTTPException) -> Problem:
    if isinstance(error, MethodNotAllowed):
        allowed = sorted(set(error.valid_methods or ()))
        text = Text("这里可以用：{methods}", "Allowed here: {methods}").fill(methods=", ".join(allowed))
        return Problem(405, "method_not_allowed", Text("不支持这个方法", "Method not allowed"), text, facts={"allow": allowed})
    status = error.code or 500
    if status == 413:
        text = Text("请求体太大", "The body is too large")
        return Problem(413, "too_large", text, text)
    if status == 404 or 300 <= status < 400:
        return missing()
    if status >= 500:
        return _broken(error)
    text = Text("请求读不懂", "The request cannot be read")
    return Problem(status, "bad_request", text, text)


def _definition(error: DefinitionError) -> Problem:
    faults = tuple(Fault(d.path, d.code, d.message, d.span) for d in error.diagnostics)
    title = Text("定义有错", "The definition has errors")
    return Problem(422, "definition", title, Text(*("；".join(t) for t in _both(faults))), faults)


def _both(faults: tuple[Fault, ...]) -> tuple[list[str], list[str]]:
    return [fault.message.zh for fault in faults], [fault.message.en for fault in faults]


def _busy(error: OperationalError) -> Problem:
    if "locked" not in str(error.orig) and "busy" not in str(error.orig):
        return _broken(error)
    title = Text("现在太忙", "Busy just now")
    text = Text("请 {n} 秒后再试", "Try again in {n} seconds").fill(n=_BUSY_SECONDS)
    return Problem(503, "busy", title, text, facts={"retry_after": _BUSY_SECONDS})


def _broken(error: BaseException) -> Problem:
    _LOG.error("%s %s broke", request.method, request.path, exc_info=error)
    title = Text("系统出错了", "Something broke here")
    return Problem(500, "internal", title, Text("已记入日志，请联系管理员", "It is in the log; ask your administrator"))

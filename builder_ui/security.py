"""What every answer and every write by a browser must keep: headers, cookies, the session, CSRF. Decides nothing about data.

A session's CSRF token is derived from the session token (HMAC), so nothing more is stored; before sign-in a random cookie takes
its place. In a page the token is masked afresh each time, so that compressing the page cannot give it away (BREACH).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit, urlunsplit

from flask import Response, g, request
from markupsafe import Markup

from builder_ui.house import house
from engine.model.problem import Problem, Remedy
from engine.model.text import Text

SESSION = "dajian_session"
BEFORE = "dajian_before"
LOCALE = "dajian_locale"
SAID = "dajian_said"
SESSION_SECONDS = 14 * 24 * 3600
_YEAR = 365 * 24 * 3600
# Answered alike to everybody, so nobody is looked up for them.
_FOR_ANYBODY = frozenset({"static", "favicon", "healthz", "readyz"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def recognise() -> None:
    """Before each request: who asks? A bearer token speaks for itself (the API reads it); then cookies count for nothing."""
    g.nonce = secrets.token_urlsafe(16)
    g.user = g.session = None
    g.said = None
    g.before = None
    if "Authorization" in request.headers or request.endpoint in _FOR_ANYBODY:
        return
    token = request.cookies.get(SESSION, "")
    found = house().people.session(token) if token else None
    if found is not None:
        g.user, g.session = found


def check_csrf() -> None:
    """Before each write by cookie. Raises Problem 403. Requests without our cookies are left to those who answer them."""
    if request.method in _SAFE or "Authorization" in request.headers:
        return
    if g.user is None and not (request.endpoint or "").startswith(("sign_in.", "profile.")):
        return
    given = request.headers.get("X-CSRF-Token") or request.form.get("csrf") or ""
    if not hmac.compare_digest(_unmask(given), _real()):
        raise _NOT_FROM_HERE


_NOT_FROM_HERE = Problem(
    403,
    "csrf",
    Text("这一页太旧了", "This page is too old"),
    Text("请重新打开这一页再提交一次；没有任何改动被保存", "Open the page again and send it once more; nothing was changed"),
    remedies=(Remedy("reload", "", Text("重新打开", "Open again")),),
)


def csrf_token() -> str:
    """A token for this page, masked. Begins a pre-session when nobody is signed in."""
    mask = secrets.token_bytes(32)
    return (mask + _xor(mask, _real())).hex()


def csrf_field() -> Markup:
    """The hidden field of a form."""
    return Markup('<input type="hidden" name="csrf" value="{}">').format(csrf_token())


def _real() -> bytes:
    key = request.cookies.get(SESSION, "") if g.user is not None else request.cookies.get(BEFORE, "") or g.before
    if not key:
        key = g.before = secrets.token_urlsafe(32)
    return hmac.new(key.encode(), b"dajian csrf", hashlib.sha256).digest()


def _unmask(given: str) -> bytes:
    try:
        raw = bytes.fromhex(given)
    except ValueError:
        return b""
    if len(raw) == 64:
        return _xor(raw[:32], raw[32:])
    return raw


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def seal(response: Response) -> Response:
    """After each request: the headers that every answer carries, and the pre-session cookie if one was begun."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _policy(g.get("nonce", "")))
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(self), microphone=(self), geolocation=()"
    headers.setdefault("Cache-Control", "private, no-store")
    if "Location" in headers:
        # Routing builds whole addresses from the Host header, which whoever asks may choose; we send on to our own paths only.
        parts = urlsplit(headers["Location"])
        headers["Location"] = urlunsplit(("", "", "/" + parts.path.lstrip("/"), parts.query, parts.fragment))
    if _https():
        headers["Strict-Transport-Security"] = f"max-age={_YEAR}"
    if g.get("before"):
        keep(response, BEFORE, g.before, seconds=None)
    return response


def _policy(nonce: str) -> str:
    return (
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; "
        f"style-src-elem 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def keep(response: Response, name: str, value: str, *, seconds: int | None, script: bool = False) -> None:
    """Set one of our cookies: this site only, not for scripts, over https only when the house is on https."""
    response.set_cookie(name, value, max_age=seconds, path="/", secure=_https(), httponly=not script, samesite="Lax")


def forget(response: Response, name: str) -> None:
    """Remove one of our cookies."""
    response.delete_cookie(name, path="/", secure=_https(), httponly=True, samesite="Lax")


def remember_session(response: Response, token: str) -> None:
    """The cookie of a session just begun; the pre-session ends with it."""
    keep(response, SESSION, token, seconds=SESSION_SECONDS)
    forget(response, BEFORE)


def remember_locale(response: Response, locale: str) -> None:
    """The language chosen in this browser."""
    keep(response, LOCALE, locale, seconds=_YEAR)


def local_path(wish: str | None, otherwise: str) -> str:
    """A path on this site to go back to; anything else becomes `otherwise`, so nobody is sent elsewhere."""
    path = wish or ""
    if not path.startswith("/") or path[1:2] in {"/", "\\"} or any(ord(letter) < 33 for letter in path):
        return otherwise
    return path


def _https() -> bool:
    return (house().settings.base_url or "").startswith("https://")

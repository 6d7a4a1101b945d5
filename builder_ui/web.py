"""The web application: puts the house's parts, security, languages, pages and REST together. Decides nothing about data."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask, Response, g, request
from werkzeug.wrappers import Response as BaseResponse

from builder_ui import errors, packing, rendering, security
from builder_ui.api import make_api
from builder_ui.house import NAME, House, house
from builder_ui.i18n import choose_locale, load_words
from builder_ui.pages import app, board, entrance, home, inbox, listing, market, new_record, profile, record
from builder_ui.ports import Settings
from builder_ui.readable import readable
from builder_ui.static_files import Shelf
from engine.market.market import Market
from engine.model.problem import missing
from engine.people.service import People
from engine.runtime.runtime import Runtime

FOLDER = Path(__file__).parent
MAX_BYTES = 16 * 1024 * 1024
MAX_FORM_PARTS = 2_000


def make_web(runtime: Runtime, people: People, market_: Market, settings: Settings) -> Flask:
    """The application, ready for any WSGI server. What it needs comes in; it keeps no state of its own."""
    web = Flask("builder_ui", root_path=str(FOLDER), static_folder=None, template_folder="templates")
    web.config.update(MAX_CONTENT_LENGTH=MAX_BYTES, MAX_FORM_PARTS=MAX_FORM_PARTS, MAX_FORM_MEMORY_SIZE=MAX_BYTES)
    web.extensions[NAME] = House(
        runtime, people, market_, settings, load_words(), Shelf(FOLDER / "static"), ZoneInfo(settings.timezone)
    )
    rendering.prepare(web)
    for before in (security.recognise, _choose_language, security.check_csrf, readable, entrance.guard):
        web.before_request(before)
    for blueprint in (entrance, home, market, inbox, profile, app, board, listing, new_record, record):
        web.register_blueprint(blueprint.pages)
    _mount_house_keeping(web)
    web.register_blueprint(make_api(runtime, people, settings))
    errors.mount(web)
    # Run in reverse order: packed last, when the body is final.
    web.after_request(packing.pack)
    web.after_request(security.seal)
    return web


def _choose_language() -> None:
    wishes = (
        g.user.locale if g.user is not None else None,
        request.cookies.get(security.LOCALE),
        request.headers.get("Accept-Language"),
        house().settings.locale,
    )
    g.words = house().languages[choose_locale(*wishes)]


def _mount_house_keeping(web: Flask) -> None:
    @web.get("/static/<path:name>", endpoint="static")
    def static(name: str) -> Response:
        found = house().shelf.answer(name, request)
        if found is None:
            raise missing()
        return found

    @web.get("/favicon.ico")
    def favicon() -> Response:
        return static("icon.svg")

    @web.get("/healthz")
    def healthz() -> BaseResponse:
        return Response("ok\n", mimetype="text/plain")

    @web.get("/readyz")
    def readyz() -> BaseResponse:
        # Ready is who can read its apps; an unreachable database raises and answers 500.
        house().runtime.apps()
        return Response("ready\n", mimetype="text/plain")

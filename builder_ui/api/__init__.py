"""REST under /api/v1 and `/openapi.json`: the same two doors as the pages, for programs.

One file per subject. Nothing here decides who may do what or touches a table: bodies are read strictly, the runtime is asked,
its answer or its Problem is written as JSON."""

from __future__ import annotations

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from builder_ui.api import apps, boards, changes, files, history, inbox, openapi, problems, records, transitions
from builder_ui.api.context import Context
from builder_ui.ports import Settings
from engine.people.service import People
from engine.runtime.runtime import Runtime

PREFIX = "/api/v1"


def make_api(runtime: Runtime, people: People, settings: Settings) -> Blueprint:
    """The blueprint to register; it puts itself under /api/v1 and adds `/openapi.json` at the root."""
    context = Context(runtime, people, settings)
    api = Blueprint("api", __name__, url_prefix=PREFIX)
    for subject in (apps, records, files, transitions, history, boards, changes, inbox):
        subject.mount(api, context)
    problems.mount(api, context)

    def at_the_root(state: BlueprintSetupState) -> None:
        openapi.mount(state.app, context)

    api.record_once(at_the_root)
    return api

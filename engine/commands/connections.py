"""A connection's settings with its secrets in place, for the worker and `pull`. The only place where a secret leaves its
box."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.model.problem import Problem, missing
from engine.model.text import Text
from engine.people.service import People
from engine.runtime.runtime import Runtime

_PREFIX = "secret:"


def connection_settings(runtime: Runtime, people: People) -> Callable[[str, str], Mapping[str, str]]:
    """A function (app, connection) → settings. It raises Problem 409 and names the secret that is not there."""

    def settings(app: str, connection: str) -> Mapping[str, str]:
        declared = runtime.program(app).app.connections.get(connection)
        if declared is None:
            raise missing()
        return {name: _open(people, value) for name, value in declared.settings.items()}

    return settings


def _open(people: People, value: str) -> str:
    if not value.startswith(_PREFIX):
        return value
    name = value.removeprefix(_PREFIX)
    secret = people.reveal(name)
    if secret is None:
        detail = Text("缺密钥 {name}：执行 dajian secret set {name}", "The secret {name} is missing: dajian secret set {name}")
        raise Problem(409, "secret_missing", Text("缺密钥", "A secret is missing"), detail.fill(name=name))
    return secret

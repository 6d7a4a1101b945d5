"""What can be installed, and installing it: the folder's definition is published as it stands, then whoever installs takes the
roles they asked for. Nothing else is added: sample data is a step of its own (sample.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.definition.read import read_folder
from engine.market.folder import description, overlay_files, picture, template_folders
from engine.model.app import App
from engine.model.change import Actor
from engine.model.problem import Fault, Problem, invalid
from engine.model.text import Text
from engine.people.service import People
from engine.runtime.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Offer:
    """A template before it is installed. `name` is its folder's; the app inside has its own name, usually the same."""

    name: str
    title: Text
    description: Text
    version: str
    app: App


@dataclass(frozen=True, slots=True)
class Market:
    """`templates`: the folder whose sub-folders are templates."""

    templates: Path
    runtime: Runtime
    people: People

    def offers(self) -> list[Offer]:
        """All templates that can be read, by name."""
        found = (self._offer(name, folder) for name, folder in template_folders(self.templates).items())
        return [offer for offer in found if offer is not None]

    def folder(self, name: str) -> Path:
        """Where a template stands. Raises Problem 404 and names those there are."""
        folders = template_folders(self.templates)
        if name not in folders:
            detail = Text("市场里没有模板 {name}；有：{all}", "The market has no template {name}; it has: {all}")
            filled = detail.fill(name=name, all=", ".join(folders) or "–")
            raise Problem(404, "unknown_template", Text("没有这个模板", "No such template"), filled)
        return folders[name]

    def picture(self, name: str) -> tuple[bytes, str] | None:
        """A template's picture and its media type. Raises Problem 404 for an unknown template."""
        found = picture(self.folder(name))
        return None if found is None else (found.data, found.media_type)

    def install(self, name: str, actor: Actor, *, roles: Sequence[str] = (), demo: bool = False) -> str:
        """Publish a template in the name of a user and give that user `roles` in it; returns the app's name. `demo`: with the
        files of its `demo/` folder. Raises Problem (unknown template, installed already, unknown role) or DefinitionError."""
        folder = self.folder(name)
        files = overlay_files(folder) if demo else read_folder(folder)
        loaded = self.runtime.check(files)
        if loaded.app is not None:
            self._not_yet(loaded.app)
            _require_roles(loaded.app, roles)
        self.runtime.publish(files, actor)
        app = self.runtime.program(loaded.app.name if loaded.app else name).app
        if roles:
            user = self.people.user(actor.name)
            for role in roles:
                self.people.grant(user, app, role)
        return app.name

    def _not_yet(self, app: App) -> None:
        """Installing is for what is not there; an app people have changed since is not overwritten by its template."""
        if app.name in self.runtime.apps():
            detail = Text("{name} 已经装好；要换定义请用 dajian apply", "{name} is installed; to change it, use dajian apply")
            raise Problem(409, "installed", Text("已经装好", "Installed already"), detail.fill(name=app.name))

    def _offer(self, name: str, folder: Path) -> Offer | None:
        loaded = self.runtime.check(read_folder(folder))
        if loaded.app is None:
            return None
        return Offer(name, loaded.app.title, description(folder), loaded.app.version, loaded.app)


def _require_roles(app: App, roles: Sequence[str]) -> None:
    """Asked before anything is published, so that a slip of the pen installs nothing."""
    for role in roles:
        if role not in app.roles:
            text = Text("{app} 没有角色 {role}；有：{all}", "{app} has no role {role}; it has {all}")
            filled = text.fill(app=app.name, role=role, all=", ".join(app.roles))
            raise invalid((Fault("roles", "unknown_role", filled),))

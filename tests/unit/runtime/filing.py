"""A small app whose orders carry files, for tests of attachments."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from engine.model.change import Actor
from engine.storage.blobs import Incoming
from tests.pictures import photo
from tests.world import World, actor, make_world

APP = """
app: depot
title: Depot
version: 1.0.0
roles:
  keeper: {title: {zh: 库管, en: Keeper}}
  guest: {title: {zh: 访客, en: Guest}}
  buyer: {title: {zh: 顾客, en: Buyer}, portal: true}
tables:
  orders:
    title: {zh: 订单, en: Orders}
    display: no
    fields:
      no: {type: text, title: {zh: 单号, en: Number}}
      photos: {type: attachment, max: 3, accept: [image, pdf], max_size: 1, title: {zh: 照片, en: Photos}}
      papers: {type: attachment, title: {zh: 文件, en: Papers}}
      status: {type: state, title: {zh: 状态, en: State}}
    flow:
      field: status
      states: {open: {title: {zh: 开, en: Open}, initial: true}, done: {title: {zh: 完, en: Done}, final: true}}
      transitions: {finish: {title: {zh: 完成, en: Finish}, from: open, to: done, by: [keeper], needs: [photos]}}
permissions:
  keeper:
    orders:
      read: {all: true}
      create: [no, photos, papers]
      edit: {no: true, photos: "status == 'open'", papers: true}
      delete: true
  guest:
    orders: {read: {no: true, papers: true}}
"""

KEEPER = actor("keeper", name="keeper")
OTHER = actor("keeper", name="other")
GUEST = actor("guest", name="guest")


def depot(path: Path, **options: Any) -> World:
    """The app in a new house."""
    return make_world(path, {"app.yaml": APP.encode()}, **options)


def bringing(data: bytes, name: str) -> Callable[[Incoming], str]:
    """Somebody who sends these bytes under this name."""

    def fill(incoming: Incoming) -> str:
        incoming.write(data)
        return name

    return fill


def bring(
    world: World, field: str = "photos", data: bytes | None = None, name: str = "a.jpg", who: Actor = KEEPER
) -> dict[str, Any]:
    """Upload a file."""
    return world.runtime.upload(world.app, "orders", field, who, bringing(photo() if data is None else data, name))

"""Makes the pictures of docs/pictures/ and the template's own, of a throw-away house with the template's sample data.

`python -m tools.pictures`, for whoever changes how pages look. Needs Chromium. Nothing comes from the network and nothing is
left behind but PNGs.
"""

from __future__ import annotations

import logging
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from app import open_house
from builder_ui.web import make_web
from engine.commands.kit import House
from engine.commands.settings import Settings
from engine.market.sample import add_sample
from engine.model.change import Read
from engine.people.actors import actor_for, publisher
from tests.browser.conftest import FLAGS
from tests.conftest import chromium_path

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
TEMPLATE = "order_tracking"
OF_TEMPLATE = ROOT / "templates_market" / TEMPLATE / "picture.png"
WORD = "only for a picture"
WIDE, PHONE, SHOP_WINDOW = (1440, 900), (390, 844), (1280, 800)
LANGUAGES = {"zh": "zh-CN", "en": "en"}
NAMES = {"zh": "陈总", "en": "Chen"}
LARGEST, LARGEST_OF_TEMPLATE, LARGEST_OF_ALL = 300_000, 150_000, 2_500_000  # bytes


@dataclass(frozen=True)
class Shot:
    """One picture: its name, the page and the size of the window."""

    name: str
    path: str
    size: tuple[int, int] = WIDE
    ready: str = "main"


def shots(order: str) -> list[Shot]:
    base = f"/a/{TEMPLATE}"
    return [
        Shot("board", f"{base}/b/desk", ready=".kb-card"),
        Shot("board-390", f"{base}/b/desk", PHONE, ".kb-card"),
        Shot("record", f"{base}/t/orders/{order}", ready=".life"),
        Shot("list", f"{base}/b/table", ready="tbody tr"),
        Shot("market", "/market", ready=".offer"),
        Shot("app", f"{base}/", ready=".rules"),
    ]


@contextmanager
def sample_house() -> Iterator[tuple[House, str]]:
    """A house with the sample and one person per language, and the address it answers at. Gone in the end."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {"DAJIAN_DATABASE_URL": f"sqlite:///{folder}/dajian.db", "DAJIAN_DATA_DIR": folder}
        house = open_house(Settings.from_env(environ, Path("none")))
        _fill(house)
        server = make_server("127.0.0.1", 0, make_web(house.runtime, house.people, house.market, house.settings), threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield house, f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
            house.database.close()


def _fill(house: House) -> None:
    owner = house.people.add_user(NAMES["zh"], owner=True)
    house.market.install(TEMPLATE, publisher(owner, channel="command"))
    add_sample(house.runtime.core, TEMPLATE, house.market.folder(TEMPLATE))
    app = house.runtime.program(TEMPLATE).app
    for user in (owner, house.people.add_user(NAMES["en"], owner=True)):
        house.people.set_password(user, WORD)
        for role in ("clerk", "buyer", "director"):
            house.people.grant(user, app, role)


def an_order(house: House) -> str:
    """An order with something to tell: the newest that is being picked and that a rule let through."""
    owner = house.people.owner()
    assert owner is not None
    with house.database.read() as connection:
        actor = actor_for(connection, owner, house.runtime.program(TEMPLATE).app, channel="page", ip="", device="", locale="zh")
    page = house.runtime.records(Read(TEMPLATE, "orders", where="status == 'picking' and amount < 500", limit=1), actor)
    return str(page.records[0]["id"])


@contextmanager
def signed_in(browser: Browser, address: str, language: str) -> Iterator[Page]:
    context = browser.new_context(locale=LANGUAGES[language], reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    page.fill("input[name=name]", NAMES[language])
    page.fill("input[type=password]", WORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    yield page
    context.close()


def take(page: Page, address: str, shot: Shot) -> bytes:
    page.set_viewport_size({"width": shot.size[0], "height": shot.size[1]})
    page.goto(address + shot.path)
    page.wait_for_selector(shot.ready)
    page.wait_for_load_state("networkidle")
    return page.screenshot()


def make(program: str) -> Mapping[Path, bytes]:
    """All pictures by their place. The template's own is taken and put down first, since the market shows it."""
    found: dict[Path, bytes] = {}
    with sync_playwright() as playwright, sample_house() as (house, address):
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        listed = shots(an_order(house))
        with signed_in(browser, address, "zh") as page:
            found[OF_TEMPLATE] = take(page, address, Shot("template", listed[0].path, SHOP_WINDOW, listed[0].ready))
        OF_TEMPLATE.write_bytes(found[OF_TEMPLATE])
        for language in LANGUAGES:
            with signed_in(browser, address, language) as page:
                for shot in listed:
                    found[PICTURES / f"{shot.name}-{language}.png"] = take(page, address, shot)
        browser.close()
    return found


def main() -> int:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    program = chromium_path()
    if program is None:
        sys.stderr.write("Chromium is not here: apt-get install chromium\n")
        return 1
    found = make(program)
    PICTURES.mkdir(parents=True, exist_ok=True)
    for path, data in found.items():
        path.write_bytes(data)
        sys.stdout.write(f"{len(data):>8}  {path.relative_to(ROOT)}\n")
    large = [path.name for path, data in found.items() if len(data) > (LARGEST_OF_TEMPLATE if path == OF_TEMPLATE else LARGEST)]
    if large or sum(map(len, found.values())) > LARGEST_OF_ALL:
        sys.stderr.write(f"too large: {', '.join(large) or 'all together'}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

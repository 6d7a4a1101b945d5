"""Searching in sets of words: any part of a word, and nothing of the form in which the database keeps them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.databases import ON_BOTH
from tests.every_kind import FILES
from tests.world import actor, make_world

pytestmark = ON_BOTH

TAGS = (["VIP", "易碎"], ["a[1]", 'say "hi"'], ["back\\slash", "x]"], ["{b: 1}"], None)
SEARCHES = ("[", "]", '"', ",", "，", '","', '["', '"]', "{", "}", ":", "\\", "\\\\", "vip", "易", "[1", "x]", "、", ";")


def test_a_word_is_found_by_its_own_letters_only(tmp_path: Path) -> None:
    world, who = make_world(tmp_path, FILES), actor("clerk")
    made = {world.create("parcels", tags=tags, services=None).id: tags or [] for tags in TAGS}
    for text in SEARCHES:
        found = {record["id"] for record in world.list("parcels", who, search=text)}
        assert found == {id for id, tags in made.items() if any(text.lower() in tag.lower() for tag in tags)}, text
    world.runtime.database.close()


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_words_and_documents_in_a_notice_read_like_words(tmp_path: Path, locale: str) -> None:
    text = FILES["app.yaml"].decode().replace("- set: {note: \"'VIP'\"}", NOTICE).replace(" and assignee != user.name", "")
    world = make_world(tmp_path, {"app.yaml": text.encode()})
    user = world.people.add_user("ann")
    app = world.runtime.program(world.app).app
    world.people.grant(user, app, "clerk")
    world.create("parcels", tags=["VIP", "易碎"], services=["wrap", "card"], raw={"a": [1]})
    (line,) = world.runtime.inbox(user.id)
    who = world.people.actor(user, app, channel="test", locale=locale)
    expected = {"zh": "VIP、易碎 贺卡、礼品包装", "en": "VIP、易碎 Card、Gift wrap"}[locale]
    assert world.runtime.inbox_line(line, who)["text"] == f'{expected} {{"a": [1]}}'
    world.runtime.database.close()


NOTICE = '- notify: {to: [role.clerk], by: [inbox], text: "{tags} {services} {raw}"}'

from __future__ import annotations

import pytest
from babel.messages.pofile import read_po

from builder_ui.i18n import FOLDER, LANGUAGES, choose_locale, load_words
from builder_ui.i18n.collect import collect, messages
from tests.unit.builder_ui.web_house import APP, WebHouse


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_message_is_translated_and_none_is_left_over(locale: str) -> None:
    with (FOLDER / f"{locale}.po").open("rb") as file:
        catalogue = read_po(file, locale=locale)
    used = {text if isinstance(text, str) else text[0] for text, _, _ in messages()}
    known = {e.id if isinstance(e.id, str) else e.id[0]: e.string for e in catalogue if e.id}
    assert set(known) == used, "run: python -m builder_ui.i18n.collect"
    missing = [text for text, said in known.items() if not (said if isinstance(said, str) else (said or ("",))[0])]
    assert missing == []


@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_files_are_as_collecting_leaves_them(locale: str) -> None:
    assert collect(locale) == (FOLDER / f"{locale}.po").read_bytes()


def test_slots_are_the_same_in_every_language() -> None:
    slots = {locale: {m: sorted(set(_slots(t))) for m, t in w.messages.items()} for locale, w in load_words().items()}
    assert slots["zh_CN"] == slots["en"]


def _slots(text: str) -> list[str]:
    return [part.partition(")s")[0] for part in text.split("%(")[1:]]


def test_plurals() -> None:
    words = load_words()
    assert words["en"].ngettext("%(num)s record", "%(num)s records", 1) == "%(num)s record"
    assert words["en"].ngettext("%(num)s record", "%(num)s records", 2) == "%(num)s records"
    assert words["zh_CN"].ngettext("%(num)s record", "%(num)s records", 2) == "%(num)s 条"


@pytest.mark.parametrize(
    ("wishes", "locale"),
    [
        (("en_GB",), "en"),
        (("en-US;q=0.9, zh;q=0.8",), "en"),
        (("fr-FR, zh-TW;q=0.5",), "zh_CN"),
        ((None, "", "zh"), "zh_CN"),
        (("xx", "yy"), "zh_CN"),
        ((None, "en", "zh"), "en"),
    ],
)
def test_the_first_language_that_we_speak_is_taken(wishes: tuple[str | None, ...], locale: str) -> None:
    assert choose_locale(*wishes) == locale


def test_the_language_of_the_person_goes_before_the_browsers(house: WebHouse) -> None:
    house.person("polyglot", "clerk")
    browser = house.signed_in("polyglot")
    assert "首页" in browser.get("/").text
    assert "Home" in browser.get("/", **{"Accept-Language": "en"}).text
    browser.post("/language", locale="en", back=f"{APP}/")
    page = browser.get("/", **{"Accept-Language": "zh-CN"}).text
    assert '<html lang="en"' in page
    assert "Home" in page
    browser.post("/language", locale="zh_CN")
    assert '<html lang="zh-CN"' in browser.get("/").text


def test_switching_comes_back_to_the_page_and_knows_no_other_language(house: WebHouse) -> None:
    house.person("switcher", "clerk")
    browser = house.signed_in("switcher")
    assert browser.post("/language", locale="en", back=f"{APP}/").headers["Location"] == f"{APP}/"
    assert browser.post("/language", locale="fr").status_code == 404


def test_a_stranger_switches_by_cookie(house: WebHouse) -> None:
    visitor = house.visitor()
    visitor.post("/language", "/sign-in", locale="en", back="/sign-in")
    assert "Sign in" in visitor.get("/sign-in", **{"Accept-Language": "zh"}).text


def test_definitions_speak_the_readers_language(house: WebHouse) -> None:
    browser = house.signed_in("lin", dajian_locale="en")
    page = browser.get(f"{APP}/t/orders/{house.ids['order']}").text
    assert "Amount paid" in page
    assert "Approve is done by" in page

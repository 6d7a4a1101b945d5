from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.model.text import Text

HOSTILE = st.text("{}|ab左右 left right\n\\'\"", max_size=20)


def test_slots_are_filled_in_both_languages() -> None:
    assert Text("{a}是{b}", "{a} is {b}").fill(a=Text("金额", "Amount"), b=5) == Text("金额是5", "Amount is 5")


@given(left=HOSTILE, right=HOSTILE)
def test_what_goes_into_a_slot_is_never_read_as_a_message(left: str, right: str) -> None:
    filled = Text("<{left}|{right}>", "<{left}|{right}>").fill(left=left, right=right)
    assert filled.zh == filled.en == f"<{left}|{right}>"


def test_a_title_that_looks_like_a_slot_stays_a_title() -> None:
    assert Text("{left}{right}", "{left} {right}").fill(left="{right}", right="x").en == "{right} x"


def test_slots_without_a_value_wait() -> None:
    assert Text("{a}{b}", "{a} {b}").fill(a="1").fill(b="2").en == "1 2"


def test_one_and_several_have_words_of_their_own() -> None:
    days = Text("{n} 天", "{n} {n|day|days}")
    assert [days.fill(n=n).en for n in (0, 1, 2)] == ["0 days", "1 day", "2 days"]
    assert days.fill(n=1).zh == "1 天"


def test_chinese_sets_a_space_between_itself_and_latin_letters_and_digits() -> None:
    message = Text("{left}大于{right}元", "{left} exceeds {right}")
    assert message.say(left="SKU", right=500) == Text("SKU 大于 500 元", "SKU exceeds 500")
    assert message.say(left="金额", right="「A」").zh == "金额大于「A」元"
    assert message.say(left="金额", right=-5).zh == "金额大于 -5 元"

"""What people call a thing → how an expression writes it: 实付金额 → amount, 待审核 → 'pending'.

Here because people who think in titles write titles; the hint then names what they meant. Titles come with the tables of a
definition only. Tables made for a person's own filters have none, so nothing hidden is named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from engine.model.text import Text
from engine.model.types import Scope

Titles = Mapping[str, tuple[str, ...]]
_ALIKE = 0.75
# Of so few letters, too many are alike.
_SHORT = 2


def titles_in(scope: Scope) -> tuple[Titles, ...]:
    """The nearest first: of the record that bare names belong to, of the one around it, of the person, of all tables."""
    near = [scope.tables[name].titles for name in (scope.inner, scope.table) if name is not None and name in scope.tables]
    return (*near, scope.facts, *(table.titles for table in scope.tables.values()))


def by_title(word: str, titles: Iterable[Titles]) -> Text | None:
    """'Did you mean': exactly that title anywhere, else one much like it, else one that the words begin with."""
    several = [each for each in titles if each]
    for find in (_exact, _close, _begins):
        for each in several:
            title = find(word, each)
            if title is not None:
                return did_you_mean_titled(title, each[title])
    return None


def did_you_mean_titled(title: str, written: Iterable[str]) -> Text:
    """`是不是想写 amount（实付金额）？`"""
    names = list(written)
    zh, en = " 或 ".join(names), " or ".join(names)
    return Text("是不是想写 {a}（{title}）？", "Did you mean {b} ({title})?").fill(a=zh, b=en, title=title)


def _exact(word: str, titles: Titles) -> str | None:
    return next((title for title in titles if title.casefold() == word.casefold()), None)


def _close(word: str, titles: Titles) -> str | None:
    near = get_close_matches(word, titles, n=1, cutoff=_ALIKE) if len(word) > _SHORT else ()
    return near[0] if near else None


def _begins(word: str, titles: Titles) -> str | None:
    """The longest: 手机号不为空 begins with 手机号. One letter says too little."""
    return max((title for title in titles if len(title) > 1 and word.startswith(title)), key=len, default=None)

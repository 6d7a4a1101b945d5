"""Collects every message of templates, Python and islands into the `.po` files, keeping translations.

`python -m builder_ui.i18n.collect`, for whoever changes a text; nothing at run time calls it. Messages that nobody uses any
more are dropped.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from builder_ui.i18n import FOLDER, ISLAND, LANGUAGES

HOUSE = FOLDER.parent
_KEYWORDS = ("_", "gettext", "ngettext")

# Islands call t('…') with one plain string.
_ISLAND_CALL = re.compile(r"""\bt\(\s*(?P<quote>['"])(?P<text>(?:\\.|(?!(?P=quote)).)*)(?P=quote)""")

Found = tuple[str | tuple[str, str], str, tuple[str, ...]]


def messages() -> Iterator[Found]:
    """Every message: its id (or the pair of a plural), the file that uses it, and the comments that go with it."""
    for path in sorted(HOUSE.rglob("*.html")):
        with path.open("rb") as file:
            for found in babel_extract(file, _KEYWORDS, [], {"newstyle_gettext": "true"}):
                yield from _said(str(found[1]), found[2], path)
    for path in sorted(HOUSE.rglob("*.py")):
        with path.open("rb") as file:
            for said in extract_python(file, dict.fromkeys(_KEYWORDS), [], {}):
                yield from _said(str(said[1]), said[2], path)
    for path in sorted((HOUSE / "static" / "islands").rglob("*.js")):
        for match in _ISLAND_CALL.finditer(path.read_text()):
            yield re.sub(r"\\(.)", r"\1", match["text"]), _name(path), (ISLAND,)


def _said(function: str, arguments: object, path: Path) -> Iterator[Found]:
    """A call's messages: its first argument, and the second of `ngettext`; other arguments are slots."""
    texts = list(arguments) if isinstance(arguments, tuple | list) else [arguments]
    if not texts or not isinstance(texts[0], str) or not texts[0]:
        return
    if function == "ngettext":
        yield (texts[0], str(texts[1])), _name(path), ()
    else:
        yield texts[0], _name(path), ()


def _name(path: Path) -> str:
    return path.relative_to(HOUSE.parent).as_posix()


def collect(locale: str) -> bytes:
    """The new text of a language's file. English messages translate themselves."""
    with (FOLDER / f"{locale}.po").open("rb") as file:
        known = read_po(file, locale=locale)
    fresh = Catalog(locale=locale, project="dajian", fuzzy=False)
    for text, place, comments in messages():
        before = known.get(text if isinstance(text, str) else text[0])
        said = before.string if before is not None else None
        if locale == "en":
            said = text
        elif isinstance(text, str) != isinstance(said, str):
            said = None
        old = fresh.get(text if isinstance(text, str) else text[0])
        marks = sorted({*comments, *(old.auto_comments if old else ())})
        fresh.add(text, said or None, locations=[(place, 0)], auto_comments=marks)
    out = io.BytesIO()
    write_po(out, fresh, width=120, sort_output=True, include_lineno=False, omit_header=True)
    return out.getvalue()


if __name__ == "__main__":
    for language in LANGUAGES:
        (FOLDER / f"{language}.po").write_bytes(collect(language))

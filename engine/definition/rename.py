"""Another name for one thing of a definition, everywhere at once: only the characters of the name change, in every file.

What comes out is read again and must say of every name what it said before; otherwise the renaming is refused and nothing
has changed. Data, and what stands outside the definition, are not touched here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.definition.messages import instead
from engine.definition.outline import IMPLICIT, STANDARD, check_name
from engine.definition.references import References, Usage, references
from engine.definition.spelling import Edit, SourceText
from engine.kinds.registry import Registry
from engine.model.connector import Catalogue
from engine.model.diagnostic import Diagnostic, Severity, Span
from engine.model.problem import Fault, Problem
from engine.model.text import Text


@dataclass(frozen=True, slots=True)
class Renamed:
    """`edits`: what was replaced in each file, in characters after a byte order mark. `paths`: what has the new name, by its
    old address: the thing itself, and choices or states that are compared with it. `usages`: the places that changed, as
    they were. `notes`: places where nobody can say what the change does, and warnings that were not there before."""

    files: Mapping[str, bytes]
    edits: Mapping[str, tuple[Edit, ...]]
    paths: tuple[str, ...]
    usages: tuple[Usage, ...]
    notes: tuple[Diagnostic, ...]


def rename(files: Mapping[str, bytes], path: str, name: str, *, catalogue: Catalogue, registry: Registry) -> Renamed:
    """`files` with what stands at `path` (`tables.orders.fields.amount`, `tables.orders.flow.states.pending`; a list of
    children: `tables.order_items.fields.order.inverse`) called `name`. Raises Problem when that cannot be."""
    before = references(files, catalogue, registry)
    if not before.complete:
        message = Text("定义里还有错，先改好再改名", "The definition has errors; put them right first")
        errors = (each for each in before.diagnostics if each.severity is Severity.ERROR)
        raise _refuse("broken_definition", path, message, also=errors)
    if path not in before.names:
        raise _unknown(path, before)
    paths = sorted(before.families.get(path, {path}))
    _check_new(paths, name, before)
    usages = tuple(usage for usage in before.all if usage.path in paths)
    edits = _edits(usages, name)
    changed = {file: SourceText.of(data).edited(edits[file]) if file in edits else data for file, data in files.items()}
    after = references(changed, catalogue, registry)
    moves = {each: _moved(each, name) for each in paths}
    warnings = _compare_problems(before, after, path)
    _compare_names(before, after, moves)
    return Renamed(changed, edits, tuple(paths), usages, (*_notes(path, before), *warnings))


def _check_new(paths: Iterable[str], name: str, known: References) -> None:
    """By the rules for names, and not in use."""
    for path in paths:
        for wrong in _rules(path, name, _declared(path, known)):
            raise _refuse("bad_name", path, wrong.message, also=[wrong])
        moved = _moved(path, name)
        if moved != path and moved in known.names:
            message = Text("「{name}」已经有了；换一个名字", "There is a “{name}” already; take another name").fill(name=name)
            raise _refuse("name_taken", moved, message, span=_declared(moved, known))


def _rules(path: str, name: str, span: Span) -> Iterable[Diagnostic]:
    """The same rules by which the definition is read."""
    match path.split("."):
        case [("tables" | "roles"), _]:
            return check_name(name, span, path, words=True)
        case ["people", _]:
            return check_name(name, span, path, words=True, taken=STANDARD)
        case ["tables", _, "fields", _] | ["tables", _, "fields", _, "inverse"]:
            return check_name(name, span, path, words=True, taken=IMPLICIT)
        case [_, _]:
            return check_name(name, span, path, words=False)
        case _:
            return check_name(name, span, path, words=False, keywords=False)


def _edits(usages: Iterable[Usage], name: str) -> Mapping[str, tuple[Edit, ...]]:
    """The new name at every place, by file."""
    edits: dict[str, set[Edit]] = {}
    for usage in usages:
        if usage.end < 0:
            message = Text(
                "这里的名字分几段写，没法自动改；先写成一段", "This name is written in pieces; write it in one piece first"
            )
            raise _refuse("not_exact", usage.path, message, span=usage.span)
        edits.setdefault(usage.span.file, set()).add((usage.start, usage.end, name))
    return {file: tuple(sorted(each)) for file, each in edits.items()}


def _compare_problems(before: References, after: References, path: str) -> list[Diagnostic]:
    """Nothing new may be wrong; the warnings that are new, such as of a rule that asks for letters the name had."""
    was = Counter((each.severity, each.code) for each in before.diagnostics)
    new = [each for each in after.diagnostics if each.severity is not Severity.NOTE]
    for each in new:
        was[(each.severity, each.code)] -= 1
    worse = [each for each in new if was[(each.severity, each.code)] < 0]
    if any(each.severity is Severity.ERROR for each in worse) or not after.complete:
        message = Text("改名以后定义就不对了", "The definition would be wrong after the renaming")
        raise _refuse("breaks_definition", path, message, also=worse)
    return worse


def _compare_names(before: References, after: References, moves: Mapping[str, str]) -> None:
    """Every name must mean what it meant."""
    meant, means = _meanings(before, moves), _meanings(after, {})
    if [each for _, each in meant] == [each for _, each in means]:
        return
    pairs = zip(meant, means, strict=False)
    odd = next((usage for (usage, one), (_, two) in pairs if one != two), before.all[-1])
    message = Text("改名以后，这里的名字会变成别的意思", "After the renaming this name would mean something else")
    raise _refuse("captured", odd.path, message, span=odd.span)


def _meanings(known: References, moves: Mapping[str, str]) -> list[tuple[Usage, tuple[str, list[str], bool]]]:
    """Each place that names something, in order, with what it names."""
    places: dict[tuple[str, int, int], list[Usage]] = {}
    for usage in known.all:
        places.setdefault((usage.span.file, usage.start, usage.end), []).append(usage)
    return [
        (each[0], (file, sorted(_follow(usage.path, moves) for usage in each), each[0].declares))
        for (file, _, _), each in places.items()
    ]


def _moved(path: str, name: str) -> str:
    """The address under the new name. That of a list of children is its link's, which stays."""
    match path.split("."):
        case ["tables", _, "fields", _, "inverse"]:
            return path
        case [*above, _]:
            return ".".join((*above, name))
    return name


def _follow(path: str, moves: Mapping[str, str]) -> str:
    """An address, when what it stands under has moved."""
    for old, new in moves.items():
        if path == old or path.startswith(f"{old}."):
            return new + path[len(old) :]
    return path


def _notes(path: str, known: References) -> Iterable[Diagnostic]:
    message = Text(
        "「{name}」在这里和别处来的文字放在一起，或者逐字使用；改名后请看一看这里",
        "Here “{name}” meets a text from elsewhere, or its letters count; look at this place after the renaming",
    ).fill(name=path.rpartition(".")[2])
    return (Diagnostic("loose-text", Severity.NOTE, path, span, message) for span in known.loose.get(path, ()))


def _declared(path: str, known: References) -> Span:
    return next(usage.span for usage in known.all if usage.path == path and usage.declares)


def _unknown(path: str, known: References) -> Problem:
    example = Text("例如 tables.orders.fields.amount", "For example tables.orders.fields.amount")
    beside, _, name = path.rpartition(".")
    siblings = [each.rpartition(".")[2] for each in sorted(known.names) if each.rpartition(".")[0] == beside]
    hint = (instead(name, siblings) if siblings else instead(path, sorted(known.names))) or example
    message = Text("定义里没有「{path}」。{hint}", "The definition has no “{path}”. {hint}").fill(path=path, hint=hint)
    return _refuse("unknown_path", path, message)


def _refuse(code: str, path: str, why: Text, *, span: Span | None = None, also: Iterable[Diagnostic] = ()) -> Problem:
    """`also`: what is wrong with the definition, now or then."""
    faults = (Fault(each.path, each.code, each.message, each.span) for each in also)
    return Problem(422, "cannot_rename", Text("不能改名", "Cannot be renamed"), why, (Fault(path, code, why, span), *faults))

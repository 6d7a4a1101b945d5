"""What expressions know of each table, before any expression is read: declared and implicit fields, child lists."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.definition.build.context import Report, children, text_of
from engine.definition.build.uses import list_path
from engine.definition.messages import instead
from engine.definition.nodes import MapNode, Node
from engine.definition.outline import IMPLICIT, check_name
from engine.language.titles import Titles
from engine.model.app import Choice, Field
from engine.model.text import Text
from engine.model.types import DATETIME, DURATION, INTEGER, TEXT, Children, TableTypes, Type

_IMPLICIT: Mapping[str, Type] = {
    "id": TEXT,
    "version": INTEGER,
    "created_at": DATETIME,
    "created_by": TEXT,
    "updated_at": DATETIME,
    "updated_by": TEXT,
}


def implicit_fields(states: Mapping[str, Choice]) -> Mapping[str, Type]:
    """Every record's own fields; with a flow also `<state>_at` and `waiting`."""
    if not states:
        return _IMPLICIT
    return {**_IMPLICIT, **{f"{state}_at": DATETIME for state in states}, "waiting": DURATION}


def table_types(
    name: str,
    fields: Mapping[str, Field],
    states: Mapping[str, Choice],
    lists: Mapping[str, Children],
    flags: frozenset[str],
    titles: Titles,
) -> TableTypes:
    """All that is known without formulas; these are added as their expressions get types."""
    types = {f.name: f.type for f in fields.values() if f.kind != "formula"} | dict(implicit_fields(states))
    computed = frozenset({"waiting"}) if states else frozenset()
    return TableTypes(name, MappingProxyType(types), MappingProxyType(dict(lists)), computed, flags, titles)


def child_lists(
    tables: Mapping[str, MapNode], fields: Mapping[str, Mapping[str, Field]], report: Report
) -> Mapping[str, dict[str, Children]]:
    """Table → inverse name → the table and link field behind it. Links to no table, and names taken twice, are reported."""
    lists: dict[str, dict[str, Children]] = {name: {} for name in tables}
    for table, node in tables.items():
        for name, field_node in children(node.items["fields"]):
            if fields[table][name].kind == "link" and isinstance(field_node, MapNode):
                _add_list(table, name, field_node, lists, fields, report)
    return lists


def _add_list(
    table: str,
    name: str,
    node: MapNode,
    lists: dict[str, dict[str, Children]],
    fields: Mapping[str, Mapping[str, Field]],
    report: Report,
) -> None:
    path, target = f"tables.{table}.fields.{name}", text_of(node.items["to"])
    if target not in lists:
        report.add("unknown-table", node.items["to"].span, f"{path}.to", name=target, hint=instead(target, lists))
        return
    report.uses.name(f"tables.{target}", target, node.items["to"].span)
    inverse = node.items.get("inverse")
    if inverse is None:
        return
    wanted = text_of(inverse)
    taken = _taken(wanted, lists[target], fields[target], target)
    if taken is not None:
        report.add("name-clash", inverse.span, f"{path}.inverse", name=wanted, what=taken)
    elif _allowed(wanted, inverse, path, report):
        found = lists[target][wanted] = Children(table, name)
        report.uses.name(list_path(found), wanted, inverse.span, declares=True)
        report.uses.lists[(target, wanted)] = list_path(found)


def _taken(wanted: str, lists: Mapping[str, Children], fields: Mapping[str, Field], target: str) -> Text | None:
    if wanted in fields:
        return Text("「{table}」的字段", "a field of “{table}”").fill(table=target)
    if wanted in lists:
        return Text("「{table}」的另一个子表", "another child list of “{table}”").fill(table=target)
    return None


def _allowed(wanted: str, node: Node, path: str, report: Report) -> bool:
    problems = list(check_name(wanted, node.span, f"{path}.inverse", words=True, taken=IMPLICIT))
    report.extend(problems)
    return not problems


def clashes(name: str, node: MapNode, states: Mapping[str, Choice], report: Report) -> None:
    """A declared field may not bear a name that the flow gives, nor may the flow give one that every record has."""
    fields, flow = node.items["fields"], node.items.get("flow")
    assert isinstance(fields, MapNode)
    for state in states:
        if f"{state}_at" in IMPLICIT and isinstance(flow, MapNode):
            holder = flow.items["states"]
            span = holder.keys[state] if isinstance(holder, MapNode) else flow.span
            what = Text("「{name}」是每条记录都有的时间", "“{name}”, which every record has").fill(name=f"{state}_at")
            report.add("name-clash", span, f"tables.{name}.flow.states.{state}", name=f"{state}_at", what=what)
        if f"{state}_at" in fields.items:
            what = Text("进入「{state}」的时间", "the time of entering “{state}”").fill(state=state)
            report.add(
                "name-clash", fields.keys[f"{state}_at"], f"tables.{name}.fields.{state}_at", name=f"{state}_at", what=what
            )

"""The sentences of a plan: what happens to people's tables, in their own words."""

from __future__ import annotations

from collections.abc import Iterable

from engine.model.text import Text

NEW_TABLE = Text("新建表「{table}」", "New table “{table}”")
TABLE_RENAMED = Text("表「{old}」改名为「{new}」，数据不动", "Table “{old}” is called “{new}” from now on; its data stays")
TABLE_HIDDEN = Text(
    "收起表「{table}」：{n} 条记录留着，加回来就在，用 dajian purge 才真正删除",
    "Table “{table}” is put away: {n} {n|record|records} kept, back when it is declared again; dajian purge deletes for good",
)
TABLE_BACK = Text("表「{table}」回来了，连同 {n} 条记录", "Table “{table}” is back, with {n} {n|record|records}")
NEW_FIELD = Text(
    "「{table}」增加字段「{field}」，已有的 {n} 条记录先空着",
    "“{table}” gets the field “{field}”, empty in the {n} {n|record|records} there",
)
FIELD_RENAMED = Text(
    "「{table}」的字段 {old} 改叫 {new}，数据不动", "In “{table}” the field {old} is called {new} from now on; its data stays"
)
FIELD_HIDDEN = Text(
    "「{table}」收起字段「{field}」：{n} 条记录的值留着，加回来就在，用 dajian purge 才真正删除",
    "“{table}” puts the field “{field}” away: the values of {n} {n|record|records} are kept, back when it is declared again; "
    "dajian purge deletes for good",
)
PERHAPS_RENAMED = Text(
    "。如果「{new}」就是它，请在 {new} 里写 was: {old}", ". If “{new}” is the same field, write was: {old} in {new}"
)
FIELD_BACK = Text(
    "「{table}」的字段「{field}」回来了，连同 {n} 条记录里的值",
    "The field “{field}” of “{table}” is back, with the values of {n} {n|record|records}",
)
KEPT = Text(
    "「{table}」的「{field}」由 {old} 改为 {new}：{n} 条记录的值都合适，不用动",
    "“{field}” of “{table}” changes from {old} to {new}: the values of {n} {n|record|records} fit as they are",
)
CONVERTED = Text(
    "「{table}」的「{field}」由 {old} 改为 {new}：转换 {n} 条记录的值，旧值留到 purge",
    "“{field}” of “{table}” changes from {old} to {new}: the values of {n} {n|record|records} are converted, "
    "the old ones are kept until purge",
)
EMPTIED = Text(
    "「{table}」的「{field}」有 {n} 条记录的值转换不了（{why}），会变空，例如 {ids}",
    "The values of “{field}” in {n} {n|record|records} of “{table}” cannot be taken over ({why}) and would be emptied, such as "
    "{ids}",
)
NO_SUCH_STATE = Text(
    "「{table}」有 {n} 条记录的「{field}」不在新的状态里，例如 {ids}；先把它们流转走，或者在新状态里写 was:",
    "In “{table}” {n} {n|record has|records have} a “{field}” that is no longer a state, such as {ids}: move them first, or "
    "write was: in the new state",
)
UNKNOWN_TYPE = Text(
    "「{table}」的「{field}」换了类型，而运行中的定义读不出来，没法转换；请换一个字段名",
    "“{field}” of “{table}” changes its type, and the definition that runs can no longer be read, so nothing can be converted: "
    "use a new field name",
)
WORKED_OUT = Text(
    "按公式算好「{table}」的「{field}」：{n} 条记录", "“{field}” of “{table}” is worked out for {n} {n|record|records}"
)
STARTS = Text(
    "「{table}」有了流程：还没有状态的记录（共 {n} 条）从「{state}」开始",
    "“{table}” has a flow now: records without a state (of {n}) begin in “{state}”",
)
KEY = Text("「{table}」的 {fields} 不能再重复（{n} 条记录）", "{fields} of “{table}” must be unique ({n} {n|record|records})")
DOUBLES = Text(
    "「{table}」里有 {n} 组记录的{fields}重复，例如 {ids}，不能设为唯一；请先改掉重复的记录",
    "“{table}” has {n} {n|group|groups} of records with the same {fields}, such as {ids}, so that cannot be unique: "
    "change those records first",
)
DOUBLED = Text(
    "「{table}」里已有重复的 {fields}，不能设为唯一；请先改掉重复的记录",
    "“{table}” holds records with the same {fields}, so that cannot be unique: change those records first",
)
NO_KEY = Text("「{table}」的 {fields} 可以重复了", "{fields} of “{table}” need not be unique any more")
INDEX = Text(
    "「{table}」按 {fields} 建索引（{why}），{n} 条记录", "“{table}” gets an index on {fields} ({why}), {n} {n|record|records}"
)
NO_INDEX = Text("「{table}」去掉索引 {name}", "“{table}” loses the index {name}")
NOT_ALIKE = Text(
    "「{table}」算好后对不上：{n} 条记录少了值，什么也没有换；请再发布一次",
    "What was worked out for “{table}” does not add up: {n} {n|record lacks|records lack} a value. Nothing is changed; "
    "publish again",
)


def titles(names: Iterable[Text]) -> Text:
    """Several fields in a row."""
    known = list(names)
    return Text("「" + " + ".join(t.zh for t in known) + "」", "“" + " + ".join(t.en for t in known) + "”")


def listed(ids: Iterable[str]) -> str:
    """Some ids."""
    return ", ".join(ids)

"""What each key of a definition says, in both languages, for whoever reads the schema: editors show it while people write.

One line per key, addressed as in the schema: `*` is a name that the author gives, `[]` a member of a list. What kinds of steps
and triggers say of themselves comes from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.model.text import Text

_LINES = """
app | 应用的名字：小写字母、数字、下划线 | The app's name: small letters, digits, underscores
title | 给人看的名字：一个文本，或 {zh: …, en: …} | The name that people see: a text, or {zh: …, en: …}
version | 版本，随便写 | The version, in whatever form
roles | 角色：名字 → 内容 | Roles by name
people | 对每个人知道些什么；表达式里写 user.名字 | What is known of every person; user.NAME in expressions
tables | 表：名字 → 内容 | Tables by name
permissions | 权限：角色 → 表 → 能看什么、做什么 | Permissions: role → table → what may be seen and done
rules | 规则：什么时候，如果怎样，就做什么 | Rules: when, if, then
routing | 分派：按一张条件表定一个字段的值 | Routing: a table of conditions decides a field
alerts | 提醒：条件成立多久还没人管，就通知谁 | Alerts: a condition that holds too long, and who hears of it
connections | 连接：和外面的系统收发数据 | Connections to systems outside
boards | 看板和列表页 | Boards and lists
roles.*.title | 角色给人看的名字 | The role's name for people
roles.*.portal | true：这个角色只能进自己的门户页 | true: this role sees nothing but its portals
field.type | 字段的种类 | The kind of field
field.title | 字段给人看的名字 | The field's name for people
field.required | true：不能空着 | true: it cannot be empty
field.unique | true：不能有两条记录相同 | true: no two records may have the same
field.was | 改名前的名字，数据就跟过来 | Its name before a renaming, so that its data follows
field.default | 新建时先填上的值（常量，不是表达式） | What a new record begins with (a constant, no expression)
field.choices | 选项：名字 → 给人看的标题 | The options: name → title
field.min | 最小值 | The least
field.max | 最大值；文本是最多几个字，附件是最多几个文件 | The most; of a text characters, of attachments files
field.accept | 收哪几类文件（看内容，不看文件名） | Which kinds of file it takes (by content, not by name)
field.max_size | 每个文件最多几 MB | How many MB each file may have
field.currency | 货币：ISO 4217 代码，不写是 CNY | The currency: an ISO 4217 code, CNY unless said
field.habit | 年写在最后时，日在前还是月在前 | Where the year comes last: which stands first, the day or the month
field.symbology | 条码的种类；不写是任意商品条码 | The kind of bars; any trade item number unless said
field.scale | 小数位数 | Decimal places
field.value | 公式：由别的字段算出 | The formula that works it out of other fields
field.to | 关联到哪张表 | The table it points to
field.inverse | 在那张表里，这边记录的叫法 | What the other table calls the records on this side
field.on_delete | 对方被删时：不许删、清空、跟着删 | When the other is deleted: refuse, clear the link, delete this too
field.format | 编号的写法，例如 N{date:%y%m%d}{number:05d} | How numbers look, such as N{date:%y%m%d}{number:05d}
tables.*.title | 表给人看的名字 | The table's name for people
tables.*.display | 用哪个字段代表一条记录 | The field that stands for a record
tables.*.was | 改名前的名字，数据就跟过来 | Its name before a renaming, so that its data follows
tables.*.fields | 字段：名字 → 内容 | Fields by name
tables.*.keys | 几个字段合起来不能重复 | Fields that together cannot repeat
tables.*.checks | 每次保存都要成立的条件 | Conditions that hold whenever a record is saved
tables.*.checks.*.must | 必须成立的条件 | The condition that must hold
tables.*.checks.*.otherwise | 不成立时：refuse 拒绝保存，flag 保存并标记 | If it does not: refuse the change, or flag the record
tables.*.checks.*.message | 不成立时说的话 | What is said when it does not hold
tables.*.flow | 流程：状态和流转 | The flow: states and transitions
tables.*.flow.field | 哪个字段放状态 | The field that holds the state
tables.*.flow.states | 状态：名字 → 内容 | States by name
tables.*.flow.states.*.title | 状态给人看的名字 | The state's name for people
tables.*.flow.states.*.initial | true：新记录从这里开始；只有一个 | true: new records begin here; there is one
tables.*.flow.states.*.was | 改名前的名字，记录就跟过来 | Its name before a renaming, so that records follow
tables.*.flow.states.*.final | true：到这里就结束了 | true: this is an end
tables.*.flow.transitions | 流转：名字 → 从哪到哪、谁能走 | Transitions: name → from where to where, and who takes them
tables.*.flow.transitions.*.title | 流转给人看的名字，也就是按钮 | The transition's name for people: its button
tables.*.flow.transitions.*.from | 从哪个（或哪些）状态 | The state, or states, it begins at
tables.*.flow.transitions.*.to | 到哪个状态 | The state it leads to
tables.*.flow.transitions.*.by | 哪些角色能走；规则走要写 system | The roles that may take it; system lets rules take it
tables.*.flow.transitions.*.guard | 走之前要成立的条件 | The condition for taking it
tables.*.flow.transitions.*.needs | 走之前要填好的字段 | Fields that must be filled in
tables.*.flow.transitions.*.approvals | 要谁批准 | Whose approval it needs
tables.*.flow.transitions.*.approvals[].of | 哪个角色批 | The role that approves
tables.*.flow.transitions.*.approvals[].count | 要几个不同的人 | How many different people
tables.*.flow.transitions.*.approvals[].if | 什么时候才要批 | When it is needed
tables.*.flow.transitions.*.approvals[].not_requester | true：申请的人自己不能批 | true: not by who asked for it
tables.*.flow.transitions.*.approvals[].method | 怎么批：click 点按钮，scan 扫码 | How: by a click or by a scan
permissions.*.*.records | 能碰到哪些记录（条件） | Which records are within reach (a condition)
permissions.*.*.create | 新建时能填的字段 | The fields to fill in when creating
permissions.*.*.create.fields | 新建时能填的字段 | The fields to fill in when creating
permissions.*.*.create.if | 什么时候能新建 | When creating is allowed
permissions.*.*.read | 能看的字段：true、none、"条件"、masked | Fields to read: true, none, "a condition", masked
permissions.*.*.read.*.show | masked：打码显示 | masked: shown in part
permissions.*.*.read.*.find | exact：输入完整号码才能查到 | exact: found by the full number only
permissions.*.*.edit | 能改的字段：true 或 "条件" | Fields to edit: true, or "a condition"
permissions.*.*.delete | 能不能删：true 或 "条件"；没写就不能 | Whether to delete: true, or "a condition"; left out: no
rules.*.title | 规则给人看的名字 | The rule's name for people
rules.*.when | 什么事触发它 | What sets it off
rules.*.if | 条件；没写就是总是 | The condition; left out: always
rules.*.then | 依次做的步骤 | The steps, in order
rules.*.required | true：规则失败，引起它的操作也失败 | true: when it fails, what set it off fails too
routing.*.title | 分派给人看的名字 | The routing's name for people
routing.*.of | 哪张表 | The table
routing.*.when | 什么事触发它 | What sets it off
routing.*.decides | 决定哪个字段 | The field that it decides
routing.*.policy | first：第一行成立的；only：只许一行成立 | first: the first row that holds; only: no two may hold
routing.*.rows | 条件表，从上往下 | The rows, from the top
routing.*.rows[].if | 这一行的条件 | The row's condition
routing.*.rows[].then | 成立时的值（常量） | The value when it holds (a constant)
routing.*.otherwise | 都不成立时的值（常量） | The value when none holds (a constant)
alerts.*.title | 提醒给人看的名字 | The alert's name for people
alerts.*.of | 哪张表 | The table
alerts.*.if | 成立时开始计时，不成立就停 | The clock runs while it holds
alerts.*.text | 说的话；花括号里可以写字段和 {elapsed} | What is said; braces hold fields, and {elapsed}
alerts.*.levels | 一级一级往上 | The levels, one after the other
alerts.*.levels[].after | 过多久：15m、2h、3d | After how long: 15m, 2h, 3d
alerts.*.levels[].notify | 通知谁 | Who is told
alerts.*.levels[].notify.to | role.角色 的人 | The people of role.NAME
alerts.*.levels[].notify.by | 用什么：inbox、popup、mail 或一个连接 | By inbox, popup, mail or a connection
alerts.*.levels[].then | 要做的步骤 | Steps to take
alerts.*.levels[].repeat | 每隔多久再说一次 | How often it is said again
connections.*.title | 连接给人看的名字 | The connection's name for people
connections.*.use | 哪个连接器 | The connector
connections.*.as | 以哪个角色的眼睛往外发 | The role whose eyes decide what goes out
connections.*.settings | 设置；密钥写 "secret:名字" | Settings; of a secret "secret:NAME"
connections.*.pull | 拉取什么 | What is fetched
connections.*.pull.*.every | 每隔多久 | How often
connections.*.pull.*.into | 存进哪张表 | The table it goes into
connections.*.pull.*.match | 靠哪些字段认出同一条 | The fields by which a row is known again
connections.*.pull.*.map | 字段 → 表达式，source. 是拉来的一行 | Field → expression over source., the row that came
connections.*.pull.*.children | 子表怎么填 | How child records are filled
connections.*.pull.*.children.*.from | 来自一行里的哪个列表 | The list within the row
connections.*.pull.*.children.*.match | 靠哪些字段认出同一条 | The fields by which a child is known again
connections.*.pull.*.children.*.map | 字段 → 表达式 | Field → expression
connections.*.pull.*.owns | 以来源为准的字段：人改了也会被改回 | Fields where the source has the last word
boards.*.title | 看板给人看的名字 | The board's name for people
boards.*.of | 哪张表 | The table
boards.*.kind | kanban 按状态分列，grid 是表格 | kanban: a column per state; grid: a table
boards.*.by | kanban 按哪个状态字段分列 | The state field that makes a kanban's columns
boards.*.card | kanban 卡片上的字段 | The fields on a kanban's card
boards.*.columns | grid 的列 | The columns of a grid
boards.*.where | 只看哪些记录（条件） | Which records (a condition)
boards.*.sort | 按什么排；前面加 - 是倒着排 | The order; - in front turns it round
step.create.table | 在哪张表里新建 | The table to create in
step.create.set | 字段 → 表达式 | Field → expression
step.update.table | 改哪张表 | The table to change
step.update.where | 改哪些记录（条件）；this 是触发的那条 | Which records (a condition); this is the one that set it off
step.update.set | 字段 → 表达式 | Field → expression
step.notify.to | role.角色 的人 | The people of role.NAME
step.notify.by | 用什么：inbox、popup、mail 或一个连接 | By inbox, popup, mail or a connection
step.notify.text | 说的话；花括号里可以写表达式 | What is said; braces hold expressions
trigger.updated.of | 哪张表 | The table
trigger.updated.fields | 哪些字段变了才算 | The fields that count
title.zh | 中文 | In Chinese
choice.zh | 中文 | In Chinese
choice.en | 英文 | In English
choice.was | 改名前的名字，记录就跟过来 | Its name before a renaming, so that records follow
title.en | 英文 | In English
"""


def _read() -> dict[str, Text]:
    rows = (line.split(" | ") for line in _LINES.strip().splitlines())
    return {address: Text(zh, en) for address, zh, en in rows}


KEYS: Mapping[str, Text] = MappingProxyType(_read())

"""What follows a write: routing, then the rules that match, by file and line. Each runs in its savepoint: if it fails, its own
changes are taken back and an incident says why; with `required: true` the cause fails with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.access.decide import SYSTEM
from engine.language import sql
from engine.model.app import Routing, Rule, Step, Trigger
from engine.model.change import Actor, Outcome, Write
from engine.model.problem import Problem
from engine.model.text import Text
from engine.model.tree import Expression
from engine.people.actors import holders
from engine.runtime.work import Cause, Event, RuleLoop, Work
from engine.runtime.write import save
from engine.storage import inbox, incidents
from engine.storage.inbox import InboxLine
from engine.storage.incidents import Incident

Record = Mapping[str, Any]


def system_actor(actor: Actor) -> Actor:
    """Who rules act as: bound by flow, guards, checks and keys, not by permissions."""
    return Actor(
        SYSTEM, actor.user_id, actor.name, frozenset(), actor.facts, actor.channel, actor.ip, actor.device, actor.locale
    )


def perform(work: Work, request: Write, actor: Actor, cause: Cause, connection: str | None = None) -> Outcome:
    """A write with all that follows from it."""
    saved = save(work, request, actor, cause, connection)
    for event in saved.events:
        react(work, event, cause)
    return saved.outcome


def react(work: Work, event: Event, cause: Cause) -> None:
    """Run the routing tables and rules that this event sets off."""
    work.probe("rules")
    for routing in work.program.routings[event.table]:
        if _matches(work, routing.trigger, event):
            _guarded(work, event, cause, f"routing.{routing.name}", required=False, do=_router(work, routing, event, cause))
    for rule in work.program.rules[event.table]:
        if not _matches(work, rule.trigger, event):
            continue
        record = _subject(work, event)
        if record is None:
            return
        work.facts.old = event.before
        if rule.condition is None or work.program.compiled(rule.condition, record, work.facts):
            path = f"rules.{rule.name}"
            _guarded(work, event, cause, path, required=rule.required, do=_runner(work, rule, event, cause))


def _subject(work: Work, event: Event) -> Record | None:
    """The record as it is now; of one that was deleted, its last values."""
    return event.after if event.kind == "deleted" else work.facts.link(event.table, event.after["id"])


def _matches(work: Work, trigger: Trigger, event: Event) -> bool:
    flow = work.program.app.tables[event.table].flow
    kind = work.program.registry.triggers[trigger.kind]
    return kind.matches(trigger, event.kind, event.before, event.after, flow.field if flow else None)


def _guarded(work: Work, event: Event, cause: Cause, path: str, *, required: bool, do: Callable[[], None]) -> None:
    try:
        with work.unit.savepoint():
            do()
    except Problem as problem:
        if isinstance(problem, RuleLoop) and not _begins(problem, path, cause):
            raise
        if required:
            raise _with_rule(work, path, problem) from problem
        _incident(work, event, path, problem)


def _begins(loop: RuleLoop, path: str, cause: Cause) -> bool:
    """Is this the rule with which the loop began? There the whole of it is taken back; what led to it stands."""
    return cause.depth == 0 or (path in loop.facts["loop"] and path not in cause.chain)


def _with_rule(work: Work, path: str, problem: Problem) -> Problem:
    rule = next(r for r in work.program.app.rules if f"rules.{r.name}" == path)
    detail = Text(
        "规则「{rule}」没有成功，所以这一步也没有做：{why}", "The rule {rule} failed, so this was not done either: {why}"
    )
    detail = detail.fill(rule=rule.title, why=problem.detail)
    return Problem(409, "required_rule_failed", Text("没有做成", "Not done"), detail, problem.errors, (), {"rule": path})


def _incident(work: Work, event: Event, path: str, problem: Problem) -> None:
    table, id = event.table, event.after["id"]
    kept = Incident(
        id=work.new_id(),
        app=work.program.app.name,
        path=path,
        table=table,
        record_id=id,
        entry=event.entry,
        code=problem.code,
        zh=problem.detail.zh,
        en=problem.detail.en,
        at=work.instant,
    )
    incidents.add(work.unit, kept)


def _runner(work: Work, rule: Rule, event: Event, cause: Cause) -> Callable[[], None]:
    def run() -> None:
        for step in rule.steps:
            inner = Cause(event.entry, step.path, (*cause.chain, f"rules.{rule.name}"))
            work.program.registry.steps[step.kind].run(step, StepRun(work, event, inner))

    return run


def _router(work: Work, routing: Routing, event: Event, cause: Cause) -> Callable[[], None]:
    def run() -> None:
        record = work.facts.link(event.table, event.after["id"])
        if record is None:
            return
        work.facts.old = event.before
        hits = [i for i, row in enumerate(routing.rows) if work.program.compiled(row.condition, record, work.facts)]
        if routing.policy == "only" and len(hits) > 1:
            detail = Text("分单「{title}」有 {n} 行同时成立，只许一行", "{n} rows of {title} hold at once; only one may")
            raise Problem(
                409, "routing_overlap", Text("分单重叠", "Routing overlaps"), detail.fill(title=routing.title, n=len(hits))
            )
        if not hits and routing.otherwise is None:
            return
        value = routing.rows[hits[0]].then if hits else routing.otherwise
        path = f"routing.{routing.name}.rows[{hits[0]}]" if hits else f"routing.{routing.name}.otherwise"
        inner = Cause(event.entry, path, (*cause.chain, f"routing.{routing.name}"))
        request = Write(work.program.app.name, event.table, record["id"], {routing.decides: value})
        perform(work, request, system_actor(work.actor), inner)

    return run


@dataclass(frozen=True, slots=True)
class StepRun:
    """Implements kinds.protocols.Run: what a step may do, and nothing more."""

    work: Work
    event: Event
    cause: Cause

    @property
    def record(self) -> Record:
        """The triggering record as it is now; of one that was deleted, its last values."""
        record = _subject(self.work, self.event)
        if record is None:
            detail = Text("触发规则的记录已经不在了", "The record that set the rule off is gone")
            raise Problem(409, "record_gone", Text("记录不在了", "Record gone"), detail)
        return record

    def value(self, expression: Expression, inner: Record | None = None) -> Any:
        """An expression's value; `old` is the image before the write that set the rule off."""
        self.work.facts.old = self.event.before
        return self.work.program.compiled(expression, self.record, self.work.facts, inner)

    def select(self, table: str, where: Expression) -> Sequence[Record]:
        """Records of a table by a condition, in the order of their ids."""
        facts = self.work.facts
        row = facts.raw().table(table)
        context = facts.raw().context(records=(self.record, None), old=self.event.before)
        condition = sql.condition(where, context, (None, row))
        self.work.unit.flush()
        ids = self.work.connection.execute(row.select().with_only_columns(row.c.id).where(condition).order_by(row.c.id))
        found = (facts.link(table, id) for id in ids.scalars().all())
        return [record for record in found if record is not None]

    def write(self, table: str, id: str | None, values: Record, transition: str | None = None) -> Outcome:
        """A further write with this rule as its cause; '' is the triggering record's own table."""
        request = Write(self.work.program.app.name, table or self.event.table, id, values, transition=transition)
        return perform(self.work, request, system_actor(self.work.actor), self.cause)

    def notify(self, step: Step) -> None:
        """One inbox line for each person who holds a role named; other channels are listed as not running yet."""
        if "inbox" not in step.options["by"] or step.text is None:
            return
        app, connection = self.work.program.app.name, self.work.connection
        roles = [str(to).removeprefix("role.") for to in step.options["to"]]
        people = {user.id: user for role in roles for user in holders(connection, app, role)}
        inbox.put(self.work.unit, [self._line(step, user_id) for user_id in people])

    def _line(self, step: Step, user_id: str) -> InboxLine:
        assert step.text is not None
        return InboxLine(
            id=self.work.new_id(),
            user_id=user_id,
            app=self.work.program.app.name,
            table=self.event.table,
            record_id=self.event.after["id"],
            entry=self.event.entry,
            rule=step.path,
            zh=_source(step.text.zh),
            en=_source(step.text.en),
            at=self.work.instant,
            read_at=None,
        )


def _source(parts: Sequence[str | Expression]) -> str:
    """A template's text as it was written."""
    return "".join(
        part.replace("{", "{{").replace("}", "}}") if isinstance(part, str) else "{" + part.text + "}" for part in parts
    )

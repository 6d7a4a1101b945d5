"""Each check of the gate, taken out on purpose. `old` stands exactly once in its file, so that a mutation cannot rot unseen."""

from __future__ import annotations

from dataclasses import dataclass

MATRIX = "tests/access/test_matrix.py"
WORLDS = "tests/access/test_made_worlds.py"
FEED = "tests/unit/runtime/test_changes.py"
HISTORY = "tests/unit/runtime/test_history.py"
SEE_AS = "tests/access/test_see_as.py"
GATE = (MATRIX, WORLDS)
# Which part of the matrix is likely to notice is tried first.
READS, FINDS, SORTS = (f"{MATRIX}::test_{name}" for name in ("read", "filter_and_search", "sort_group_and_export"))
CREATES, EDITS, MOVES = (f"{MATRIX}::test_{name}" for name in ("create", "edit", "transition_and_delete"))


@dataclass(frozen=True, slots=True)
class Mutation:
    """`what` is no longer asked; `tests` are tried in turn until one fails. `also`: further (file, old, new), where two checks
    stand behind each other."""

    what: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...] = (READS, *GATE)
    also: tuple[tuple[str, str, str], ...] = ()

    @property
    def edits(self) -> tuple[tuple[str, str, str], ...]:
        """All that is changed."""
        return ((self.file, self.old, self.new), *self.also)


DECIDE, VIEW = "engine/access/decide.py", "engine/access/view.py"
READ, PRESENT, PERMITS = "engine/runtime/read.py", "engine/runtime/present.py", "engine/runtime/permits.py"
FLOW, LINES, NEWS = "engine/runtime/flow.py", "engine/runtime/history.py", "engine/runtime/feed.py"

MUTATIONS = (
    Mutation("the scope of a record", DECIDE, "return bool(self._compiled(grant.records, record, env))", "return True"),
    Mutation(
        "an empty fact of the user, in Python",
        DECIDE,
        'if any(env.user.get(name) in (None, "", ()) for name in grant.records.users):',
        "if False:",
    ),
    Mutation("a role that reads nothing", DECIDE, "any(reads_something(grant) for grant in grants) for", "any(grants) for"),
    Mutation(
        "the condition of a field's sight",
        DECIDE,
        "(read.condition is not None and self.true(read.condition, record, env))",
        "(read.condition is not None)",
    ),
    Mutation("a mask", DECIDE, "shown.setdefault(name, Show.MASKED)", "shown[name] = Show.ALWAYS"),
    Mutation(
        "the condition of an edit", DECIDE, "return condition is None or self.true(condition, record, env)", "return True"
    ),
    Mutation(
        "the scope of a new record",
        DECIDE,
        "            if not self.holds(grant, record, env):",
        "            if False:",
        (CREATES, *GATE),
    ),
    Mutation(
        "the condition of a creation",
        DECIDE,
        "elif grant.create.condition is not None and not",
        "elif False and not",
        (CREATES, *GATE),
    ),
    Mutation("the list of fields of a creation", DECIDE, "if name not in open_fields", "if False", (CREATES, *GATE)),
    Mutation(
        "the condition of a deletion",
        DECIDE,
        "if grant.delete.condition is None or self.true(grant.delete.condition, record, env):",
        "if True:",
        (MOVES, *GATE),
    ),
    Mutation(
        "that a portal role stays out",
        DECIDE,
        "if name in app.roles and not app.roles[name].portal)",
        "if name in app.roles)",
        also=(("engine/people/actors.py", "if role in app.roles and not app.roles[role].portal)", "if role in app.roles)"),),
    ),
    Mutation(
        "the fields of a flag",
        DECIDE,
        "if all(self.reads_column(actor, other, field) for other, field in c.must.reads)",
        "",
        (WORLDS, MATRIX),
    ),
    Mutation(
        "the words of a refusal",
        DECIDE,
        "return actor.kind == SYSTEM or all(self._somewhere",
        "return True or all(self._somewhere",
        (EDITS, *GATE),
    ),
    Mutation(
        "the role's own eyes", DECIDE, "return own, replace(own, roles=frozenset({actor.seen_as}))", "return (own,)", (SEE_AS,)
    ),
    Mutation("the scope in SQL", VIEW, "if not any(scope is None for scope, _ in group):", "if False:"),
    Mutation(
        "an empty fact of the user, in SQL",
        VIEW,
        'if any(self._actor.facts.get(name) in (None, "", ()) for name in grant.records.users):',
        "if False:",
    ),
    Mutation(
        "a mask in SQL",
        VIEW,
        "return _choose(column, full, hidden if masks else [])",
        "return _choose(column, full + hidden, [])",
    ),
    Mutation(
        "the condition of a column",
        VIEW,
        "full.append(and_(inside, sql.condition(read.condition, self._raw.context(), (row,))))",
        "full.append(inside)",
    ),
    Mutation("that roles unite as pairs", VIEW, "inside = true() if alone or scope is None else scope", "inside = true()"),
    Mutation(
        "that a bare column is one for all roles",
        VIEW,
        "if all(read is not None and read.show",
        "if any(read is not None and read.show",
    ),
    Mutation(
        "that stamps show with the state", VIEW, "value if by is None else self._shown(", "value if True else self._shown("
    ),
    Mutation(
        "which implicit names there are",
        VIEW,
        "(by := governor(definition, name)) is None or by in shown)",
        "governor(definition, name) or name)",
        (FINDS, *GATE),
    ),
    Mutation(
        "which names there are",
        VIEW,
        "(read := grant.read.get(name)) and read.show is not Show.NEVER]",
        "(read := grant.read.get(name))]",
        (FINDS, *GATE),
    ),
    Mutation("that a child's link shows", VIEW, "and self.fields(child.table).get(child.link) is False", "", (WORLDS, MATRIX)),
    Mutation(
        "the scope of an exact find",
        VIEW,
        "if len(reads) == 1 or any(scope is None for scope in scopes):",
        "if True:",
        (FINDS, *GATE),
    ),
    Mutation(
        "which fields are found exactly",
        VIEW,
        "return frozenset(name for name, read in reads if read.find_exact)",
        "return frozenset(name for name, read in reads)",
        (FINDS, *GATE),
    ),
    Mutation(
        "names in sorts, lists and groups",
        READ,
        "unknown = [name for name in names if name not in known]",
        "unknown = []",
        (SORTS, *GATE),
    ),
    Mutation(
        "what a board's filter reads",
        READ,
        "if table not in known or field not in known[table].fields or views.fields(table).get(field, False):",
        "if False:",
        (WORLDS, MATRIX),
    ),
    Mutation(
        "that one record is in sight",
        READ,
        "if record is None or not work.program.access.sees(actor, table.name, record, work.facts):",
        "if record is None:",
    ),
    Mutation(
        "that a masked text is not searched",
        "engine/runtime/search.py",
        "if isinstance(kind, Sought) and not masked and",
        "if isinstance(kind, Sought) and",
        (FINDS, *GATE),
    ),
    Mutation(
        "a mask on one record",
        PRESENT,
        "row[name] = mask(value) if name in shown else None",
        "row[name] = value if name in shown else None",
    ),
    Mutation(
        "what of one record shows", PRESENT, "row[name] = mask(value) if name in shown else None", "row[name] = mask(value)"
    ),
    Mutation("which flags show", PRESENT, "if name in visible)", "if True)", (WORLDS, MATRIX)),
    Mutation(
        "that what is written to is in sight",
        PERMITS,
        "if before is None or not work.program.access.sees(",
        "if before is None or False and not work.program.access.sees(",
        (MOVES, *GATE),
    ),
    Mutation(
        "that a name is known",
        PERMITS,
        "for name in given if name not in known)",
        "for name in given if False)",
        (EDITS, *GATE),
    ),
    Mutation("that a field may be edited", PERMITS, "if not decision.allowed:", "if False:", (EDITS, *GATE)),
    Mutation("the scope after an edit", PERMITS, "if actor.kind == SYSTEM or not given:", "if True:", (EDITS, *GATE)),
    Mutation(
        "who reads the state that moves leave",
        FLOW,
        "return moves(work, table, record, actor) if _reads_state(work, table, record, actor) else []",
        "return moves(work, table, record, actor)",
    ),
    Mutation("who takes a transition", FLOW, "if actor.roles & set(transition.by):", "if True:", (MOVES, *GATE)),
    Mutation(
        "the guard of a transition",
        FLOW,
        "if decision.allowed and transition.guard is not None and not",
        "if False and not",
        (MOVES, *GATE),
    ),
    Mutation(
        "that a link leads to something in sight",
        "engine/runtime/values.py",
        "if target is None or not work.program.access.sees(actor, target_table, target, work.facts):",
        "if target is None:",
        (WORLDS, MATRIX),
    ),
    Mutation(
        "which changes of a line show",
        LINES,
        "if field is None or change.field not in shown:",
        "if field is None:",
        (WORLDS, MATRIX),
    ),
    Mutation("a mask in a line", LINES, "if shown[change.field] is Show.MASKED:", "if False:", (WORLDS, MATRIX)),
    Mutation(
        "that a line's record is in sight",
        LINES,
        "or record is None or not work.program.access.sees(actor, table.name, record, work.facts):",
        "or record is None:",
        (WORLDS, MATRIX),
    ),
    Mutation("flags in a line", LINES, "if n in visible and n in table.checks", "if n in table.checks", (WORLDS, HISTORY)),
    Mutation(
        "that a change of nothing seen is no line",
        LINES,
        'if entry.kind == "updated" and moved is None and not seen:',
        "if False:",
        (HISTORY,),
    ),
    Mutation(
        "that what is announced is in sight", NEWS, "if _in_sight(work, views, entry, actor)]", "if True]", (FEED, HISTORY)
    ),
    Mutation("that what left was in sight", NEWS, "before = was = saw(", "before = was = True or saw(", (FEED,)),
    Mutation(
        "how a scope was then",
        "engine/runtime/past.py",
        "return work.program.access.holds(grant, record, env)",
        "return True",
        (FEED,),
    ),
    Mutation("which fields a form names", "engine/runtime/describe.py", "if name in shown or name in creatable\n", "\n"),
    Mutation(
        "that see-as writes nothing",
        "builder_ui/api/auth.py",
        "if SEE_AS in request.headers and request.method not in SAFE:",
        "if False:",
        (SEE_AS,),
        also=(("engine/runtime/core.py", "if actor.seen_as is not None:", "if False:"),),
    ),
)

"""What binds a table's records, as sentences: its checks and the transitions of its flow."""

from __future__ import annotations

from engine.kinds.speech import Speech
from engine.language.sentence.naming import quoted, role_words
from engine.language.sentence.phrase import enumerated
from engine.model.app import App, Approval, Check, Otherwise, Table, Transition
from engine.model.text import Text

_MUST = {
    Otherwise.REFUSE: Text(
        "每条{table}都要满足（{must}），否则不能保存，并提示{message}",
        "Every record of {table} must meet ({must}); otherwise it is not saved, with the message {message}",
    ),
    Otherwise.FLAG: Text(
        "每条{table}都应满足（{must}），否则打上标记{message}",
        "Every record of {table} should meet ({must}); otherwise it is flagged {message}",
    ),
}
_MOVE = Text("{move}：把{table}从{sources}转到{target}", "{move} takes {table} from {sources} to {target}")
_WHO = Text("由{who}来做", "It is done by {who}")
_GUARD = Text("条件是{guard}", "It requires that {guard}")
_NEEDS = Text("要先填{fields}", "{fields} must be filled in first")
_APPROVAL = Text("要 {count} 位{role}批准", "It needs the approval of {count} {count|person|people} from {role}")
_APPROVAL_IF = Text(
    "如果{condition}，要 {count} 位{role}批准",
    "If {condition}, it needs the approval of {count} {count|person|people} from {role}",
)


def check_sentence(app: App, table: Table, check: Check) -> Text:
    """What must hold, and what happens otherwise."""
    speech = Speech(app, table.name)
    return _MUST[check.otherwise].say(
        table=speech.table_words(), must=speech.condition(check.must), message=quoted(check.message)
    )


def transition_sentences(app: App, table: Table, transition: Transition) -> list[Text]:
    """Where it leads, who may take it, and what must hold before."""
    speech = Speech(app, table.name)
    sources = enumerated(speech.state_words(state) for state in transition.sources)
    move, target = quoted(transition.title), speech.state_words(transition.target)
    lines = [_MOVE.say(move=move, table=speech.table_words(), sources=sources, target=target)]
    if transition.by:
        lines.append(_WHO.say(who=enumerated(role_words(app, name) for name in transition.by)))
    if transition.guard is not None:
        lines.append(_GUARD.say(guard=speech.condition(transition.guard)))
    if transition.needs:
        lines.append(_NEEDS.say(fields=speech.fields_words(transition.needs)))
    return [*lines, *(_approval(app, approval, speech) for approval in transition.approvals)]


def _approval(app: App, approval: Approval, speech: Speech) -> Text:
    role = role_words(app, approval.role)
    if approval.condition is None:
        return _APPROVAL.say(count=approval.count, role=role)
    return _APPROVAL_IF.say(condition=speech.condition(approval.condition), count=approval.count, role=role)

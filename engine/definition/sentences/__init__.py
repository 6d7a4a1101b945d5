"""Whole parts of a definition as sentences, in both languages: rules, routing, alerts, permissions, flows, checks.

For whoever shows or reviews a definition: pages, plans, explanations. Conditions and values are written out by the
language, steps and triggers by their kinds; here is only what stands around them."""

from engine.definition.sentences.permissions import permission_sentences
from engine.definition.sentences.rules import alert_sentence, routing_sentences, rule_sentence
from engine.definition.sentences.tables import check_sentence, transition_sentences

__all__ = [
    "alert_sentence",
    "check_sentence",
    "permission_sentences",
    "routing_sentences",
    "rule_sentence",
    "transition_sentences",
]

"""Triggers of rules and routing: one file each with a constant `KIND` (engine.kinds.protocols.TriggerKind)."""

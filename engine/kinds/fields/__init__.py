"""Kinds of fields: one file each with a constant `KIND` (engine.kinds.protocols.FieldKind)."""

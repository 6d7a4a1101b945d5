"""Kinds of fields: one file each with a constant `KIND` (engine.kinds.protocols.FieldKind). Files that begin with `_` are
what several kinds share; the registry does not read them as kinds."""

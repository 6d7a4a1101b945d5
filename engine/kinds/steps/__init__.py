"""Steps of rules: one file each with a constant `KIND` (engine.kinds.protocols.StepKind)."""

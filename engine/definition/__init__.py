"""YAML text → App: read with places, shape by JSON Schema, build typed, check across. Touches no database and runs nothing."""

"""Kinds of fields, steps and triggers: one file each, found by the registry."""

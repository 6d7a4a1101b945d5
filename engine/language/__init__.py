"""One expression language for permissions, rules, formulas, guards and filters: read, typed, then run as Python or SQL."""

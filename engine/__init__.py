"""The engine: definitions in YAML go in, a running order desk comes out. See docs/decisions/0001-house.md."""

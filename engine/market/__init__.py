"""The market: templates on disk that become published apps through the runtime's one door for definitions."""

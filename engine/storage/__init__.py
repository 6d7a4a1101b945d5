"""Real tables, records, journal, units of work. Knows nothing of permissions; nobody above `runtime` may call it for data."""

"""People: users, the roles they hold, sessions, tokens and secrets. Read anew for each request, so what is
revoked is dead at once."""

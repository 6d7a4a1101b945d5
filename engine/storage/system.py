"""Where the tables of the engine itself are declared: one metadata for all of them, whichever layer declares one."""

from __future__ import annotations

from sqlalchemy import MetaData

metadata = MetaData()

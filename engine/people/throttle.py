"""Sign-in is slowed for whoever guesses, never for the person whose name is guessed.

Counted per (name, ip) and per ip, in the database, so that any number of processes share the counts. An attempt is counted
*before* the password is looked at and given back when it was right: parallel guesses cannot slip past the count. A name alone
is never counted, so nobody can lock somebody else out.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import Connection, delete, select, update

from engine.model.problem import Problem
from engine.model.text import Text
from engine.people.schema import attempts
from engine.people.users import name_key
from engine.storage.upsert import insert

LONGEST = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Limit:
    """`free` attempts cost nothing; each further one waits twice as long as the one before."""

    free: int
    first_wait: timedelta


BY_NAME_AND_IP = Limit(5, timedelta(seconds=2))
BY_IP = Limit(60, timedelta(seconds=2))


def begin_attempt(connection: Connection, name: str, ip: str, *, now: datetime) -> None:
    """Count an attempt. Raises Problem 429 (`retry_after` seconds in its facts) when it comes too soon; then it is not
    counted."""
    limits = _keys(name, ip)
    # What is older than the longest wait counts no more; cleared here, so the table stays small.
    connection.execute(delete(attempts).where(attempts.c.last_at < now - LONGEST))
    counts = {key: _count(connection, key, now) for key in sorted(limits)}
    wait = max(_wait(limits[key], *counts[key], now=now) for key in limits)
    if wait > timedelta():
        raise _too_soon(wait)
    for key in counts:
        connection.execute(update(attempts).where(attempts.c.key == key).values(count=attempts.c.count + 1, last_at=now))


def give_back(connection: Connection, name: str, ip: str) -> None:
    """The attempt was right: forget those of this name from here, and take this one off the address's count."""
    pair, address = _keys(name, ip)
    connection.execute(delete(attempts).where(attempts.c.key == pair))
    connection.execute(
        update(attempts).where(attempts.c.key == address, attempts.c.count > 0).values(count=attempts.c.count - 1)
    )


def _keys(name: str, ip: str) -> dict[str, Limit]:
    address = _network(ip)
    pair = hashlib.sha256(f"{name_key(name)}\n{address}".encode()).hexdigest()
    return {pair: BY_NAME_AND_IP, hashlib.sha256(address.encode()).hexdigest(): BY_IP}


def _network(ip: str) -> str:
    """One household or server has a whole /64 of IPv6 addresses: it counts as one."""
    try:
        address = ip_address(ip)
    except ValueError:
        return "unknown"
    return str(ip_network(f"{address}/64", strict=False)) if isinstance(address, IPv6Address) else str(address)


def _count(connection: Connection, key: str, now: datetime) -> tuple[int, datetime]:
    """So far. The row is held, so that guesses at the same moment count one after the other; there is always one to hold."""
    first = insert(attempts, connection.dialect).values(key=key, count=0, last_at=now).on_conflict_do_nothing()
    connection.execute(first)
    row = connection.execute(select(attempts.c.count, attempts.c.last_at).where(attempts.c.key == key).with_for_update()).one()
    return row[0], row[1]


def _wait(limit: Limit, count: int, last_at: datetime, *, now: datetime) -> timedelta:
    over = count - limit.free
    if over < 0:
        return timedelta()
    doubled: timedelta = limit.first_wait * (1 << min(over, 20))
    return min(doubled, LONGEST) - (now - last_at)


def _too_soon(wait: timedelta) -> Problem:
    seconds = max(1, round(wait.total_seconds()))
    return Problem(
        429,
        "too_many_attempts",
        Text("尝试太频繁", "Too many attempts"),
        Text("试得太频繁，请 {n} 秒后再试", "Too many attempts; try again in {n} s").fill(n=seconds),
        facts={"retry_after": seconds},
    )

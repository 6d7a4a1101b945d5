"""One small object over the people package for pages, REST and commands: opens the right kind of transaction, brings clock and
key.

It keeps nothing between calls. What acts inside somebody else's transaction (the runtime asking who holds a role) calls the
modules' functions with its own connection instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from engine.kinds.protocols import FieldKind, ValueProblem
from engine.model.app import App
from engine.model.change import Actor
from engine.model.problem import Fault, Problem, invalid, missing
from engine.model.text import Text
from engine.people import facts, first_codes, passwords, roles, sessions, signing_in, tokens, users, vault
from engine.people.actors import actor_for
from engine.people.keyfile import open_key
from engine.people.sessions import Session
from engine.people.signing_in import Started
from engine.people.tokens import Token
from engine.people.users import User
from engine.storage.backend import Hold
from engine.storage.database import Database


def utc_now() -> datetime:
    """The clock of a running house."""
    return datetime.now(UTC)


class People:
    """`kinds`: field kinds by name, to check person facts when they are set."""

    def __init__(
        self, database: Database, *, key_file: Path, kinds: Mapping[str, FieldKind], clock: Callable[[], datetime] = utc_now
    ) -> None:
        """Creates what tables are missing. Raises KeyProblem when the key file is open to others, broken or not this
        database's."""
        self._database = database
        self._kinds = kinds
        self._clock = clock
        self._key = open_key(key_file)
        database.prepare()
        with database.write(Hold("", alone=True)) as connection:
            vault.check_key(connection, self._key, now=clock(), file=key_file)

    # Users

    def add_user(self, name: str, *, title: str = "", locale: str | None = None, owner: bool = False) -> User:
        """A new user without password; Problem 422 or 409 for the name."""
        with self._database.write() as connection:
            return users.add_user(connection, name, now=self._clock(), title=title, locale=locale, owner=owner)

    def user(self, name: str) -> User:
        """The user of that name; Problem 404."""
        with self._database.read() as connection:
            return users.need_user(connection, name)

    def users(self) -> list[User]:
        """Everybody, by name."""
        with self._database.read() as connection:
            return users.list_users(connection)

    def owner(self) -> User | None:
        """The first owner, if there is one yet."""
        with self._database.read() as connection:
            return users.first_owner(connection)

    def freeze(self, user: User, *, frozen: bool = True) -> None:
        """Shut out (or let in again); ends the user's sessions. The last owner cannot be frozen (Problem 409)."""
        with self._database.write() as connection:
            first = users.first_owner(connection)
            users.freeze_user(connection, user.id, frozen=frozen)
            if first is not None and users.first_owner(connection) is None:
                raise _last_owner()
            sessions.end_sessions(connection, user.id)

    def set_profile(self, user: User, *, title: str, locale: str | None) -> None:
        """How a user is greeted and in which language."""
        with self._database.write() as connection:
            users.set_profile(connection, user.id, title=title, locale=locale)

    def set_place(self, user: User, *, departments: Iterable[str], lead: str | None) -> None:
        """Departments and lead of a user."""
        with self._database.write() as connection:
            users.set_place(connection, user.id, departments=list(departments), lead=lead)

    # Passwords and sessions

    def set_password(self, user: User, password: str) -> None:
        """Set a password from the command line; the user's sessions end. Problem 422 for one that will not do."""
        hashed = passwords.hash_password(password)
        with self._database.write() as connection:
            passwords.set_hash(connection, user.id, hashed)
            sessions.end_sessions(connection, user.id)

    def change_password(self, user: User, old: str, new: str, *, keep_session: str | None = None) -> None:
        """A person changes their own password; Problem 422."""
        signing_in.change_password(self._database, user, old, new, keep_session=keep_session)

    def sign_in(self, name: str, password: str, *, ip: str, device: str) -> Started:
        """Problem 401 when wrong, 429 (facts: retry_after) when too often."""
        return signing_in.sign_in(self._database, self._clock, name, password, ip=ip, device=device)

    def first_code(self, user: User) -> str:
        """A new one-time code with which the user sets a password (24 h); earlier codes die."""
        with self._database.write() as connection:
            return first_codes.issue_code(connection, user.id, now=self._clock())

    def first_code_user(self, code: str) -> User | None:
        """Whose code it is, without spending it."""
        with self._database.read() as connection:
            return first_codes.code_user(connection, code, now=self._clock())

    def first_login(self, code: str, password: str, *, ip: str, device: str) -> Started:
        """Spend the code. Problem 404 for a dead code, 422 for the password."""
        return signing_in.first_login(self._database, self._clock, code, password, ip=ip, device=device)

    def session(self, token: str) -> tuple[User, Session] | None:
        """Who the cookie's token belongs to, asked anew on each request."""
        with self._database.read() as connection:
            return sessions.session_of(connection, token, now=self._clock())

    def sessions(self, user: User) -> list[Session]:
        """A user's running sessions, newest first."""
        with self._database.read() as connection:
            return sessions.list_sessions(connection, user.id, now=self._clock())

    def end_session(self, user: User, session_id: str) -> bool:
        """Sign out one session of this user."""
        with self._database.write() as connection:
            return sessions.end_session(connection, user.id, session_id)

    # Tokens

    def issue_token(self, user: User, name: str) -> tuple[str, str]:
        """(id, token); the token is shown this once. Problem 422 or 409 for the name."""
        with self._database.write() as connection:
            return tokens.issue_token(connection, user.id, name, now=self._clock())

    def token_user(self, token: str, then: Callable[[Connection, User], None] | None = None) -> User | None:
        """Who a bearer token acts as; notes its use now and then. `then` may ask more in the same transaction."""
        now = self._clock()
        with self._database.read() as connection:
            found = tokens.token_user(connection, token)
            if found is not None and then is not None:
                then(connection, found[0])
        if found is None:
            return None
        user, held = found
        if held.last_used is None or now - held.last_used >= tokens.USED_EVERY:
            self._database.note(lambda connection: tokens.mark_used(connection, held.id, now=now))
        return user

    def tokens(self, user: User | None = None) -> list[Token]:
        """Tokens of one user, or of all."""
        with self._database.read() as connection:
            return tokens.list_tokens(connection, None if user is None else user.id)

    def revoke_token(self, token_id: str, *, user: User | None = None) -> bool:
        """Revoke; with `user`, only that user's own."""
        with self._database.write() as connection:
            return tokens.revoke_token(connection, token_id, user_id=None if user is None else user.id)

    # Roles and facts

    def roles(self, user: User) -> dict[str, tuple[str, ...]]:
        """App → roles given to the user."""
        with self._database.read() as connection:
            return roles.all_held(connection, user.id)

    def grant(self, user: User, app: App, role: str) -> None:
        """Give a role; Problem 422 when the app has none of that name."""
        if role not in app.roles:
            message = Text("{app} 没有角色 {role}；有：{all}", "{app} has no role {role}; it has {all}")
            filled = message.fill(app=app.name, role=role, all=", ".join(app.roles))
            raise invalid((Fault("role", "unknown_role", filled),))
        with self._database.write() as connection:
            roles.grant(connection, user.id, app.name, role)

    def revoke(self, user: User, app: str, role: str) -> None:
        """Take a role away."""
        with self._database.write() as connection:
            roles.revoke(connection, user.id, app, role)

    def holders(self, app: str, role: str) -> list[User]:
        """Who holds a role now."""
        with self._database.read() as connection:
            return roles.holders(connection, app, role)

    def members(self, app: str) -> list[User]:
        """Who holds any role in an app now: those that a person field can name."""
        with self._database.read() as connection:
            return roles.members(connection, app)

    def set_fact(self, user: User, app: App, field: str, value: Any) -> None:
        """Set what the app knows of a person; empty forgets it. Problem 422 for an unknown field or a value it cannot take."""
        declared = app.people.get(field)
        if declared is None:
            message = Text("{app} 的人员没有字段 {field}", "{app} knows no person field {field}").fill(
                app=app.name, field=field
            )
            raise invalid((Fault(field, "unknown_field", message),))
        kind = self._kinds[declared.kind]
        try:
            parsed = kind.parse(value, declared)
        except ValueProblem as problem:
            raise invalid((Fault(field, problem.code, problem.message),)) from problem
        with self._database.write() as connection:
            stored = None if parsed is None else kind.to_json(parsed, declared)
            facts.set_fact(connection, user.id, app.name, field, stored)

    def facts(self, user: User, app: App) -> dict[str, Any]:
        """Person field → JSON value as kept."""
        with self._database.read() as connection:
            return facts.stored_facts(connection, user.id, app.name)

    def actor(
        self, user: User, app: App, *, channel: str, ip: str = "", device: str = "", locale: str = "zh", kind: str = "person"
    ) -> Actor:
        """Who acts, for the two doors. Problem 404 never: somebody without roles sees nothing."""
        with self._database.read() as connection:
            return actor_for(connection, user, app, channel=channel, ip=ip, device=device, locale=locale, kind=kind)

    # Secrets

    def set_secret(self, name: str, value: str) -> None:
        """Seal and keep. Problem 422."""
        with self._database.write() as connection:
            vault.set_secret(connection, self._key, name, value, now=self._clock())

    def secret_names(self) -> list[str]:
        """Names only."""
        with self._database.read() as connection:
            return vault.secret_names(connection)

    def reveal(self, name: str) -> str | None:
        """The value, for the engine's connections only."""
        with self._database.read() as connection:
            return vault.reveal(connection, self._key, name)

    def forget_secret(self, name: str) -> None:
        """Remove; Problem 404."""
        with self._database.write() as connection:
            if not vault.forget_secret(connection, name):
                raise missing()


def _last_owner() -> Problem:
    return Problem(
        409,
        "last_owner",
        Text("不能冻结最后一位所有者", "The last owner cannot be frozen"),
        Text("请先让另一个人成为所有者", "Make somebody else an owner first"),
    )

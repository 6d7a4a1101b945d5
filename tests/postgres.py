"""A private PostgreSQL for tests: made from the system's binaries, on a Unix socket in its own folder, gone at the end.

It never uses a server that is already running, unless DAJIAN_TEST_POSTGRES names one. Its collation is a language's on purpose:
what sorts rightly here does so because the SQL asks for it."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, Engine, create_engine, make_url
from sqlalchemy.exc import OperationalError

URL = "DAJIAN_TEST_POSTGRES"
_ACCOUNTS = ("postgres", "nobody")
_PATIENCE = 60.0
_PREFIX, _OWNER = "dajian-pg-", "owner"
# A crash of this server loses nothing that anybody wants.
_CARELESS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=32MB",
    "max_connections=300",
    "jit=off",
)


def postgres_bin() -> str | None:
    """The folder with initdb and postgres, the newest one."""
    on_path = shutil.which("initdb")
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    folders = [*([Path(on_path).resolve().parent] if on_path else []), *versions]
    return next((str(each) for each in folders if (each / "initdb").exists() and (each / "postgres").exists()), None)


def _version(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdigit() else 0


def postgres_here() -> str | None:
    """Where tests can get a PostgreSQL from; None: nowhere."""
    return os.environ.get(URL) or postgres_bin()


@dataclass(frozen=True)
class Cluster:
    """A server; `url` is that of a database in which others may be made."""

    url: str

    @contextmanager
    def database(self) -> Iterator[Engine]:
        """A fresh database, dropped at the end."""
        name = f"t_{uuid4().hex}"
        with self._alone() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        # The driver reads moments in the session's zone, and only UTC has the years 1 to 9999 whole.
        engine = create_engine(make_url(self.url).set(database=name), connect_args={"options": "-c timezone=UTC"})
        try:
            yield engine
        finally:
            engine.dispose()
            with self._alone() as connection:
                connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def _alone(self) -> Iterator[Connection]:
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()


@contextmanager
def cluster() -> Iterator[Cluster]:
    """The named server, or one of our own for as long as the block runs."""
    named = os.environ.get(URL)
    if named:
        yield Cluster(str(make_url(named).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)))
        return
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    (folder / _OWNER).write_text(str(os.getpid()))
    try:
        with _running(folder):
            yield Cluster(f"postgresql+psycopg://dajian@/postgres?host={folder}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep() -> None:
    """Folders of test processes that were killed: their servers ended with them, the folders could not."""
    for owner in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/{_OWNER}"):
        try:
            os.kill(int(owner.read_text()), 0)
        except ProcessLookupError:
            shutil.rmtree(owner.parent, ignore_errors=True)
        except (ValueError, OSError):
            continue


@contextmanager
def _running(folder: Path) -> Iterator[None]:
    bin = Path(postgres_bin() or "")
    data, log = folder / "data", folder / "log"
    account = _account()
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)
    locale = ("--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US", "--encoding=UTF8")
    settled = ("--auth=trust", "--username=dajian", "--no-sync", "--no-instructions")
    made = subprocess.run(
        [*_as(account), bin / "initdb", "-D", data, *locale, *settled], cwd=folder, capture_output=True, text=True, check=False
    )
    if made.returncode:
        raise RuntimeError(f"initdb failed: {made.stdout}{made.stderr}")
    options = [part for setting in _CARELESS for part in ("-c", setting)]
    # The server's own process is our child, and is told to end when we do, so that nothing is left behind if we are killed.
    command = [*_as(account, child=True), bin / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", *options]
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        _wait(server, folder, log)
        yield
    finally:
        server.send_signal(signal.SIGQUIT)  # at once; nothing to save
        server.wait(timeout=_PATIENCE)


def _wait(server: subprocess.Popen[bytes], folder: Path, log: Path) -> None:
    engine = create_engine(f"postgresql+psycopg://dajian@/postgres?host={folder}")
    last = time.monotonic() + _PATIENCE
    while True:
        try:
            engine.connect().close()
            break
        except OperationalError as error:
            if server.poll() is not None or time.monotonic() > last:
                raise RuntimeError(f"PostgreSQL did not start: {log.read_text(errors='replace')}") from error
            time.sleep(0.05)
    engine.dispose()


def _account() -> pwd.struct_passwd | None:
    """Whose the server is: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {each.pw_name: each for each in pwd.getpwall()}
    return next(known[name] for name in _ACCOUNTS if name in known)


def _as(account: pwd.struct_passwd | None, *, child: bool = False) -> list[str]:
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        if account is not None:
            raise RuntimeError("setpriv is missing (package util-linux): PostgreSQL does not run as root")
        return []
    change = [f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"] if account is not None else []
    ending = ["--pdeathsig=QUIT"] if child else []
    return [setpriv, *change, *ending] if change or ending else []

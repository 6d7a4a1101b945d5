"""What the whole suite shares: markers for tests that need something beyond Python, and a loud word about what could not be
run.

A skipped test is good on a developer's machine and a lie in CI: with REQUIRE_BROWSER=1 or REQUIRE_SERVICES=1 it fails instead.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.conformance.seeds import Told, fresh
from tests.databases import on_postgres
from tests.postgres import Cluster, cluster, postgres_here

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_CHROMIUM_PATHS = ("/usr/bin/chromium", "/usr/lib/chromium/chromium", "/opt/google/chrome/chrome", "/snap/bin/chromium")


def chromium_path() -> str | None:
    """Chromium's program on this machine: CHROMIUM in the environment, else on the path, else where packages put it."""
    named = os.environ.get("CHROMIUM")
    found = [named] if named else [shutil.which(name) for name in _CHROMIUM] + list(_CHROMIUM_PATHS)
    return next((path for path in found if path and Path(path).exists()), None)


def redis_path() -> str | None:
    """The Redis server's program on this machine."""
    return shutil.which("redis-server")


@dataclass(frozen=True)
class Need:
    """`find`: where the thing is, None when it is not; `switch`: the variable that turns its absence into a failure."""

    what: str
    find: Callable[[], str | None]
    remedy: str
    switch: str


NEEDS: Mapping[str, Need] = {
    "browser": Need("Chromium", chromium_path, "apt-get install chromium", "REQUIRE_BROWSER"),
    "postgresql": Need("PostgreSQL", postgres_here, "apt-get install postgresql", "REQUIRE_SERVICES"),
    "redis": Need("redis-server", redis_path, "apt-get install redis-server", "REQUIRE_SERVICES"),
}


class Loud:
    """Counts what was skipped from the reports, which reach the process that prints the end also when workers run the tests."""

    def __init__(self) -> None:
        self.skipped: dict[str, int] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for name in NEEDS:
            if report.when == "setup" and report.skipped and name in report.keywords:
                self.skipped[name] = self.skipped.get(name, 0) + 1

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if not self.skipped:
            return
        terminalreporter.section("NOT RUN ON THIS MACHINE", red=True, bold=True)
        for name, count in self.skipped.items():
            need = NEEDS[name]
            terminalreporter.write_line(f"{count} tests need {need.what}. To run them: {need.remedy}", red=True, bold=True)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Loud(), "loud")
    config.pluginmanager.register(Told(), "told")
    # Before the workers start, so that all of them have the same one.
    fresh()
    for name, need in NEEDS.items():
        config.addinivalue_line("markers", f"{name}: needs {need.what}")


def pytest_runtest_setup(item: pytest.Item) -> None:
    for name, need in NEEDS.items():
        if item.get_closest_marker(name) is None or need.find() is not None:
            continue
        message = f"{need.what} is not here: {need.remedy}"
        if os.environ.get(need.switch) == "1":
            pytest.fail(f"{message} ({need.switch}=1 asks for it)", pytrace=False)
        pytest.skip(message)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of Chromium, for tests marked `browser` (Playwright's `executable_path`)."""
    path = chromium_path()
    assert path is not None, "mark the test with @pytest.mark.browser"
    return path


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """A PostgreSQL server of this test process alone, for tests marked `postgresql`."""
    with cluster() as made:
        yield made


@pytest.fixture(scope="module")
def postgres(postgres_cluster: Cluster) -> Iterator[Engine]:
    """A fresh database in it."""
    with postgres_cluster.database() as engine:
        yield engine


@pytest.fixture(scope="session")
def shared_postgres(postgres_cluster: Cluster) -> Iterator[Engine]:
    """One database of this test process, in which tests make schemas."""
    with postgres_cluster.database() as engine:
        yield engine


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)], scope="module")
def on_both(request: pytest.FixtureRequest) -> Iterator[str]:
    """Every test of a module that is marked ON_BOTH, on SQLite and on PostgreSQL; the name of the one it is on."""
    if request.param == "sqlite":
        yield "sqlite"
        return
    with on_postgres(request.getfixturevalue("shared_postgres")):
        yield "postgresql"

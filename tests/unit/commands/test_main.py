from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from engine.commands.main import parser
from tests.unit.commands.conftest import ROOT, TEMPLATE, Run

COMMANDS = [
    "serve",
    "demo",
    "check",
    "plan",
    "apply",
    "export",
    "rename",
    "market",
    "install",
    "first-login",
    "pull",
    "doctor",
    "user",
    "token",
    "secret",
    "journal",
    "user+add",
    "user+list",
    "user+freeze",
    "user+unfreeze",
    "user+roles",
    "token+add",
    "token+list",
    "token+revoke",
    "secret+set",
    "secret+list",
    "secret+forget",
    "journal+show",
    "journal+explain",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args([*command.split("+"), "--help"])
    assert ended.value.code == 0
    assert "usage: dajian" in capsys.readouterr().out


def test_wrong_use_is_two(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(["chekc"])
    assert ended.value.code == 2


def test_a_wrong_setting_stops_with_its_name(run: Run) -> None:
    ran = run("doctor", DAJIAN_PORT="many")
    assert ran.code == 1
    assert "DAJIAN_PORT" in ran.err


def test_a_database_that_does_not_open(run: Run) -> None:
    ran = run("user", "list", DAJIAN_DATABASE_URL="sqlite:////proc/none/d.db")
    assert ran.code == 1
    assert "Traceback" not in ran.err


def test_doctor_finds_a_fresh_house_without_an_owner(run: Run) -> None:
    ran = run("doctor")
    assert ran.code == 1
    assert "dajian first-login" in ran.out
    run("user", "add", "anna", "--owner", "--password-stdin", stdin="correct horse battery")
    assert run("doctor").code == 0


def test_a_port_in_use_is_named(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = run("serve", "--port", str(taken.getsockname()[1]))
    assert ran.code == 1
    assert "DAJIAN_PORT" in ran.err


def test_a_reader_who_has_had_enough_gets_no_traceback(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, str(ROOT / "app.py"), "check", str(TEMPLATE)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False, cwd=tmp_path, env=environment, timeout=60
    )
    os.close(writing)
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    assert "BrokenPipe" not in ran.stderr

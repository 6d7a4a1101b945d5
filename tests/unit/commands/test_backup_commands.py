from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.commands.conftest import Run

WORD = "correct horse battery"


@pytest.fixture
def installed(run: Run) -> None:
    run("user", "add", "anna", "--owner", "--password-stdin", stdin=WORD)
    assert run("install", "order_tracking", "--role", "buyer").code == 0


@pytest.mark.usefixtures("installed")
def test_a_backup_says_what_is_in_it_and_what_is_not(run: Run, tmp_path: Path) -> None:
    ran = run("backup", str(tmp_path / "b.zip"), DAJIAN_LOCALE="en")
    assert ran.code == 0, ran.err
    assert "tables" in ran.out
    assert "is not in the backup" in ran.err


@pytest.mark.usefixtures("installed")
def test_a_restore_over_a_house_asks_for_a_yes_and_then_does_it(run: Run, tmp_path: Path) -> None:
    run("backup", str(tmp_path / "b.zip"), "--no-verify")
    run("user", "add", "later")
    refused = run("restore", str(tmp_path / "b.zip"), DAJIAN_LOCALE="en")
    assert (refused.code, "--yes" in refused.err) == (1, True)
    assert "later" in run("user", "list").out
    done = run("restore", str(tmp_path / "b.zip"), "--yes", DAJIAN_LOCALE="en")
    assert (done.code, "order_tracking" in done.out) == (0, True), done.err
    assert "later" not in run("user", "list").out


@pytest.mark.usefixtures("installed")
def test_a_restore_into_a_new_place_asks_for_the_key(run: Run, tmp_path: Path) -> None:
    run("backup", str(tmp_path / "b.zip"))
    there = {
        "DAJIAN_DATABASE_URL": f"sqlite:///{tmp_path}/new/d.db",
        "DAJIAN_DATA_DIR": str(tmp_path / "new"),
        "DAJIAN_KEY_FILE": str(tmp_path / "new" / "key"),
    }
    done = run("restore", str(tmp_path / "b.zip"), **there, DAJIAN_LOCALE="en")
    assert (done.code, "key file" in done.err) == (0, True), done.err
    wrong = run("user", "list", **there, DAJIAN_LOCALE="en")
    assert (wrong.code, "does not belong" in wrong.err) == (1, True)


def test_what_is_no_backup_is_refused_in_words(run: Run, tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_bytes(b"nothing")
    ran = run("restore", str(tmp_path / "b.zip"), "--yes", DAJIAN_LOCALE="en")
    assert (ran.code, "Nothing was changed" in ran.err) == (1, True)
    assert run("restore", str(tmp_path / "none.zip")).code == 1


@pytest.mark.usefixtures("installed")
def test_a_backup_to_a_place_that_is_not_there_is_refused_in_words(run: Run, tmp_path: Path) -> None:
    ran = run("backup", str(tmp_path / "none" / "b.zip"), DAJIAN_LOCALE="en")
    assert (ran.code, "Cannot write" in ran.err) == (1, True)


@pytest.mark.usefixtures("installed")
def test_files_are_purged_only_with_a_yes(run: Run) -> None:
    assert run("files", "purge", "--older-than", "1d", DAJIAN_LOCALE="en").code == 0
    assert "0 files" in run("files", "purge", "--yes", DAJIAN_LOCALE="en").out
    assert run("files", "purge", "--older-than", "soon", DAJIAN_LOCALE="en").code == 1
    assert run("files", "erase", "0" * 26, DAJIAN_LOCALE="en").code == 1

"""The organisation's working hours: read from a file, refused with place and remedy, and used by rules and filters."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.commands.calendar import load_calendar
from engine.commands.settings import Settings, SettingsError
from engine.model.calendar import SECOND, STANDARD, Calendar

HOUR = 3600 * SECOND
MANY = ",".join(f"{at // 2:02}:{at % 2 * 30:02}-{at // 2:02}:{at % 2 * 30 + 9:02}" for at in range(25))
GOOD = """\
week:
  monday: 09:00-12:00, 13:00-18:00
  saturday: 22:00-24:00
holidays: [2026-10-01..2026-10-03, 2027-01-01]
workdays: {2026-10-10: 09:00-18:00}
"""


def load(tmp_path: Path, text: str) -> Calendar:
    file = tmp_path / "hours.yaml"
    file.write_text(text)
    assert Settings.from_env({"DAJIAN_CALENDAR": str(file)}).calendar == file
    return load_calendar(file)


def test_a_calendar_is_read(tmp_path: Path) -> None:
    found = load(tmp_path, GOOD)
    assert found.weekly == 10 * HOUR
    # The third of October is a Saturday, so two hours fall out; the tenth is one, too, and has nine instead of two.
    assert sum(sign * length for _, length, sign in found.changes) == (-2 - 2 + 9) * HOUR


def test_without_a_file_it_is_the_usual_week() -> None:
    assert Settings.from_env({}).calendar is None
    assert load_calendar(None) is STANDARD


@pytest.mark.parametrize(
    ("text", "place", "why"),
    [
        ("week: {monday: 9-18}", "hours.yaml:1:16", "09:00-18:00"),
        (f'week: {{monday: "{MANY}"}}', "hours.yaml:1:16", "24"),
        ("week: {monday: 18:00-09:00}", "hours.yaml:1:16", "09:00-18:00"),
        ("week: {monday: 09:00-25:00}", "hours.yaml:1:16", "09:00-18:00"),
        ("week: {monday: 09:60-12:00}", "hours.yaml:1:16", "09:00-18:00"),
        ("week: {monday: '09:00-12:00, 11:00-13:00'}", "hours.yaml:1:16", "overlap"),
        ("week: {mon: 09:00-18:00}", "hours.yaml:1:8", "monday"),
        ("week: []", "hours.yaml:1:7", "name: hours"),
        ("holidays: []", "hours.yaml:1:1", "week is missing"),
        ("week: {}\nholiday: []", "hours.yaml:2:1", "holidays"),
        ("week: {}\nholidays: [2026-02-30]", "hours.yaml:2:12", "2026-10-01"),
        ("week: {}\nholidays: [2026-10-07..2026-10-01]", "hours.yaml:2:12", "earlier"),
        ("week: {}\nholidays: [2026-10-01]\nworkdays: {2026-10-01: 09:00-18:00}", "hours.yaml:3:12", "twice"),
        ("week: {}\nholidays: [0001-01-01..9999-12-31]", "hours.yaml:2:12", "dates"),
        ("week: &a {}", "hours.yaml:1:7", ""),
        ("[", "hours.yaml:", ""),
    ],
)
def test_a_wrong_one_is_told_with_its_place(tmp_path: Path, text: str, place: str, why: str) -> None:
    with pytest.raises(SettingsError) as found:
        load(tmp_path, text)
    said = found.value.text
    assert "DAJIAN_CALENDAR" in said.en
    assert place in said.en
    assert place in said.zh
    assert why in said.en
    assert said.zh != said.en


def test_a_missing_file_is_named() -> None:
    with pytest.raises(SettingsError, match=r"DAJIAN_CALENDAR=/nowhere/hours\.yaml"):
        Settings.from_env({"DAJIAN_CALENDAR": "/nowhere/hours.yaml"})

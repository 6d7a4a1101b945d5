from __future__ import annotations

from pathlib import Path

import pytest

from engine.commands.settings import Settings, SettingsError


def test_defaults_are_those_of_the_interface() -> None:
    settings = Settings.from_env({})
    assert settings.database_url == "sqlite:///data/dajian.db"
    assert settings.redis_url is None
    assert (settings.host, settings.port, settings.base_url) == ("127.0.0.1", 8000, None)
    assert (settings.timezone, settings.locale) == ("Asia/Shanghai", "zh_CN")
    assert settings.key_file == Path("data/dajian.key")
    assert settings.allow_private_hosts == ()
    assert set(settings.sources.values()) == {"default"}


def test_the_data_folder_takes_database_and_key_along() -> None:
    settings = Settings.from_env({"DAJIAN_DATA_DIR": "/srv/d"})
    assert settings.database_url == "sqlite:////srv/d/dajian.db"
    assert settings.key_file == Path("/srv/d/dajian.key")


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text('# ours\nDAJIAN_PORT=9001\nexport DAJIAN_LOCALE="en"\nOTHER=x\n\nDAJIAN_BASE_URL=https://o.example.com/\n')
    settings = Settings.from_env({"DAJIAN_PORT": "9002", "DAJIAN_LOCALE": ""}, file)
    assert (settings.port, settings.locale, settings.base_url) == (9002, "en", "https://o.example.com")
    assert settings.sources["DAJIAN_PORT"] == "environment"
    assert settings.sources["DAJIAN_LOCALE"] == ".env"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DAJIAN_PORT", "0"),
        ("DAJIAN_PORT", "eight"),
        ("DAJIAN_PORT", "٨٠٠٠"),
        ("DAJIAN_TIMEZONE", "Mars/Base"),
        ("DAJIAN_TIMEZONE", "../etc/passwd"),
        ("DAJIAN_LOCALE", "fr"),
        ("DAJIAN_BASE_URL", "orders.example.com"),
        ("DAJIAN_DATABASE_URL", "mysql://u:pass@h/d"),
        ("DAJIAN_REDIS_URL", "redis://u:pass@h"),
        ("DAJIAN_ALLOW_PRIVATE_HOSTS", "http://10.0.0.1"),
        ("DAJIAN_PROT", "8000"),
    ],
)
def test_a_wrong_one_is_named_with_its_remedy(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as found:
        Settings.from_env({name: value})
    for text in (found.value.text.zh, found.value.text.en):
        assert name in text
        assert "pass" not in text.replace("etc/passwd", "")
        assert len(text) > len(name) + 10


def test_a_line_that_is_none(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("DAJIAN_PORT=8000\nwhat is this\n")
    with pytest.raises(SettingsError, match="line 2"):
        Settings.from_env({}, file)


def test_hosts_are_a_list_and_the_address_is_one_a_browser_can_open() -> None:
    settings = Settings.from_env({"DAJIAN_ALLOW_PRIVATE_HOSTS": "10.0.0.1, erp.local:8080", "DAJIAN_HOST": "0.0.0.0"})
    assert settings.allow_private_hosts == ("10.0.0.1", "erp.local:8080")
    assert settings.address == "http://127.0.0.1:8000"
    assert Settings.from_env({"DAJIAN_HOST": "::1"}).address == "http://[::1]:8000"


@pytest.mark.parametrize("url", ["sqlite:///data/x.db", "postgresql://u:pass@h/d", "postgresql+psycopg://u@/d?host=/run"])
def test_both_databases_are_taken(url: str) -> None:
    assert Settings.from_env({"DAJIAN_DATABASE_URL": url}).database_url == url

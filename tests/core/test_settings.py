import stat
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from forum.core.errors import Misconfigured
from forum.core.settings import Settings, load_settings, migrations_dir, templates_dir


def test_nothing_has_to_be_set(tmp_path: Path) -> None:
    settings = load_settings()

    assert settings.is_embedded
    assert settings.database_address == f"sqlite:///{tmp_path / 'askwell-data' / 'askwell.db'}"
    assert settings.address == "http://127.0.0.1:8000"
    assert settings.search_dir.parts[0] == "askwell-data"


def test_a_variable_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("ASKWELL_PORT=8001\nASKWELL_SITE_NAME=Printers\nOTHER_PROGRAM=1\n")
    monkeypatch.setenv("ASKWELL_PORT", "8002")

    settings = load_settings()

    assert (settings.port, settings.site_name) == (8002, "Printers")


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("ASKWELL_DATADIR", "ASKWELL_DATA_DIR"),
        ("ASKWELL_DATABSE_URL", "ASKWELL_DATABASE_URL"),
        ("askwell_prot", "ASKWELL_PORT"),
        ("ASKWELL_SECRETKEY", "ASKWELL_SECRET_KEY"),
    ],
)
@pytest.mark.parametrize("in_file", [False, True])
def test_an_unknown_setting_offers_the_nearest(
    name: str, near: str, in_file: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if in_file:
        (tmp_path / ".env").write_text(f"{name}=1\n")
    else:
        monkeypatch.setenv(name, "1")

    with pytest.raises(Misconfigured, match=f"^{name} is not a setting of Askwell; did you mean {near}\\?$"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "many"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("WORKERS", "0"),
        ("THREADS", "-1"),
        ("SECRET_KEY", "too short"),
        ("SITE_NAME", ""),
        ("REGISTRATION", "sometimes"),
        ("CRAWLERS", "some"),
        ("PREVIEW_FONT", "/nowhere/font.ttf"),
        ("PREVIEW_FONT", __file__),
        ("LOG_FORMAT", "xml"),
        ("LOG_LEVEL", "loud"),
        ("TRUSTED_PROXIES", "6"),
        ("DATABASE_URL", "mysql://localhost/askwell"),
        ("DATABASE_URL", "nonsense"),
        ("BASE_URL", "help.example.org"),
        ("BASE_URL", "ftp://help.example.org"),
        ("BASE_URL", "https://example.org/help"),
        ("BASE_URL", "https://example.org/?a=b"),
    ],
)
def test_a_wrong_value_names_its_variable(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"ASKWELL_{name}", value)

    with pytest.raises(Misconfigured, match=f"^ASKWELL_{name}: ") as refused:
        load_settings()

    assert "\n" not in refused.value.message


def test_all_wrong_values_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKWELL_PORT", "many")
    monkeypatch.setenv("ASKWELL_WORKERS", "none")

    with pytest.raises(Misconfigured, match=r"ASKWELL_PORT: .*; ASKWELL_WORKERS: "):
        load_settings()


@pytest.mark.parametrize(
    ("values", "address"),
    [
        ({"host": str(IPv4Address(0)), "port": 80}, "http://127.0.0.1:80"),
        ({"host": "::"}, "http://127.0.0.1:8000"),
        ({"host": "::1"}, "http://[::1]:8000"),
        ({"host": "forum.example.org"}, "http://forum.example.org:8000"),
        ({"base_url": "https://help.example.org/"}, "https://help.example.org"),
        ({"base_url": "https://help.example.org:8443"}, "https://help.example.org:8443"),
    ],
)
def test_the_address_is_one_that_a_browser_can_open(values: dict[str, object], address: str) -> None:
    assert Settings.model_validate(values).address == address


def test_a_secret_key_is_made_once_and_kept_for_its_owner_only(tmp_path: Path) -> None:
    key = Settings(data_dir=tmp_path / "site").signing_key()

    assert len(key) == 64
    assert Settings(data_dir=tmp_path / "site").signing_key() == key
    assert Settings(data_dir=tmp_path / "another").signing_key() != key
    mode = stat.S_IMODE((tmp_path / "site" / "secret-key").stat().st_mode)
    assert mode == stat.S_IRUSR | stat.S_IWUSR
    assert [path.name for path in (tmp_path / "site").iterdir()] == ["secret-key"]


def test_processes_that_start_together_share_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: Settings(data_dir=tmp_path / "site").signing_key(), range(24)))

    assert len(keys) == 1


def test_a_key_that_was_set_is_kept_nowhere(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "site", secret_key="k" * 32)

    assert settings.signing_key() == "k" * 32
    assert not (tmp_path / "site").exists()


def test_an_unusable_key_file_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("short")

    with pytest.raises(Misconfigured, match="delete the file to have a new one made"):
        Settings(data_dir=tmp_path).signing_key()


def test_a_folder_that_can_not_be_written_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(Misconfigured, match=r"^ASKWELL_DATA_DIR: the secret key can't be kept"):
        Settings(data_dir=tmp_path / "file").signing_key()


def test_the_templates_and_migrations_are_found() -> None:
    assert (templates_dir() / "base.html").is_file()
    assert (migrations_dir() / "env.py").is_file()

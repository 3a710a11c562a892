"""Settings: defaults that need nothing, every fault in one message, a secret that stays."""

import os
import stat

import pytest

from otit.config import SOCKET_NAME_LIMIT, load_settings
from otit.errors import ConfigurationError


@pytest.fixture
def load(tmp_path):
    return lambda **environ: load_settings({"OTIT_HOME": str(tmp_path / "home"), **environ})


def test_nothing_set_means_sqlite_and_an_embedded_queue_on_this_machine_only(load, tmp_path):
    settings = load()
    assert settings.database_url == f"sqlite:///{tmp_path / 'home' / 'otit.sqlite3'}"
    assert settings.redis_url is None
    assert settings.queue_url == f"unix://{tmp_path / 'home' / 'run' / 'valkey.sock'}"
    assert (settings.host, settings.port, settings.demo, settings.secure_cookies) == ("127.0.0.1", 8000, True, False)


def test_production_has_no_demonstration_and_secure_cookies(load):
    settings = load(DATABASE_URL="postgresql://db/otit", REDIS_URL="rediss://q/0", SECRET_KEY="s" * 32)
    assert settings.database_url == "postgresql+psycopg://db/otit"
    assert (settings.demo, settings.secure_cookies) == (False, True)


def test_every_faulty_setting_is_named_in_one_message(load):
    faulty = {
        "DATABASE_URL": "mysql://x",
        "REDIS_URL": "redis://host:port/0",
        "SECRET_KEY": "short",
        "PORT": "70000",
        "WORKERS": "-1",
        "UPLOAD_LIMIT_MIB": "2.5",
        "SECURE_COOKIES": "perhaps",
        "OTIT_DEMO": "2",
        "TRUSTED_PROXIES": "９",
        "WEB_CONCURRENCY": "many",
    }
    with pytest.raises(ConfigurationError) as caught:
        load(**faulty)
    assert [name for name in faulty if f"- {name}:" not in str(caught.value)] == []


def test_postgresql_needs_a_secret_that_all_machines_share(load):
    with pytest.raises(ConfigurationError, match="SECRET_KEY"):
        load(DATABASE_URL="postgresql://db/otit")


def test_a_home_that_is_no_directory_is_a_faulty_setting(load, tmp_path):
    (tmp_path / "home").write_text("a file")
    with pytest.raises(ConfigurationError, match="OTIT_HOME"):
        load()


def test_an_empty_setting_counts_as_not_set(load):
    assert load(PORT="", REDIS_URL=" ").port == 8000


def test_the_embedded_secret_is_made_once_and_readable_by_its_owner_only(load, tmp_path):
    first = load()
    assert load().secret_key == first.secret_key
    assert len(first.secret_key) == 64
    file = tmp_path / "home" / "secret_key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["secret_key"]


def test_a_deep_home_gets_a_socket_name_that_unix_allows(tmp_path):
    deep = tmp_path.joinpath(*["directory"] * 20)
    one = load_settings({"OTIT_HOME": str(deep / "a")})
    other = load_settings({"OTIT_HOME": str(deep / "b")})
    assert len(os.fsencode(one.embedded_redis_socket)) <= SOCKET_NAME_LIMIT
    assert one.embedded_redis_socket != other.embedded_redis_socket
    assert one.embedded_redis_socket == load_settings({"OTIT_HOME": str(deep / "a")}).embedded_redis_socket

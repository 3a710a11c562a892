"""Settings: defaults that need nothing, every fault in one message, a secret that stays."""

import os
import stat

import pytest

from otit.app import create_app
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


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "9" * 5000),
        ("DATABASE_URL", "postgresql:otit"),
        ("DATABASE_URL", "sqlite"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("REDIS_URL", "redis:6379"),
    ],
)
def test_what_cannot_be_used_is_said_before_anything_starts(load, name, value):
    with pytest.raises(ConfigurationError, match=f"- {name}:"):
        load(SECRET_KEY="s" * 32, **{name: value})


def test_no_message_and_no_log_shows_a_password(load):
    with pytest.raises(ConfigurationError) as caught:
        load(DATABASE_URL="postgresql://otit:geheim/1@db/otit", SECRET_KEY="s" * 32)
    assert "geheim" not in str(caught.value)
    settings = load(DATABASE_URL="postgresql://otit:geheim@db/otit", REDIS_URL="redis://:geheim@q", SECRET_KEY="s" * 32)
    assert "geheim" not in repr(settings)
    assert "ssss" not in repr(settings)


def test_postgresql_needs_a_secret_that_all_machines_share(load):
    with pytest.raises(ConfigurationError, match="SECRET_KEY"):
        load(DATABASE_URL="postgresql://db/otit")


def test_a_home_that_is_no_directory_is_a_faulty_setting(load, tmp_path):
    (tmp_path / "home").write_text("a file")
    with pytest.raises(ConfigurationError, match="OTIT_HOME"):
        load()


def test_a_new_home_is_open_to_its_owner_only(load, tmp_path):
    load()
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700


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


def test_what_the_address_of_the_database_asks_for_stays(load):
    address = "postgresql://db/otit?options=-c%20search_path%3Dotit"
    app = create_app(load(DATABASE_URL=address, REDIS_URL="rediss://q/0", SECRET_KEY="s" * 32))
    with app.app_context():
        asked = app.config["SQLALCHEMY_ENGINE_OPTIONS"]["connect_args"]["options"]
    assert asked == "-c search_path=otit -c plan_cache_mode=force_custom_plan"

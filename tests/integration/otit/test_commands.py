"""Commands end with one line that says what to do, not with a traceback."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from otit.__main__ import main
from tests import services


@pytest.fixture
def empty_database(backend: str, tmp_path: Path) -> Iterator[str]:
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    with services.postgres_server() as server, services.fresh_database(server) as url:
        yield url


def run(monkeypatch: pytest.MonkeyPatch, home: Path, *words: str, **settings: str) -> int:
    environ = {"OTIT_HOME": str(home), "SECRET_KEY": "s" * 32, "REDIS_URL": "unix:///nowhere", **settings}
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["otit", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_a_database_without_tables_names_the_command_that_makes_them(
    empty_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, tmp_path, "audit", "verify", DATABASE_URL=empty_database) == 1
    assert "otit db upgrade" in capsys.readouterr().err


def test_a_database_that_is_away_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"postgresql://otit:geheim@/otit?host={tmp_path}"
    assert run(monkeypatch, tmp_path, "audit", "verify", DATABASE_URL=url) == 1
    told = capsys.readouterr().err
    assert "DATABASE_URL: the database does not answer" in told
    assert "geheim" not in told


def test_wrong_settings_end_with_the_code_for_wrong_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, tmp_path, "audit", "verify", PORT="many", WORKERS="0") == 2
    told = capsys.readouterr().err
    assert "PORT" in told
    assert "WORKERS" in told

"""Settings: read once from the environment, typed, frozen. Nothing set means the embedded default (SQLite and an
embedded Redis-protocol server under `var/`). Every faulty setting is named in one message."""

import hashlib
import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from otit.errors import ConfigurationError

MIB = 1024 * 1024
SOCKET_NAME_LIMIT = 100


@dataclass(frozen=True)
class Settings:
    """`home` holds what an embedded start writes; `redis_url` is None when the supervisor brings its own server;
    `web_processes` 0 leaves their number to the machine."""

    home: Path
    database_url: str = field(repr=False)  # may hold passwords, and a repr ends up in logs
    redis_url: str | None = field(repr=False)
    secret_key: str = field(repr=False)
    host: str
    port: int
    worker_processes: int
    upload_limit: int
    secure_cookies: bool
    demo: bool
    trusted_proxies: int
    web_processes: int = 0

    @property
    def embedded_redis_socket(self) -> Path:
        """Unix allows some 108 bytes for its name: a deep home gets a private directory in the temporary one."""
        usual = self.home / "run" / "valkey.sock"
        if len(os.fsencode(usual)) <= SOCKET_NAME_LIMIT:
            return usual
        mark = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"otit-{os.getuid()}-{mark}" / "valkey.sock"

    @property
    def queue_url(self) -> str:
        """Where jobs go: REDIS_URL, or the embedded server's private socket."""
        return self.redis_url or f"unix://{self.embedded_redis_socket}"

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


class _Reader:
    """Collects every fault before complaining."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.faults: list[str] = []

    def text(self, name: str, default: str | None = None) -> str | None:
        return self.environ.get(name, "").strip() or default

    def integer(self, name: str, default: int, low: int, high: int) -> int:
        raw = self.text(name)
        if raw is None:
            return default
        if raw.isascii() and raw.isdigit() and len(raw) < 10 and low <= int(raw) <= high:
            return int(raw)
        self.faults.append(f"{name}: a whole number from {low} to {high} is needed, not {raw!r}")
        return default

    def flag(self, name: str, default: bool) -> bool:
        raw = self.text(name)
        if raw is None:
            return default
        if raw.lower() in {"1", "true", "yes", "on", "0", "false", "no", "off"}:
            return raw.lower() in {"1", "true", "yes", "on"}
        self.faults.append(f"{name}: 1 or 0 is needed, not {raw!r}")
        return default

    def url(self, name: str, schemes: tuple[str, ...]) -> str | None:
        raw = self.text(name)
        if raw is None:
            return None
        try:
            _ = urlsplit(raw).port  # reading it is what checks it
        except ValueError:
            # What the error would quote may be a part of the password.
            self.faults.append(f"{name}: is no URL that can be read; special characters in a password need escaping")
            return None
        if raw.partition("://")[0] not in schemes or "://" not in raw:
            self.faults.append(f"{name}: must begin with one of {', '.join(s + '://' for s in schemes)}")
            return None
        return raw

    def directory(self, name: str, default: str) -> Path:
        path = Path(self.text(name) or default).resolve()
        try:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)  # the database will lie there
        except OSError as error:
            self.faults.append(f"{name}: {path} cannot be used: {error.strerror}")
        else:
            if not os.access(path, os.W_OK | os.X_OK):
                self.faults.append(f"{name}: {path} cannot be written to")
        return path


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read all settings. Raises ConfigurationError that lists each faulty one."""
    read = _Reader(environ)
    home = read.directory("OTIT_HOME", "var")
    database = read.url("DATABASE_URL", ("postgresql", "postgresql+psycopg", "sqlite"))
    redis_url = read.url("REDIS_URL", ("redis", "rediss", "unix"))
    if database in ("sqlite://", "sqlite:///", "sqlite:///:memory:"):
        read.faults.append("DATABASE_URL: needs a file, since several processes share it: sqlite:////path/to/file")
    secret = read.text("SECRET_KEY")
    if secret is not None and len(secret) < 32:
        read.faults.append("SECRET_KEY: at least 32 characters are needed")
    if secret is None and database is not None and database.startswith("postgresql"):
        read.faults.append("SECRET_KEY: must be set when DATABASE_URL names PostgreSQL")
    settings = Settings(
        home=home,
        database_url=_with_driver(database) if database else f"sqlite:///{home / 'otit.sqlite3'}",
        redis_url=redis_url,
        secret_key=secret or "",
        host=read.text("HOST") or "127.0.0.1",
        port=read.integer("PORT", 8000, 1, 65535),
        worker_processes=read.integer("WORKERS", 1, 1, 64),
        upload_limit=read.integer("UPLOAD_LIMIT_MIB", 64, 1, 1024) * MIB,
        secure_cookies=read.flag("SECURE_COOKIES", database is not None and not database.startswith("sqlite")),
        demo=read.flag("OTIT_DEMO", database is None),
        trusted_proxies=read.integer("TRUSTED_PROXIES", 0, 0, 8),
        web_processes=read.integer("WEB_CONCURRENCY", 0, 0, 256),
    )
    if read.faults:
        raise ConfigurationError("Wrong settings:\n" + "\n".join(f"  - {fault}" for fault in read.faults))
    return settings if settings.secret_key else _with_kept_secret(settings)


def _with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def _with_kept_secret(settings: Settings) -> Settings:
    """The embedded default makes its secret once and keeps it beside the database, readable by its owner only."""
    path = settings.home / "secret_key"
    if not path.exists():
        # Written aside and linked into place: two first starts at once end up with the same secret.
        draft = settings.home / f".secret_key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32))
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return replace(settings, secret_key=path.read_text())

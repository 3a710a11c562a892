"""Keeping several processes running as one: started together, started again when they die, stopped together.

Two kinds of parts: programs (exec) and functions of ours run in a fork of the loaded application, which starts at once
and shares its memory. Each part is tied to this process (otit.jobs.tether), so none outlives it, however it ends. The
supervisor has no threads: forking stays safe, and the kernel's tie is to the thread that starts a part.
"""

import os
import select
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NoReturn

from otit.jobs import tether

_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 30.0
_STEADY_SECONDS = 30.0
_QUICK_DEATHS = 5
_SECOND_WORD = 3.0
_LAST_WORD = 7.0


@dataclass
class Part:
    """One process. `start` returns its id. A part that `serves` others is stopped after them."""

    name: str
    start: Callable[[], int]
    serves: bool = False
    pid: int | None = None
    started_at: float = 0.0
    due_at: float = 0.0
    starts: int = 0
    quick_deaths: int = 0

    def ended(self, status: int, now: float) -> str:
        """Note the end of the process; says what will happen next."""
        self.pid = None
        self.quick_deaths = 1 if now - self.started_at > _STEADY_SECONDS else self.quick_deaths + 1
        pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** (self.quick_deaths - 1))
        self.due_at = now + pause
        how = f"signal {-status}" if status < 0 else f"exit code {status}"
        if self.quick_deaths >= _QUICK_DEATHS:
            return f"{self.name} keeps ending ({how}); the reason stands above. Next try in {pause:.0f} s"
        return f"{self.name} ended ({how}); starting it again"


def program(name: str, arguments: list[str], death_signal: signal.Signals, serves: bool = False) -> Part:
    """A part that is a program of its own; the first argument is its absolute path."""

    def start() -> int:
        # A group of its own, so that Ctrl-C reaches only the supervisor, which then stops the parts in order.
        child = subprocess.Popen(tether.command(arguments, death_signal), process_group=0)  # noqa: S603 - our own list
        child.returncode = 0  # reaped by the supervisor's own waitpid
        return child.pid

    return Part(name, start, serves)


def function(name: str, run: Callable[[], None], close: Iterable[int] = ()) -> Part:
    """A part that is a function of this program, run in a fork; `close` are descriptors it must not keep."""
    closing = tuple(close)

    def start() -> int:
        parent = os.getpid()
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            _be_part(run, parent, closing)
        return pid

    return Part(name, start)


def _be_part(run: Callable[[], None], parent: int, close: tuple[int, ...]) -> NoReturn:
    code = 1
    try:
        os.setpgid(0, 0)
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        tether.hold(parent, signal.SIGKILL)
        tether.watch_parent(parent)
        for descriptor in close:
            os.close(descriptor)
        run()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


@dataclass
class Supervisor:
    """`tell` receives one line for a person at each event; `tick` is called about once a second while running."""

    tell: Callable[[str], None]
    tick: Callable[[], None]
    parts: list[Part] = field(default_factory=list)
    stopping: bool = False

    def begin(self) -> None:
        """Take over the signals; before the first part is started."""
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        os.set_blocking(writing, False)
        self._wakeup = reading
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        # A handler must exist for the wake-up to be written; the work is done in the loop.
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def _stop(self, number: int, frame: object) -> None:
        self.stopping = True

    def add(self, part: Part) -> None:
        """Start a part and keep it running from now on."""
        self.parts.append(part)
        self._start(part)

    def run(self) -> None:
        """Until SIGINT or SIGTERM. Ends with every part stopped."""
        try:
            while not self.stopping:
                self._reap(restart=True)
                now = time.monotonic()
                for part in self.parts:
                    if part.pid is None and part.due_at <= now:
                        self._start(part)
                self.tick()
                self._wait(1.0)
        finally:
            self.stop()

    def stop(self) -> None:
        """Ask each part to end, those that serve others last; insist after some seconds."""
        for serving in (False, True):
            self._end([part for part in self.parts if part.serves is serving])

    def _start(self, part: Part) -> None:
        part.pid = part.start()
        part.started_at = time.monotonic()
        part.starts += 1

    def _reap(self, restart: bool) -> None:
        for part in self.parts:
            if part.pid is None:
                continue
            try:
                pid, status = os.waitpid(part.pid, os.WNOHANG)
            except ChildProcessError:
                pid, status = part.pid, 0
            if pid:
                line = part.ended(os.waitstatus_to_exitcode(status), time.monotonic())
                if restart and not self.stopping:
                    self.tell(line)

    def _wait(self, seconds: float) -> None:
        """Sleep until a signal or the time is over."""
        if select.select([self._wakeup], [], [], seconds)[0]:
            os.read(self._wakeup, 4096)

    def _end(self, parts: list[Part]) -> None:
        words = [(0.0, signal.SIGTERM), (_SECOND_WORD, signal.SIGTERM), (_LAST_WORD, signal.SIGKILL)]
        begun = time.monotonic()
        while any(part.pid is not None for part in parts):
            if words and time.monotonic() - begun >= words[0][0]:
                number = words.pop(0)[1]
                for part in parts:
                    _send(part.pid, number)
            self._wait(0.05)
            self._reap(restart=False)


def _send(pid: int | None, number: signal.Signals) -> None:
    if pid is None:
        return
    try:
        # On the last word the whole group, since what a part has started should end with it.
        (os.killpg if number == signal.SIGKILL else os.kill)(pid, number)
    except ProcessLookupError:
        return

"""Programs that must not outlive the process that started them, not even when that one is killed with SIGKILL.

Run as a file (`python -I -S tether.py PARENT SIGNAL USER PROGRAM ...`) it asks the kernel for a signal at the parent's
death and becomes the program. A separate file because `preexec_fn` is unsafe beside threads and because a change of
user forgets the request, so it has to come last. Needs only the standard library and starts in some 20 ms.

Linux only. Elsewhere Python children watch their parent (`watch_parent`); other programs stay until the next start.
"""

import ctypes
import os
import pwd
import signal
import sys
import threading
import time

_PR_SET_PDEATHSIG = 1


def command(program: list[str], death_signal: signal.Signals, user: str = "") -> list[str]:
    """The argument list that runs `program` (absolute path first) tied to the calling process. The caller must start
    it from its main thread: the kernel counts the starting thread's end as the parent's death."""
    head = [sys.executable, "-I", "-S", os.path.abspath(__file__)]
    return [*head, str(os.getpid()), str(int(death_signal)), user, *program]


def hold(parent: int, death_signal: signal.Signals) -> None:
    """Ask for `death_signal` when the parent dies; leave at once if it is already gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def watch_parent(parent: int, every: float = 1.0) -> None:
    """Where the kernel offers no such signal: a thread that ends this process soon after its parent is gone."""
    if sys.platform == "linux":
        return

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(every)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def _become_user(name: str) -> None:
    # Only the tests' PostgreSQL needs it, which refuses to run as root.
    entry = pwd.getpwnam(name)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def _main(arguments: list[str]) -> None:
    parent, death_signal, user, *program = arguments
    if user:
        _become_user(user)
    hold(int(parent), signal.Signals(int(death_signal)))
    os.execv(program[0], program)  # noqa: S606 - the very purpose


if __name__ == "__main__":
    _main(sys.argv[1:])

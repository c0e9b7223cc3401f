"""Run by its path in an interpreter of its own: turns itself into Postgres or initdb.

A process between, because dropping root and asking for a signal at the parent's death must
happen after the fork, where a program with threads may no longer run Python code of its own.
Takes the parent's pid, the signal, uid, gid (-1: as they are), and the command to become.
"""

import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def follow(parent: int, death_signal: int) -> None:
    if sys.platform != "linux":
        return
    try:
        import ctypes  # noqa: PLC0415 - some builds of Python come without it
    except ImportError:
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal)
    if os.getppid() != parent:
        sys.exit("the program that wanted Postgres has gone")


def become(arguments: list[str]) -> None:
    parent, death_signal, uid, gid = map(int, arguments[:4])
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    os.umask(0o077)
    # A program started in the background of a script inherits an ignored SIGINT.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    # Last, because a change of uid clears it.
    follow(parent, death_signal)
    os.execv(arguments[4], arguments[4:])  # noqa: S606 - becoming the program is the purpose


if __name__ == "__main__":
    try:
        become(sys.argv[1:])
    except OSError as error:
        sys.exit(f"FATAL:  cannot run {sys.argv[5]}: {error.strerror}")

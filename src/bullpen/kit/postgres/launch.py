"""Run by its path in an interpreter of its own: turns itself into Postgres or initdb.

A process between, because dropping root and asking for a signal at the parent's death must
happen after the fork, where a program with threads may no longer run Python code of its own.
Takes the parent's pid, the signal, uid, gid (-1: as they are), and the command to become.
"""

# All of it before root is dropped: the interpreter may be in a home that only root can read.
import os
import signal
import sys

try:
    import ctypes
except ImportError:
    # Some builds of Python come without it; the next program then takes the server over.
    libc = None
else:
    libc = ctypes.CDLL(None)

PR_SET_PDEATHSIG = 1


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
    if sys.platform == "linux" and libc is not None:
        # After the change of uid, which clears it.
        libc.prctl(PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:
            sys.exit("the program that wanted Postgres has gone")
    os.execv(arguments[4], arguments[4:])  # noqa: S606 - becoming the program is the purpose


if __name__ == "__main__":
    try:
        become(sys.argv[1:])
    except OSError as error:
        sys.exit(f"FATAL:  cannot run {sys.argv[5]}: {error.strerror}")

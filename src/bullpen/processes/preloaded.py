"""A process that has loaded the program once, whose forks are the processes under a server.

Loading takes a second or two of processor time, a fork some milliseconds, and forks share the
memory of what is loaded. The preloaded process is itself a fork of the server, made before the
server opens anything. It has no thread, no event loop and no connection, so that a fork finds the
program as imports leave it.
"""

import gc
import os
import signal
import socket
import sys
from collections.abc import Iterable
from importlib import import_module

from bullpen.processes.child import name_process

LARGEST = 1_000_000
DESCRIPTORS = 8
# What a fork answers, with a descriptor by which it is watched.
STARTED = b"started"


def can_fork() -> bool:
    """Windows has no fork. On macOS the system's own libraries, which Python asks for proxies and
    names, may have threads, and end a fork that uses them. Elsewhere the end of a process that is
    not a child cannot be waited for."""
    if sys.platform != "linux" or None in (sys.stdin, sys.stdout, sys.stderr):
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        return False
    return True


def module_of(kind: str) -> str:
    return f"bullpen.processes.{kind}_main"


def begin(kinds: Iterable[str]) -> tuple[int, socket.socket]:
    """The pid of a preloaded process, and where it is asked. There and in its forks this raises
    SystemExit, so that they end as programs do."""
    gc.freeze()
    sys.stdout.flush()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    pid = os.fork()
    if pid == 0:
        ours.close()
        raise SystemExit(serve(theirs, kinds))
    theirs.close()
    return pid, ours


def serve(requests: socket.socket, kinds: Iterable[str]) -> int:
    name_process("bullpen-preload")
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    close_inherited(requests.fileno())
    # As `python -P`: without the current folder among the places where modules are looked for.
    if not sys.flags.safe_path:
        del sys.path[0]
    forked = fork_for_each(requests, [module_of(kind) for kind in kinds])
    if forked is None:
        os._exit(0)
    return become(*forked)


def close_inherited(kept: int) -> None:
    """As a program that is executed: it has its three streams alone. The server's stdin is not for
    the processes under it."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.closerange(3, kept)
    os.closerange(kept + 1, os.sysconf("SC_OPEN_MAX"))


def fork_for_each(
    requests: socket.socket, modules: Iterable[str]
) -> tuple[bytes, list[int]] | None:
    """In each fork what was asked, with its descriptors, and None once nobody is left to ask."""
    # The terminal's Ctrl-C also reaches the parent, which ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Nobody waits for forks: the system forgets those that end.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for module in modules:
        import_module(module)
    # Otherwise each fork copies what its collector looks at.
    gc.collect()
    gc.freeze()
    while True:
        request, given, _, _ = socket.recv_fds(requests, LARGEST, DESCRIPTORS)
        if not request:
            return None
        if os.fork() == 0:
            requests.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for descriptor in given:
                os.set_inheritable(descriptor, False)
            return request, given
        for descriptor in given:
            os.close(descriptor)


def become(request: bytes, given: list[int]) -> int:
    """A process of the kind that was asked for, which tells the server how to watch it."""
    answer, *streams = given[:3]
    for descriptor, opened in enumerate(streams):
        os.dup2(opened, descriptor)
        os.close(opened)
    with socket.socket(fileno=answer) as telling:
        watched = os.pidfd_open(os.getpid())
        socket.send_fds(telling, [STARTED], [watched])
        os.close(watched)
    try:
        import_module(module_of(request.decode())).run_as_child(*given[3:])
    except Exception:  # noqa: BLE001 - said and answered as Python does at the end of a program
        sys.excepthook(*sys.exc_info())
        return 1
    return 0

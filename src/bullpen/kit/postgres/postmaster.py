"""The running server process: started, watched until it is ready, told to stop."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bullpen.kit.errors import StartupError
from bullpen.kit.postgres import log, process
from bullpen.kit.postgres.address import Address
from bullpen.kit.postgres.binaries import Binaries

_STEP = 0.005
_LONGEST_START = 60.0

_SETTINGS = {
    "shared_buffers": "128MB",
    "max_wal_size": "512MB",
    # Files of its own: a container's /dev/shm is small, and systemd empties it at a log-out.
    "dynamic_shared_memory_type": "mmap",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "logging_collector": "off",
    "log_destination": "stderr",
}

# Fast, then immediate, which the next start recovers from; each with the seconds it gets.
_STOPS = (
    ()
    if sys.platform == "win32"
    else ((signal.SIGINT, 5.0), (signal.SIGQUIT, 2.0), (signal.SIGKILL, 2.0))
)

Process = subprocess.Popen[bytes]


def start(
    binaries: Binaries,
    around: process.Surroundings,
    address: Address,
    data_dir: Path,
    connections: int,
) -> Process:
    """Returns when clients can connect; only for the holder of the server's lock."""
    if sys.platform == "win32" and _pid_file(around.folder):
        stop_lingering(binaries, around.folder)
    _clear(around.folder, address)
    settings = _SETTINGS | {"port": str(address.port), "max_connections": str(connections)}
    if address.socket_file is None:
        settings |= {"listen_addresses": address.host, "unix_socket_directories": ""}
    else:
        settings |= {"listen_addresses": "", "unix_socket_directories": address.host}
    arguments = ["-D", around.data(binaries.major)]
    for name, value in settings.items():
        arguments += ["-c", f"{name}={value}"]
    # A fast shutdown, its children with it, when this program dies.
    death_signal = 0 if sys.platform == "win32" else signal.SIGINT
    output = log.open_log(data_dir)
    try:
        begin = os.fstat(output).st_size
        child = process.start(binaries.program("postgres"), arguments, around, death_signal, output)
    finally:
        os.close(output)
    try:
        _wait_until_ready(child, around.folder, data_dir, begin)
    except BaseException:
        child.kill()
        child.wait()
        raise
    return child


def _wait_until_ready(child: Process, cluster: Path, data_dir: Path, begin: int) -> None:
    deadline = time.monotonic() + _LONGEST_START
    while not is_ready(cluster, child.pid):
        if child.poll() is not None:
            reason = log.last_error(log.since(data_dir, begin))
            raise StartupError(f"Postgres did not start ({log.path(data_dir)}): {reason}")
        if time.monotonic() > deadline:
            raise StartupError(
                f"Postgres was not ready after {_LONGEST_START:.0f} s: see {log.path(data_dir)}"
            )
        time.sleep(_STEP)


def is_ready(cluster: Path, pid: int | None) -> bool:
    lines = _pid_file(cluster)
    return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"  # noqa: PLR2004


def _pid_file(cluster: Path) -> list[str]:
    """Pid, data folder, start, port, socket folder, TCP address, memory, status: one a line."""
    try:
        return (cluster / "postmaster.pid").read_text(errors="replace").split("\n")
    except FileNotFoundError:
        return []


def pid(cluster: Path) -> int | None:
    lines = _pid_file(cluster)
    return int(lines[0]) if lines and lines[0].isdigit() else None


def _clear(cluster: Path, address: Address) -> None:
    """Removes what a killed server left, which would keep the next one from starting.

    Postgres itself looks only whether the pid is in use by any process. We hold the lock
    that our servers hold while they live, so one that answers was started by somebody else.
    """
    lines = _pid_file(cluster)
    if len(lines) > 5 and lines[0].isdigit() and lines[3].isdigit():  # noqa: PLR2004
        listening = Address(lines[4] or lines[5].replace("*", "localhost"), int(lines[3]))
        if _is_alive(int(lines[0])) and listening.answers():
            raise StartupError(
                f"a Postgres that Bullpen did not start (process {lines[0]}) is using {cluster}:"
                " stop it first"
            )
    (cluster / "postmaster.pid").unlink(missing_ok=True)
    address.clear()


def _is_alive(pid: int) -> bool:
    if sys.platform == "win32":
        # There kill(pid, 0) ends the process, and the server's lock ends with its owner.
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def stop(binaries: Binaries, cluster: Path, pid: int, is_over: Callable[[], bool]) -> None:
    if sys.platform == "win32":
        stop_lingering(binaries, cluster)
        return
    for stage, patience in _STOPS:
        with suppress(ProcessLookupError):
            os.kill(pid, stage)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if is_over():
                return
            time.sleep(_STEP)


def stop_lingering(binaries: Binaries, cluster: Path) -> None:
    """On Windows a server survives its owner, and signals reach it through pg_ctl alone."""
    command = [binaries.program("pg_ctl"), "stop", "-D", str(cluster), "-m", "fast", "-w"]
    subprocess.run(command, capture_output=True, check=False)  # noqa: S603

"""The server as the program sees it: owned by one program, shared with others on its folder.

The process that gets the folder's lock starts the server and owns it; it stops when its owner stops
or dies. The others are attached: they lose their connections then, and the first of them to call
ensure() starts the server again, at the same address, and owns it from there.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from bullpen.kit.errors import StartupError
from bullpen.kit.postgres import account, cluster, lock, log, postmaster, process, record
from bullpen.kit.postgres.address import Address
from bullpen.kit.postgres.binaries import Binaries, find, readable_by
from bullpen.kit.postgres.folder import explained, prepare

_STEP = 0.01
_LONGEST_WAIT_FOR_OTHERS = 30.0
_SHORT_WAIT_FOR_OTHERS = 1.0

# How many it accepts at once, unless it is started for more.
CONNECTIONS = 100

# One at a time: two programs that start together would both find it missing.
_CREATE_DATABASE = """
select pg_advisory_lock(hashtext('bullpen create database'));
select format('create database %I', :'name')
where not exists (select from pg_database where datname = :'name') \\gexec
"""


class EmbeddedPostgres:
    def __init__(
        self,
        data_dir: Path,
        binaries: Binaries,
        initialising: Callable[[], None] = lambda: None,
        connections: int = CONNECTIONS,
    ) -> None:
        self._data_dir = data_dir
        self._connections = connections
        self._initialising = initialising
        self._binaries = binaries
        self._cluster = cluster.path(data_dir, binaries.major)
        self._address: Address | None = None
        self._ownership: int | None = None
        self._child: postmaster.Process | None = None
        self._server_lock: int | None = None
        self._is_stopped = False

    @classmethod
    def start(
        cls,
        data_dir: Path,
        *,
        binaries: Path | None = None,
        initialising: Callable[[], None] = lambda: None,
        connections: int = CONNECTIONS,
    ) -> Self:
        """Starts the server of this folder, or attaches to the one that another program runs.

        Calls `initialising` before it makes a new cluster, which takes some seconds.
        `connections`: how many it accepts at once, where this program starts it.
        """
        _require_main_thread()
        with explained(data_dir):
            server = cls(prepare(data_dir), find(binaries), initialising, connections)
            server._begin(_LONGEST_WAIT_FOR_OTHERS)
        return server

    @property
    def owned(self) -> bool:
        return self._ownership is not None

    def url(self, database: str) -> str:
        assert self._address is not None
        return self._address.url(database)

    def create_database(self, name: str) -> None:
        """Creates it if it is missing."""
        command = [self._binaries.program("psql"), "--no-psqlrc", "--quiet", self.url("postgres")]
        command += ["--set", "ON_ERROR_STOP=1", "--set", f"name={name}"]
        done = subprocess.run(  # noqa: S603
            command,
            input=_CREATE_DATABASE,
            env=process.environment() | {"PGCLIENTENCODING": "UTF8"},
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if done.returncode != 0:
            reason = log.last_error(done.stderr)
            raise StartupError(f"could not create the database {name}: {reason}")

    def ensure(self) -> None:
        """Brings a server back that has gone; to be called every second or so.

        Costs microseconds while all is well. Waits for a start of its own (a fraction of a
        second, longer after a crash), hardly for another program's: it then raises, and the next
        call may succeed.
        """
        _require_main_thread()
        if self._is_stopped:
            return
        with explained(self._data_dir):
            if not self.is_alive():
                self._begin(_SHORT_WAIT_FOR_OTHERS)
            elif self.owned:
                log.cut(self._data_dir)
            else:
                self._adopt()

    def stop(self) -> None:
        """Stops an owned server, which attached programs may then start again; else detaches."""
        self._is_stopped = True
        if not self.owned:
            return
        self._give_up()
        # Not while an attached program is already starting it again.
        server_lock = lock.take(self._data_dir)
        if server_lock is not None:
            assert self._address is not None
            self._address.clear()
            self._address.leave()
            os.close(server_lock)

    def is_alive(self) -> bool:
        if self._address is None or not self._address.is_present():
            return False
        if self._child is not None:
            return self._child.poll() is None
        return not lock.is_free(self._data_dir)

    def _begin(self, patience: float) -> None:
        self._give_up()
        deadline = ready_deadline = time.monotonic() + patience
        while True:
            server_lock = lock.take(self._data_dir)
            if server_lock is not None:
                try:
                    self._launch(server_lock)
                finally:
                    if self._server_lock is None:
                        os.close(server_lock)
                return
            if self._attach():
                return
            # One that is ready and cannot be reached, as in another container, stays so.
            if not self._is_ready():
                ready_deadline = deadline
            elif ready_deadline == deadline:
                ready_deadline = min(deadline, time.monotonic() + _SHORT_WAIT_FOR_OTHERS)
            if time.monotonic() > ready_deadline:
                raise StartupError(
                    f"{self._data_dir} is in use by another program whose Postgres cannot be"
                    " reached: stop that program, or set BULLPEN_DATA_DIR to another folder"
                )
            time.sleep(_STEP)

    def _launch(self, server_lock: int) -> None:
        log.cut(self._data_dir)
        cluster.check(self._data_dir, self._binaries.major)
        is_new = not cluster.is_initialised(self._cluster)
        who = account.choose(self._data_dir, None if is_new else self._cluster)
        binaries = readable_by(self._binaries, who)
        found, ownership = record.settle(self._data_dir, who)
        try:
            self._settle_at(found)
            if is_new:
                self._initialising()
                cluster.initialise(self._cluster, binaries, who, server_lock, found.password)
            around = process.Surroundings(self._cluster, who, server_lock)
            self._child = postmaster.start(
                binaries, around, found, self._data_dir, self._connections
            )
        except BaseException:
            found.leave()
            os.close(ownership)
            raise
        self._ownership = ownership
        if sys.platform == "win32":
            # There a lock cannot be passed on, and the owner holds it in the server's place.
            self._server_lock = server_lock

    def _attach(self) -> bool:
        known = record.read(self._data_dir)
        if known is None:
            return False
        found, file = known
        os.close(file)
        if not found.accepts():
            return False
        self._settle_at(found)
        self._adopt()
        return True

    def _adopt(self) -> None:
        """Owns a server whose owner was killed where servers do not follow their owners."""
        known = record.read(self._data_dir)
        if known is None:
            return
        found, file = known
        has_no_owner = sys.platform != "win32" and found == self._address and lock.lock(file)
        # One that is following its owner does not accept any more.
        if has_no_owner and found.accepts():
            self._ownership = file
        else:
            os.close(file)

    def _settle_at(self, found: Address) -> None:
        if self._address is not None and self._address != found:
            raise StartupError(
                f"Postgres can no longer be reached at {self._address.host}, which somebody else"
                f" has taken, and has moved to {found.host}: start this program again"
            )
        self._address = found

    def _give_up(self) -> None:
        if self._ownership is None:
            return
        pid = self._child.pid if self._child is not None else postmaster.pid(self._cluster)
        if pid is not None and not self._is_over():
            postmaster.stop(self._binaries, self._cluster, pid, self._is_over)
        for file in (self._server_lock, self._ownership):
            if file is not None:
                os.close(file)
        self._child = self._ownership = self._server_lock = None

    def _is_ready(self) -> bool:
        return postmaster.is_ready(self._cluster, postmaster.pid(self._cluster))

    def _is_over(self) -> bool:
        if self._child is not None:
            return self._child.poll() is not None
        return lock.is_free(self._data_dir)


def _require_main_thread() -> None:
    # The server follows the thread that started it, not the process, to its end.
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("the embedded Postgres must be started from the main thread")

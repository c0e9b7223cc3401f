"""The folder that Postgres keeps its data in, named after the major version that made it."""

import os
import shutil
import signal
import sys
from pathlib import Path

from bullpen.kit.errors import StartupError
from bullpen.kit.postgres import log, process
from bullpen.kit.postgres.account import Account, give
from bullpen.kit.postgres.binaries import Binaries

_BUILDING = ".new"
_FIRST_WITH_BUILTIN_LOCALE = 17


def path(data_dir: Path, major: int) -> Path:
    return data_dir / f"postgres-{major}"


def is_initialised(cluster: Path) -> bool:
    return (cluster / "PG_VERSION").exists()


def check(data_dir: Path, major: int) -> None:
    """Refuses data of another major version; to begin anew beside it would look like a loss."""
    cluster = path(data_dir, major)
    others = (folder for folder in data_dir.glob("postgres-*") if folder.suffix != _BUILDING)
    for folder in [cluster] if is_initialised(cluster) else sorted(others):
        if not is_initialised(folder):
            continue
        made_by = (folder / "PG_VERSION").read_text().strip()
        if made_by != str(major):
            raise StartupError(
                f"{folder} holds data of Postgres {made_by}, which this Postgres {major} cannot"
                f" read: dump it with Postgres {made_by}, or move it away to begin anew"
            )


def initialise(
    cluster: Path, binaries: Binaries, account: Account | None, server_lock: int, password: str
) -> None:
    if cluster.exists():
        if any(cluster.iterdir()):
            raise StartupError(f"{cluster} holds files but no database: move them away")
        cluster.rmdir()
    # Renamed when it is whole: what an interrupted initdb leaves never counts as a database.
    building = cluster.with_name(cluster.name + _BUILDING)
    if building.exists():
        shutil.rmtree(building)
    building.mkdir(mode=0o700)
    give(account, building)
    _initdb(binaries, process.Surroundings(building, account, server_lock), password)
    building.rename(cluster)
    _make_durable(cluster.parent)


def _initdb(binaries: Binaries, around: process.Surroundings, password: str) -> None:
    secret = around.folder.with_name("postgres-password.new")
    if password:
        secret.write_text(password)
        access = ["--auth=scram-sha-256", f"--pwfile={secret}"]
    else:
        access = ["--auth-local=trust", "--auth-host=reject"]
    # Killed rather than interrupted when we die: nobody is left to hear what it would say.
    death_signal = 0 if sys.platform == "win32" else signal.SIGKILL
    try:
        done = process.run(
            binaries.program("initdb"),
            [
                *(
                    "-D",
                    around.data(binaries.major),
                    "-U",
                    "postgres",
                    "--data-checksums",
                    "--no-instructions",
                ),
                *("-E", "UTF8", *_locale(binaries.major), *access),
            ],
            around,
            death_signal,
        )
    finally:
        secret.unlink(missing_ok=True)
    if done.returncode != 0:
        reason = log.last_error(done.stderr)
        raise StartupError(
            f"Postgres could not make its data in {around.folder.parent} ({reason}):"
            " mend that, or set DATABASE_URL to another Postgres"
        )


def _locale(major: int) -> list[str]:
    """UTF-8 regardless of the environment: with LANG=C case folding and search would be wrong."""
    if sys.platform == "win32":
        system = ["--locale=C"]
    elif sys.platform == "darwin":
        system = ["--locale=C", "--lc-ctype=UTF-8"]
    else:
        system = ["--locale=C.UTF-8", "--lc-messages=C"]
    if major < _FIRST_WITH_BUILTIN_LOCALE:
        return system
    return [*system, "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]


def _make_durable(folder: Path) -> None:
    if sys.platform == "win32":
        return
    file = os.open(folder, os.O_RDONLY)
    os.fsync(file)
    os.close(file)

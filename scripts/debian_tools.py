"""Makes programs of Debian packages available to the tests, and prints the path of each.

usage: debian_tools.py caddy nginx pgbouncer postgresql-15   (for Postgres: its folder of programs)

What the system has is used. Else the package and what it lacks are downloaded and unpacked into a
folder of our own: that takes no privileges, and neither starts a service nor makes a cluster, as
installing these packages would.
"""

import fcntl
import functools
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATUS = "/var/lib/dpkg/status"
OLDEST_POSTGRES = 15
CHROMIUM = "usr/lib/chromium"
# Where a tool is not in the package of its name, and does not understand `--version`.
PACKAGES = {"systemd-analyze": "systemd"}
VERSION_ARGUMENT = {"caddy": "version", "nginx": "-v"}
# The package's own settings name absolute paths.
FONTS = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir prefix="relative">root/usr/share/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
  <alias><family>sans-serif</family><prefer><family>DejaVu Sans</family></prefer></alias>
  <alias><family>serif</family><prefer><family>DejaVu Serif</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
"""


class Unavailable(Exception):
    pass


def cache() -> Path:
    """For root outside of the checkout, which may lie where only root can enter."""
    return Path("/var/cache/bullpen-tools") if os.geteuid() == 0 else ROOT / ".cache" / "tools"


def is_postgres(tool: str) -> bool:
    return tool.startswith("postgresql-")


def on_system(tool: str) -> Path | None:
    if is_postgres(tool):
        return newest_postgres(Path("/"))
    names = {"chromium": ("chromium", "google-chrome", "google-chrome-stable")}.get(tool, (tool,))
    path = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))
    found = next(filter(None, (shutil.which(name, path=path) for name in names)), None)
    return Path(found) if found else None


def newest_postgres(root: Path) -> Path | None:
    """Of the folders where Debian has its Postgres, and on PATH."""
    folders = [found.parent for found in root.glob("usr/lib/postgresql/*/bin/initdb")]
    recent = [folder for folder in folders if major(folder) >= OLDEST_POSTGRES]
    if recent:
        return max(recent, key=major)
    on_path = shutil.which("initdb") if root == Path("/") else None
    return Path(on_path).resolve().parent if on_path else None


def major(folder: Path) -> int:
    number = folder.parent.name
    return int(number) if number.isdigit() else 0


def unpacked(tool: str, place: Path) -> Path | None:
    found = place / "bin" if is_postgres(tool) else place / "bin" / tool
    return found if found.exists() else None


def apt(state: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """With a state of its own, which takes no privileges; what is installed is the system's."""
    command, *rest = arguments
    options = {
        "Dir::State": state / "state",
        "Dir::State::status": STATUS,
        "Dir::Cache": state / "cache",
        "Debug::NoLocking": "1",
        "APT::Sandbox::User": "",
        "Acquire::Retries": "2",
    }
    settings = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
    return subprocess.run(
        [command, "-q", *settings, *rest], capture_output=True, text=True, check=False
    )


def package_for(tool: str, state: Path) -> str:
    """Another release of Debian has another Postgres."""
    if not is_postgres(tool):
        return PACKAGES.get(tool, tool)
    names = apt(state, "apt-cache", "pkgnames", "postgresql-").stdout.split()
    numbers = [int(name[11:]) for name in names if re.fullmatch(r"postgresql-\d+", name)]
    recent = [number for number in numbers if number >= OLDEST_POSTGRES]
    return tool if tool in names or not recent else f"postgresql-{max(recent)}"


def reason(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in (done.stderr + done.stdout).splitlines() if line.startswith("E:")]
    return lines[0].removeprefix("E:").strip() if lines else f"exit status {done.returncode}"


@functools.cache
def apt_state() -> Path:
    """Where apt keeps what it knows of packages, brought up to date once a run."""
    if not all(map(shutil.which, ("apt-get", "apt-cache", "dpkg-deb"))):
        raise Unavailable("there is no apt here")
    state = cache() / "apt"
    for folder in (state / "state/lists/partial", state / "cache/archives/partial"):
        folder.mkdir(parents=True, exist_ok=True)
    updated = apt(state, "apt-get", "update")
    if updated.returncode != 0:
        raise Unavailable(reason(updated))
    return state


def fetch(tool: str, place: Path) -> Path:
    state = apt_state()
    wanted = ["install", "--download-only", "--no-install-recommends", "--yes"]
    archives = state / "cache/archives"
    for archive in archives.glob("*.deb"):
        archive.unlink()
    fetched = apt(state, "apt-get", *wanted, package_for(tool, state))
    if fetched.returncode != 0:
        raise Unavailable(reason(fetched))
    building = place.with_name(place.name + ".new")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir()
    for archive in archives.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", archive, building / "root"], check=True)
        archive.unlink()
    write_wrappers(tool, building)
    link_common(building / "root")
    made = unpacked(tool, building)
    if not made or not starts(tool, made):
        raise Unavailable("its package does not work here")
    shutil.rmtree(place, ignore_errors=True)
    building.rename(place)
    return place / made.relative_to(building)


def link_common(root: Path) -> None:
    """Chromium looks beside itself for what its packages share, which the system may have."""
    ours, systems = root / CHROMIUM, Path("/") / CHROMIUM
    if ours.exists() and systems.exists():
        for file in systems.iterdir():
            if not (ours / file.name).exists():
                (ours / file.name).symlink_to(file)


def programs(tool: str, root: Path) -> Iterator[Path]:
    if is_postgres(tool):
        folder = newest_postgres(root)
        yield from folder.iterdir() if folder else ()
        return
    for place in (CHROMIUM, "usr/sbin", "usr/bin"):
        if (root / place / tool).exists():
            yield root / place / tool
            return


def libraries(root: Path) -> list[str]:
    """The folders with shared libraries, a level below the usual ones too, where some are."""
    usual = [*root.glob("usr/lib/*-linux-*"), *root.glob("lib/*-linux-*")]
    folders = [*usual, *(below for folder in usual for below in folder.iterdir())]
    return [
        str(folder.relative_to(root))
        for folder in folders
        if folder.is_dir() and any(folder.glob("lib*.so*"))
    ]


def write_wrappers(tool: str, building: Path) -> None:
    root = building / "root"
    (building / "bin").mkdir()
    found = ":".join(f"$root/{folder}" for folder in libraries(root))
    lines = [
        "#!/bin/sh",
        'root=$(dirname "$(dirname "$(readlink -f "$0")")")/root',
        f'export LD_LIBRARY_PATH="{found}${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"',
    ]
    arguments = ""
    if tool.startswith("chromium"):
        # Its sandbox would need a program that runs as root.
        arguments = " --no-sandbox"
        if (root / "etc/fonts").exists():
            (building / "fonts.conf").write_text(FONTS)
            lines.append('export FONTCONFIG_FILE="$root/../fonts.conf"')
    for program in programs(tool, root):
        wrapper = building / "bin" / program.name
        path = shlex.quote(str(program.relative_to(root)))
        wrapper.write_text("\n".join([*lines, f'exec "$root"/{path}{arguments} "$@"', ""]))
        wrapper.chmod(0o755)


def starts(tool: str, path: Path) -> bool:
    program = path / "postgres" if is_postgres(tool) else path
    command = [program, VERSION_ARGUMENT.get(tool, "--version")]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def provide(tool: str) -> Path:
    place = cache() / tool
    known = on_system(tool) or unpacked(tool, place)
    if known:
        return known
    place.parent.mkdir(parents=True, exist_ok=True)
    with (place.parent / "lock").open("w") as lock:
        # Tests in several processes ask at once.
        fcntl.flock(lock, fcntl.LOCK_EX)
        return unpacked(tool, place) or fetch(tool, place)


def main() -> int:
    for tool in sys.argv[1:]:
        try:
            print(provide(tool))
        except Unavailable as error:
            advice = f"on Debian and Ubuntu: apt-get install {PACKAGES.get(tool, tool)}"
            print(
                f"bullpen: the tests need {tool} ({error}): install it, {advice}", file=sys.stderr
            )
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

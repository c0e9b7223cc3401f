"""scripts/setup.sh: what it says while it installs, and what to do where it cannot."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.terminal import in_terminal

ROOT = Path(__file__).resolve().parent.parent
INSTALLING = "Installing Python packages (about a minute, once)…\n"
NO_INDEX = (
    "bullpen: could not install the Python packages (see above). "
    "Check the network connection and run the command again;\n"
    "  where packages come from a company's own index, "
    "name it in pip's configuration or in UV_INDEX_URL\n"
)
# It installs the two packages of the lock file one after the other, and nothing else.
UV = """#!/bin/sh
case "$*" in
    "cache dir") echo "$PWD/cache" ;;
    *--no-deps*) ;;
    *) mkdir -p .venv/lib/a.dist-info; sleep 1.5; mkdir .venv/lib/b.dist-info ;;
esac
"""
UNREACHABLE = "#!/bin/sh\necho 'error: cannot reach the index' >&2\nexit 2\n"


@dataclass(frozen=True)
class Checkout:
    """A project of two packages, with an environment that is there already and an uv of its own."""

    folder: Path

    def write(self, name: str, text: str) -> Path:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(0o755)
        return file

    @property
    def command(self) -> list[str]:
        return [str(self.folder / "scripts" / "setup.sh"), "requirements/run.txt"]

    def environment(self, **given: str) -> dict[str, str]:
        path = f"{self.folder / 'tools'}:{os.environ['PATH']}"
        return {"PATH": path, "PYTHON": sys.executable, "LANG": "C.UTF-8"} | given

    def set_up(self, **given: str) -> tuple[int, str]:
        done = subprocess.run(
            self.command,
            env=self.environment(**given),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout == ""
        return done.returncode, done.stderr


@pytest.fixture
def checkout() -> Iterator[Checkout]:
    # Not tmp_path, which only its owner may enter.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield filled(Checkout(Path(folder).resolve() / "a checkout"))


def filled(made: Checkout) -> Checkout:
    shutil.copytree(ROOT / "scripts", made.folder / "scripts", ignore=lambda *_: ["__pycache__"])
    made.write("requirements/run.txt", "a==1 \\\n    --hash=sha256:0\nb==2 \\\n")
    made.write("pyproject.toml", "")
    # Its pip, the second to be asked, reaches no index either.
    made.write(".venv/bin/python", '#!/bin/sh\n[ "$3" != install ]\n')
    made.write(".venv/bin/pip", "#!/bin/sh\n")
    made.write("tools/uv", UV)
    return made


def test_what_is_installed_is_said_once(checkout: Checkout):
    assert checkout.set_up() == (0, INSTALLING)
    assert checkout.set_up() == (0, "")
    checkout.write("requirements/run.txt", "a==1 \\\n    --hash=sha256:0\nb==3 \\\n")
    shutil.rmtree(checkout.folder / ".venv" / "lib")
    assert checkout.set_up() == (0, INSTALLING)


def test_a_terminal_shows_a_bar_that_is_gone_at_the_end(checkout: Checkout):
    code, drawn = in_terminal(checkout.command, env=checkout.environment())
    assert code == 0
    assert drawn.startswith(INSTALLING)
    assert f"[{'#' * 15}{'.' * 15}] 1 of 2, " in drawn
    assert drawn.endswith("\r\x1b[K")


def test_without_an_index_it_says_what_to_do_and_tries_again(checkout: Checkout):
    checkout.write("tools/uv", UNREACHABLE)
    reason = "error: cannot reach the index\n"
    assert checkout.set_up() == (1, INSTALLING + reason + NO_INDEX)
    checkout.write("tools/uv", UV)
    assert checkout.set_up() == (0, INSTALLING)


@pytest.mark.parametrize("found", ["Python 3.10.9", "none"])
def test_a_python_that_is_too_old_or_missing(checkout: Checkout, found: str):
    python = checkout.folder / "python"
    if found != "none":
        checkout.write("python", f"#!/bin/sh\n[ $1 = -V ] && echo {found} && exit\nexit 1\n")
    reason = (
        f"bullpen: Python 3.11 or newer is needed (found: {found}).\n"
        "  Install one, or name it: make run PYTHON=/path/to/python3.12\n"
    )
    assert checkout.set_up(PYTHON=str(python)) == (1, reason)


def test_a_folder_that_cannot_be_written_to(checkout: Checkout):
    checkout.write("python", "#!/bin/sh\n")
    checkout.folder.chmod(0o555)
    # Root may write everywhere.
    as_nobody = ["setpriv", "--reuid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*as_nobody, *checkout.command],
        env=checkout.environment(PYTHON=str(checkout.folder / "python")),
        capture_output=True,
        text=True,
        check=False,
    )
    checkout.folder.chmod(0o755)
    reason = (
        f"bullpen: cannot write to {checkout.folder}. "
        "Make it yours (chown), or clone the project into a folder of yours\n"
    )
    assert (done.returncode, done.stderr) == (1, reason)

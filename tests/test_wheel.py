"""The wheel, installed alone in an environment of its own and away from the checkout."""

import ast
import json
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from email.parser import Parser
from importlib.metadata import packages_distributions
from pathlib import Path

import httpx
import pytest

from tests.support.fixtures import ANCHOR
from tests.support.program import environment, running

pytestmark = pytest.mark.timeout(300)

ROOT = Path(__file__).resolve().parent.parent
BUILT_FROM = ["pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md"]
ANCHORED = {
    "BULLPEN_ANCHOR_DATE": ANCHOR.isoformat(),
    "BULLPEN_TIME_ZONE": "America/New_York",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist, and the wheel made from it; from a copy, which leaves the checkout as it is."""
    copy = tmp_path_factory.mktemp("copy")
    for name in BUILT_FROM:
        shutil.copy(ROOT / name, copy)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src", copy / "src", ignore=ignored)
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", copy / "dist", copy],
        cwd=copy,
        env=environment(PIP_NO_INDEX="1", PYTHONWARNINGS="default"),
        capture_output=True,
        check=True,
    )
    return copy / "dist"


def one(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


def files() -> set[str]:
    return {
        path.relative_to(ROOT / "src").as_posix()
        for path in (ROOT / "src" / "bullpen").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.ac("1.0.4")
def test_the_wheel_and_the_sdist_hold_every_file(built: Path):
    with zipfile.ZipFile(one(built, "*.whl")) as wheel:
        names = set(wheel.namelist())
    assert {name for name in names if ".dist-info/" not in name} == files()
    with tarfile.open(one(built, "*.tar.gz")) as sdist:
        held = {name.partition("/")[2] for name in sdist.getnames()}
    assert {f"src/{name}" for name in files()} - held == set()
    assert set(BUILT_FROM) - held == set()


@pytest.mark.ac("1.0.4")
def test_the_wheel_says_what_it_is_and_needs(built: Path):
    with zipfile.ZipFile(one(built, "*.whl")) as wheel:
        (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(wheel.read(name).decode())
        assert wheel.read(name.replace("METADATA", "licenses/LICENSE")).startswith(b"MIT License")
    assert (metadata["Name"], metadata["Requires-Python"]) == ("bullpen", ">=3.11")
    assert metadata["License-Expression"] == "MIT"
    assert metadata.get_all("Provides-Extra") == ["claude", "google", "s3", "telemetry"]


def imported() -> set[str]:
    """The packages that the program's modules name, wherever they do."""
    named: set[str] = set()
    for file in (ROOT / "src" / "bullpen").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                named |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                named.add(node.module or "")
    tops = {name.partition(".")[0] for name in named}
    return tops - sys.stdlib_module_names - {"bullpen"}


@pytest.mark.ac("1.0.4")
def test_an_environment_with_the_wheel_alone_has_all_that_it_imports():
    """What installers bring for a wheel is what is locked of its requirements, and extras."""
    brought = set(
        re.findall(r"^([\w.-]+)==", (ROOT / "requirements/run.txt").read_text(), re.MULTILINE)
    )
    extras = {"claude-agent-sdk", "google-genai", "opentelemetry-sdk", "opentelemetry-api"}
    extras |= {"opentelemetry-exporter-otlp-proto-http", "obstore"}
    providers = packages_distributions()
    missing = {
        name
        for name in imported() - {"claude_agent_sdk"}
        if not {canonical(each) for each in providers[name]} & (brought | extras)
    }
    assert missing == set()
    assert len(imported()) > 15


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel, and with what is locked from the current one."""
    folder = tmp_path_factory.mktemp("elsewhere") / "an environment"
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    place = sysconfig.get_path("purelib", vars={"base": str(folder)})
    # A path that is named this way is searched, while its own .pth files, as that of an editable
    # install, are not read.
    Path(place, "locked.pth").write_text(sysconfig.get_path("purelib") + "\n")
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "--python", python, "install", "--quiet"),
            *("--no-deps", "--no-index", "--ignore-installed", one(built, "*.whl")),
        ],
        env=environment(PYTHONWARNINGS="default"),
        capture_output=True,
        check=True,
    )
    return python


@pytest.mark.ac("1.0.4")
def test_the_installed_program_is_the_wheels(installed: Path, tmp_path: Path):
    where = "import bullpen; print(bullpen.__file__)"
    found = subprocess.run(
        [installed, "-c", where],
        cwd=tmp_path,
        env=environment(PYTHONPATH=""),
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(found.stdout.strip()).is_relative_to(installed.parent.parent)
    said = subprocess.run(
        [installed.with_name("bullpen"), "--version"],
        cwd=tmp_path,
        env=environment(PYTHONPATH=""),
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "bullpen 0.1.0\n"


def shown(client: httpx.Client) -> dict[str, object]:
    answers = {"session": client.get("/api/session").json()}
    channels = client.get("/api/channels").json()
    for channel in channels:
        answer = client.get(f"/api/channels/{channel['id']}/messages", params={"limit": 200})
        answers[channel["id"]] = answer.json()
    return answers | {
        "channels": channels,
        "users": client.get("/api/users").json(),
        "unreads": client.get("/api/unreads").json(),
        "document": client.get("/api/openapi.json").json(),
    }


@pytest.mark.ac("1.0.4")
@pytest.mark.ac("1.8.3")
def test_it_serves_the_whole_workspace_also_when_the_pack_has_gone(
    installed: Path, tmp_path: Path, reader
):
    expected = shown(reader("michael"))
    assert len(expected["channels"]) > 5
    given = {"BULLPEN_DATA_DIR": str(tmp_path / "data"), "PYTHONPATH": "", **ANCHORED}
    with running(cwd=tmp_path, python=str(installed), **given) as program:
        with program.client() as client:
            assert shown(client) == expected
            index = client.get("/")
            assert index.status_code == 200
            addresses = set(re.findall(r'(?:href|src)="(/[^"]+)"', index.text))
            (imports,) = re.findall(r'type="importmap">([^<]+)<', index.text)
            addresses |= set(json.loads(imports)["imports"].values())
            assert len(addresses) > 10
            found = {address: client.get(address) for address in addresses}
            assert {a: f.status_code for a, f in found.items()} == dict.fromkeys(found, 200)
            assert [a for a, f in found.items() if not f.content] == []
        assert program.stop()[0] == 0
    assert program.complained == []
    pack = Path(sysconfig.get_path("purelib", vars={"base": str(installed.parent.parent)}))
    shutil.rmtree(pack / "bullpen" / "packs" / "dunder_mifflin")
    with running(cwd=tmp_path, python=str(installed), **given) as program:
        with program.client() as client:
            assert shown(client) == expected
        assert program.stop()[0] == 0
    assert [path.name for path in tmp_path.iterdir()] == ["data"]

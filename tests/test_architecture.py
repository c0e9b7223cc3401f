"""What may know of what: checked on the code as it is, and proven able to fail on broken copies."""

import ast
import os
import re
import shutil
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from scripts import figures

from tests.support.bundled import bundled_pack

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "bullpen"
CLIENT = PACKAGE / "client"
MODULES = sorted(PACKAGE.rglob("*.py"))
PACK_CONTRACT = "No page comes from the pack: only seeding reads it"
WRITTEN = [
    CLIENT / "index.html",
    *(
        path
        for path in sorted(CLIENT.rglob("*.js"))
        if path.relative_to(CLIENT).parts[0] not in {"vendor", "docs"}
    ),
]


def words_of_the_pack() -> re.Pattern[str]:
    pack = bundled_pack()
    names = [agent.id for agent in pack.agents] + [agent.display_name for agent in pack.agents]
    names += [channel.id for channel in pack.channels if "-" in channel.id]
    words = [*map(re.escape, names), "packs?", "seed(?:ed)?", "dunder", "mifflin", "mock"]
    # A word such as "general" names a channel where it is quoted, in an address, or after a `#`.
    ids = [re.escape(channel.id) for channel in pack.channels if "-" not in channel.id]
    return re.compile(
        rf"\b(?:{'|'.join(words)})\b|['\"`#/](?:{'|'.join(ids)})\b", flags=re.IGNORECASE
    )


PACK_WORDS = words_of_the_pack()


def lint_imports(folder: Path, source: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(source), "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Of the package's modules, with the contracts beside it, to be broken."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(
        PACKAGE,
        tmp_path / "src" / "bullpen",
        ignore=lambda folder, names: {
            name
            for name in names
            if name == "__pycache__" or not (name.endswith(".py") or (Path(folder) / name).is_dir())
        },
    )
    return tmp_path


@pytest.mark.ac("1.8.3")
def test_the_contracts_about_imports_are_kept(copy: Path):
    done = lint_imports(copy, copy / "src")
    assert done.returncode == 0, done.stdout
    assert f"{PACK_CONTRACT} KEPT" in done.stdout
    assert re.search(r"Contracts: [1-9]\d* kept, 0 broken\.", done.stdout)


@pytest.mark.ac("1.8.3")
def test_a_route_that_reads_the_pack_breaks_them(copy: Path):
    """Also where it does so through another module."""
    (copy / "src" / "bullpen" / "kit" / "shortcut.py").write_text(
        "def users():\n    from bullpen.packs import reader\n    return reader\n"
    )
    users = copy / "src" / "bullpen" / "api" / "routes" / "users.py"
    users.write_text(f"from bullpen.kit import shortcut\n{users.read_text()}")
    done = lint_imports(copy, copy / "src")
    assert done.returncode == 1
    assert f"{PACK_CONTRACT} BROKEN" in done.stdout
    assert "bullpen.api.routes.users -> bullpen.kit.shortcut" in done.stdout


@pytest.mark.ac("1.8.3")
def test_a_web_process_does_not_even_load_what_reads_packs():
    loaded = (
        "import bullpen.processes.web_main, sys; print(*(m for m in sys.modules if 'packs' in m))"
    )
    done = subprocess.run(
        [sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "\n"


@pytest.mark.ac("1.8.3")
@pytest.mark.parametrize("file", WRITTEN, ids=lambda path: path.relative_to(CLIENT).as_posix())
def test_no_file_of_the_client_knows_the_pack(file: Path):
    assert PACK_WORDS.findall(file.read_text()) == []


@pytest.mark.parametrize(
    "line", ["const home = 'general';", "go(`/c/general`);", "// as in #sales", "pam", "dm-jim-pam"]
)
def test_what_the_client_would_know_of_the_pack_is_found(line: str):
    assert PACK_WORDS.findall(line)
    assert PACK_WORDS.findall("In general, sales are counted.") == []


@pytest.mark.ac("1.8.3")
def test_one_module_of_the_client_makes_requests_and_one_sends_files():
    asking = r"\b(?:fetch\(|new (?:XMLHttpRequest|EventSource|WebSocket)\b|sendBeacon\()"
    found = [
        file.relative_to(CLIENT).as_posix()
        for file in sorted(CLIENT.rglob("*.js"))
        if "vendor" not in file.parts and re.search(asking, file.read_text())
    ]
    # Of a request by `fetch` nobody learns how much has been sent. The worker asks for files alone.
    assert found == ["core/http.js", "core/upload.js", "offline/service-worker.js"]


def client_modules() -> dict[str, str]:
    return {path.relative_to(CLIENT).as_posix(): path.read_text() for path in CLIENT.rglob("*.js")}


def check_no_circle(modules: dict[str, str]) -> None:
    """A module that is loaded later counts as imported, too."""
    imports = {
        name: figures.client_imports_of(name, text, later=True) for name, text in modules.items()
    }
    TopologicalSorter(imports).prepare()


def test_no_modules_of_the_client_import_each_other():
    check_no_circle(client_modules())


@pytest.mark.parametrize(
    "back",
    ["import { page } from '../page.js';", "export const later = () => import('../page.js');"],
)
def test_a_circle_in_the_client_is_found(back: str):
    modules = {
        "page.js": "import { state } from './ui/state.js';",
        "ui/state.js": back,
    }
    with pytest.raises(CycleError):
        check_no_circle(client_modules() | modules)


def calls(module: Path) -> set[str]:
    """The last names of whatever is called."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Call):
            found.add(ast.unparse(node.func))
    return found


@pytest.mark.ac("1.1.2")
def test_connections_are_made_in_one_module_and_the_engine_in_another():
    makers = {"asyncpg.connect", "asyncpg.create_pool", "create_async_engine", "create_engine"}
    found = {
        module.relative_to(PACKAGE).as_posix(): sorted(calls(module) & makers)
        for module in MODULES
        if calls(module) & makers
    }
    assert found == {
        "kit/database.py": ["asyncpg.connect", "asyncpg.create_pool"],
        "kit/engine.py": ["create_async_engine"],
    }


def test_only_the_composition_roots_read_the_environment():
    reading = {
        module.relative_to(PACKAGE).as_posix()
        for module in MODULES
        if re.search(r"\bos\.(environ|getenv)", module.read_text())
    }
    # Which programs there are, and what the embedded Postgres is started with.
    assert {name for name in reading if not name.startswith("kit/postgres/")} == {"settings.py"}

"""What the program needs is declared, locked with hashes, and names no index."""

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bullpen.commands import database

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
IN_PLACE = {*sys.stdlib_module_names, "bullpen"}
LOCKS = ["run.txt", "dev.txt", "claude.txt"]


def declared(requirements: list[str]) -> dict[str, Requirement]:
    parsed = [Requirement(text) for text in requirements]
    return {canonicalize_name(requirement.name): requirement for requirement in parsed}


NEEDED = declared(PROJECT["project"]["dependencies"])
OPTIONAL = declared(
    [name for extra in PROJECT["project"]["optional-dependencies"].values() for name in extra]
)
EXTRA = declared(PROJECT["project"]["optional-dependencies"]["claude"])
DEVELOPMENT = declared(PROJECT["dependency-groups"]["dev"])


def imported() -> dict[str, set[str]]:
    """The packages that the program imports, and what may have brought each of them."""
    owners = packages_distributions()
    names: set[str] = set()
    for file in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    return {
        name: {canonicalize_name(owner) for owner in owners.get(name, [name])}
        for name in names - IN_PLACE
    }


def locked(name: str) -> dict[str, tuple[Requirement, list[str]]]:
    """Each requirement of the file with its hashes."""
    text = (ROOT / "requirements" / name).read_text().replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            requirement, *hashes = re.split(r"\s+--hash=", line.strip())
            parsed = Requirement(requirement)
            found[canonicalize_name(parsed.name)] = (parsed, hashes)
    return found


@pytest.mark.ac("1.0.1")
def test_every_package_that_the_program_imports_is_locked_or_an_extra():
    needed = imported()
    assert needed.keys() >= {"sqlalchemy", "asyncpg", "pydantic", "pydantic_settings", "sentry_sdk"}
    known = locked("run.txt").keys() | OPTIONAL.keys()
    assert [name for name, owners in needed.items() if not owners & known] == []
    assert EXTRA.keys() & locked("run.txt").keys() == set()
    assert "asyncio" in NEEDED["sqlalchemy"].extras


@pytest.mark.ac("1.0.2")
def test_what_generates_migrations_is_declared():
    assert "alembic" in NEEDED


@pytest.mark.ac("1.0.3")
def test_the_database_commands_are_declared():
    assert PROJECT["project"]["scripts"] == {"bullpen": "bullpen.__main__:main"}
    names = {command.callback.__name__ for command in database.app.registered_commands}
    assert names == {"check", "migrate", "generate", "push", "seed", "trim", "reset"}


@pytest.mark.ac("1.0.1")
@pytest.mark.ac("1.0.2")
@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_holds_what_is_declared_in_a_version_that_fits(name: str):
    wanted = NEEDED | {"dev.txt": DEVELOPMENT, "claude.txt": EXTRA}.get(name, {})
    pinned = {package: requirement for package, (requirement, _) in locked(name).items()}
    assert [package for package in wanted if package not in pinned] == []
    for package, requirement in wanted.items():
        (pin,) = pinned[package].specifier
        assert pin.operator == "=="
        assert requirement.specifier.contains(pin.version), package


@pytest.mark.ac("1.0.1")
@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_requirement_is_pinned_and_hashed(name: str):
    for package, (requirement, hashes) in locked(name).items():
        assert [pin.operator for pin in requirement.specifier] == ["=="], package
        assert requirement.url is None
        assert hashes != [], package
        assert [given for given in hashes if not re.fullmatch("sha256:[0-9a-f]{64}", given)] == []


@pytest.mark.ac("1.0.1")
@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_names_no_index(name: str):
    text = (ROOT / "requirements" / name).read_text()
    assert (
        re.findall(r"://|--(?:extra-)?index-url|--find-links|--trusted-host|\s-[if]\s", text) == []
    )


@pytest.mark.ac("1.0.1")
def test_the_clients_tools_are_locked_without_an_address():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: found for name, found in lock["packages"].items() if name}
    assert packages != {}
    for name, found in packages.items():
        assert found["integrity"].startswith("sha512-"), name
        assert "resolved" not in found, name


@pytest.mark.ac("1.0.1")
def test_what_is_installed_is_what_is_locked():
    for package, (requirement, _) in locked("run.txt").items():
        if requirement.marker is None or requirement.marker.evaluate():
            (pin,) = requirement.specifier
            assert version(package) == pin.version, package


@pytest.mark.ac("1.0.1")
def test_the_lock_files_agree():
    pins = [
        {name: str(requirement.specifier) for name, (requirement, _) in locked(file).items()}
        for file in LOCKS
    ]
    run = pins[0]
    for other in pins[1:]:
        assert {name: other[name] for name in run if name in other} == {
            name: run[name] for name in run if name in other
        }


@pytest.mark.ac("1.8.4")
def test_ci_checks_and_builds(tmp_path: Path):
    """The build itself is in test_wheel.py, which is part of the tests."""
    called = tmp_path / "called"
    make = tmp_path / "make"
    make.write_text(f'#!/bin/sh\necho "$PWD $*" >> "{called}"\nexit 3\n')
    make.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [ROOT / ".ci" / "run"], env=os.environ | {"PATH": path}, cwd=tmp_path, check=False
    )
    assert (called.read_text(), done.returncode) == (f"{ROOT} check test\n", 3)
    planned = subprocess.run(
        ["make", "--dry-run", "check", "test"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("MAKE")},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for tool in ("ruff check", "mypy", "lint-imports", "npm run --silent check", "pytest"):
        assert re.search(rf"^(?:\S+/)?{tool}\b", planned, re.MULTILINE), tool

"""What the program needs is declared, locked with hashes, and names no index."""

import json
import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bullpen.commands import database

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = ["run.txt", "dev.txt", "claude.txt"]


def declared(requirements: list[str]) -> dict[str, Requirement]:
    parsed = [Requirement(text) for text in requirements]
    return {canonicalize_name(requirement.name): requirement for requirement in parsed}


NEEDED = declared(PROJECT["project"]["dependencies"])
EXTRA = declared(PROJECT["project"]["optional-dependencies"]["claude"])
DEVELOPMENT = declared(PROJECT["dependency-groups"]["dev"])


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
def test_what_the_specification_asks_for_is_declared():
    asked = {"sqlalchemy", "asyncpg", "pydantic", "pydantic-settings", "sentry-sdk"}
    assert asked - NEEDED.keys() == set()
    assert "asyncio" in NEEDED["sqlalchemy"].extras
    assert list(EXTRA) == ["claude-agent-sdk"]
    assert "claude-agent-sdk" not in NEEDED


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
def test_ci_checks_and_builds():
    """The build itself is in test_wheel.py, which is part of the tests."""
    assert (ROOT / ".ci" / "run").read_text().splitlines()[-1] == "make check test"
    makefile = (ROOT / "Makefile").read_text()
    for tool in ("ruff check", "mypy", "lint-imports", "npm run --silent check"):
        assert tool in makefile

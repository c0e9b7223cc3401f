"""Refuses edits of migrations that have been committed: databases exist that have applied them.

`src/bullpen/migrations/committed.sha256` has a line for each. `python scripts/migrations.py` checks
them all; with `--add` it first adds a line for each file that has none.
"""

import hashlib
import sys
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "src" / "bullpen" / "migrations"
EDITED = (
    "was edited after it had been committed: restore it, and put the change into a new migration"
)
COMMAND = "python scripts/migrations.py --add"


def digest(file: Path) -> str:
    # However a checkout ends its lines.
    return hashlib.sha256(file.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def read(record: Path) -> dict[str, str]:
    lines = record.read_text().splitlines() if record.exists() else []
    return {name: found for found, _, name in (line.partition("  ") for line in lines)}


def files(folder: Path) -> dict[str, Path]:
    return {file.name: file for file in sorted((folder / "versions").glob("[0-9]*.py"))}


def problems(folder: Path) -> list[str]:
    record = folder / "committed.sha256"
    known, present = read(record), files(folder)
    found = [
        f"{name} {EDITED}"
        for name, expected in known.items()
        if name in present and digest(present[name]) != expected
    ]
    found += [
        f"{name} is missing: databases exist that have applied it"
        for name in known
        if name not in present
    ]
    return found + [
        f"{name} is new: add this line to {record.name}, or run '{COMMAND}'\n{digest(file)}  {name}"
        for name, file in present.items()
        if name not in known
    ]


def add(folder: Path) -> None:
    """Only for files that have no line: what is committed stays as it is."""
    record = folder / "committed.sha256"
    new = {name: digest(file) for name, file in files(folder).items()}
    lines = {name: f"{found}  {name}\n" for name, found in (new | read(record)).items()}
    record.write_text("".join(lines[name] for name in sorted(lines)))


def main() -> None:
    if "--add" in sys.argv:
        add(FOLDER)
    if found := problems(FOLDER):
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main()

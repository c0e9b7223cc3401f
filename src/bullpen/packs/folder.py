"""The files of a pack as texts; nothing that lies outside its folder is read."""

import os
from collections.abc import Iterator
from pathlib import Path

from bullpen.packs.problems import PackError, Problem, Problems

_REQUIRED = ("pack.yaml", "channels.yaml")
_OPTIONAL = ("dms.yaml", "user_groups.yaml", "unreads.yaml", "schedule.yaml")
_FOLDERS = {
    "agents": ".md",
    "messages": ".yaml",
    "memory": ".yaml",
    "lines": ".yaml",
    "runs": ".yaml",
}
_EXPECTED = ", ".join(
    (*_REQUIRED, *_OPTIONAL, *(f"{folder}/<id>{ending}" for folder, ending in _FOLDERS.items()))
)
_LARGEST = 4_000_000
# Of all files together: what is read is held in memory several times over.
_LARGEST_PACK = 16_000_000


def read_texts(folder: Path, problems: Problems) -> dict[str, str | None]:
    """By name relative to the folder, as `messages/general.yaml`; None for what is no text."""
    try:
        is_pack = (folder / "pack.yaml").exists()
    except OSError as error:
        text = f"cannot be read: {error.strerror}"
        raise PackError([Problem(str(folder), None, text)]) from None
    if not is_pack:
        text = "is no workspace pack; expected a folder with a pack.yaml"
        raise PackError([Problem(str(folder), None, text)])
    texts: dict[str, str | None] = {}
    left = _LARGEST_PACK
    for name in _names(folder, problems):
        texts[name] = _read(folder, name, problems)
        left -= len(texts[name] or "")
        if left < 0:
            limit = f"expected at most {_LARGEST_PACK:,} characters in all files together"
            raise PackError([Problem(str(folder), None, f"is too large; {limit}")])
    for name in _REQUIRED:
        if name not in texts:
            problems.add(name, None, "is missing; every pack has one")
    return texts


def _names(folder: Path, problems: Problems) -> Iterator[str]:
    for entry in _entries(folder, "", problems):
        if entry in _REQUIRED or entry in _OPTIONAL:
            yield entry
        elif entry in _FOLDERS:
            for inner in _entries(folder, entry, problems):
                name = f"{entry}/{inner}"
                if inner.endswith(_FOLDERS[entry]):
                    yield name
                else:
                    expected = f"expected {entry}/<id>{_FOLDERS[entry]}"
                    problems.add(name, None, f"does not belong in a pack; {expected}")
        elif entry != "README.md":
            problems.add(entry, None, f"does not belong in a pack; expected {_EXPECTED}")


def _entries(folder: Path, inner: str, problems: Problems) -> list[str]:
    """Without hidden files, which systems and editors leave everywhere."""
    if _leads_out(folder, inner):
        problems.add(inner, None, "is a link that leads out of the pack; expected a folder in it")
        return []
    try:
        if not (folder / inner).is_dir():
            problems.add(inner, None, "is not a folder; expected one")
            return []
        names = [path.name for path in (folder / inner).iterdir()]
    except OSError as error:
        problems.add(inner or str(folder), None, f"cannot be read: {error.strerror}")
        return []
    return sorted(name for name in names if not name.startswith("."))


def _read(folder: Path, name: str, problems: Problems) -> str | None:
    path = folder / name
    if _leads_out(folder, name):
        problems.add(name, None, "is a link that leads out of the pack; expected a file in it")
        return None
    try:
        if not path.is_file():
            problems.add(name, None, "is not a file; expected one")
            return None
        if path.stat().st_size > _LARGEST:
            problems.add(name, None, f"is too large; expected at most {_LARGEST:,} bytes")
            return None
        content = path.read_bytes()
    except OSError as error:
        problems.add(name, None, f"cannot be read: {error.strerror}")
        return None
    return _decoded(name, content, problems)


def _leads_out(folder: Path, name: str) -> bool:
    root = Path(os.path.realpath(folder))
    return not Path(os.path.realpath(folder / name)).is_relative_to(root)


def _decoded(name: str, content: bytes, problems: Problems) -> str | None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problems.add(name, line, "is not UTF-8; expected the file to be saved as UTF-8")
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        problems.add(name, line, "has a NUL; expected text without one")
        return None
    return text

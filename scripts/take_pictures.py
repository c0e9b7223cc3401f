"""Takes the README's pictures of the bundled workspace: `make pictures`.

From the real program: a server on an embedded Postgres that is seeded for the tests' fixed day.
With --check (`make check`): fails where the client or the pack has changed since the pictures were
taken and they would look different now. What they were taken from is recorded beside them as a
hash. Only where the hash is another one are they taken again, in memory, and compared; that they
look the same is remembered in .cache, so that nobody has to commit a new hash for it.
"""

import hashlib
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "images"
RECORD = FOLDER / "taken-from.sha256"
CACHE = ROOT / ".cache" / "pictures"
NAMES = (
    "workspace",
    "workspace-dark",
    "workspace-narrow",
    "first-visit",
    "viewing-as",
    "sign-in",
    "administration",
)
SOURCES = ("src/bullpen/client", "src/bullpen/packs/dunder_mifflin", "scripts/take_pictures.py")


def files() -> list[Path]:
    found = []
    for source in SOURCES:
        place = ROOT / source
        found += [place] if place.is_file() else place.rglob("*")
    return sorted(file for file in found if file.is_file() and "__pycache__" not in file.parts)


def sources() -> str:
    """A hash of everything that the pictures show, and of how they are taken."""
    whole = hashlib.sha256()
    for file in files():
        whole.update(f"{file.relative_to(ROOT).as_posix()}\0".encode())
        whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()


def pictures() -> str:
    """A hash of the sources and of the pictures as they are kept."""
    whole = hashlib.sha256(sources().encode())
    for name in NAMES:
        whole.update((FOLDER / f"{name}.png").read_bytes())
    return whole.hexdigest()


def is_known() -> bool:
    missing = [name for name in NAMES if not (FOLDER / f"{name}.png").exists()]
    if missing or not RECORD.exists():
        return False
    if RECORD.read_text().strip() == sources():
        return True
    return CACHE.exists() and CACHE.read_text().strip() == pictures()


def take() -> None:
    # Loaded here: the check of a hash needs nothing of it.
    from scripts.pictures import save, taken  # noqa: PLC0415

    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, picture in taken().items():
        save(picture, FOLDER / f"{name}.png")
    RECORD.write_text(f"{sources()}\n")


def check() -> list[str]:
    """The names of those that would look different now."""
    from scripts import browser  # noqa: PLC0415 - see above

    if browser.main() != 0:
        return ["the pictures of the README could not be taken to compare them"]
    from scripts.pictures import difference, taken  # noqa: PLC0415 - see above

    different = []
    for name, picture in taken().items():
        marked = difference(FOLDER / f"{name}.png", picture)
        if marked is not None:
            different.append(f"docs/images/{name}.png would look different now")
            marked.save(CACHE.with_name(f"{name}-difference.png"))
    if not different:
        CACHE.write_text(f"{pictures()}\n")
    return different


def main() -> int:
    if "--check" not in sys.argv:
        take()
        return 0
    if is_known():
        return 0
    problems = check()
    for problem in problems:
        print(f"bullpen: {problem}", file=sys.stderr)
    if problems:
        print(
            "Take them again with 'make pictures', look at them and commit them"
            " (.cache/*-difference.png show where they differ)",
            file=sys.stderr,
        )
    return len(problems) and 1


if __name__ == "__main__":
    sys.exit(main())

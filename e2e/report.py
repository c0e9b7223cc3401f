"""Where a view is not what it was: both pictures, their difference, and how the trees differ."""

import difflib
import html
from pathlib import Path

from e2e.compare import MOST_SHARE, marked, share
from e2e.snapshot import Snapshot

FOLDER = Path(__file__).parent / "report"
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Views that differ from the baseline</title>
<style>
body { font: 16px/1.5 sans-serif; margin: 2rem }
figure { display: inline-block; margin: 0 1rem 1rem 0; width: 46rem; vertical-align: top }
img { width: 100%; border: 1px solid #999 }
</style>
"""


def problems(expected: Snapshot, actual: Snapshot) -> list[str]:
    found = []
    if actual.tree != expected.tree:
        found.append("the accessibility trees differ")
    differing = share(expected.picture, actual.picture)
    if differing > MOST_SHARE:
        found.append(f"{differing:.2%} of the picture differs; {MOST_SHARE:.2%} is tolerated")
    return found


def section(folder: Path, name: str, expected: Snapshot, actual: Snapshot) -> str:
    difference = marked(expected.picture, actual.picture)
    pictures = {"expected": expected.picture, "actual": actual.picture, "difference": difference}
    figures = []
    for kind, picture in pictures.items():
        file = f"{name}-{kind}.png"
        picture.save(folder / file)
        figures.append(f'<figure><img src="{file}" alt=""><figcaption>{kind}</figcaption></figure>')
    trees = (expected.tree.splitlines(), actual.tree.splitlines())
    lines = "\n".join(difflib.unified_diff(*trees, "expected", "actual", lineterm="", n=1))
    return "\n".join(
        [
            f"<h2>{name}</h2>",
            f"<p>{'; '.join(problems(expected, actual))}</p>",
            *figures,
            f"<pre>{html.escape(lines)}</pre>",
        ]
    )


def gather(folder: Path) -> Path:
    """One part a view, since several processes may write."""
    index = folder / "index.html"
    parts = [part.read_text(encoding="utf-8") for part in sorted(folder.glob("*.part.html"))]
    index.write_text(PAGE + "\n".join(parts), encoding="utf-8")
    return index


def check(name: str, expected: Snapshot, actual: Snapshot, folder: Path = FOLDER) -> None:
    part = folder / f"{name}.part.html"
    found = problems(expected, actual)
    if found:
        folder.mkdir(exist_ok=True)
        part.write_text(section(folder, name, expected, actual), encoding="utf-8")
        raise AssertionError(f"{name}: {', and '.join(found)} (see {gather(folder)})")
    if part.exists():
        part.unlink()
        gather(folder)

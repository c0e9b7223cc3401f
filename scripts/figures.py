"""Prints how large the files are, which import each other in a circle, and where SQL stands.

python scripts/figures.py     or `make figures`
"""

import ast
import re
import statistics
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from scripts import sql_rooms

from bullpen.api.browser import bundle

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = sql_rooms.PACKAGE
CLIENT = PACKAGE / "client"
LANGUAGES = {".py": "Python", ".sql": "SQL", ".js": "JavaScript", ".css": "CSS"}
FOLDERS = ("src", "tests", "e2e", "bench", "scripts")
# What others wrote, and what is no source.
LEFT_OUT = {"vendor", "node_modules", "__pycache__"}
JS_IMPORT = re.compile(
    r"""^\s*(?:import|export)\b[^'"();]*?from\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]""",
    re.MULTILINE,
)
IS_SQL = re.compile(r"\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|JOIN|WHERE|ORDER BY)\b")

Graph = Mapping[str, set[str]]


def sources(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix in LANGUAGES and not LEFT_OUT & set(path.relative_to(folder).parts)
    )


def length(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def sizes(paths: Iterable[Path]) -> tuple[int, int, float, float, int] | None:
    """How many files and lines, the median, the 90th percentile, and the longest."""
    lines = [found for path in paths if (found := length(path))]
    if not lines:
        return None
    tenths = statistics.quantiles(lines, n=10, method="inclusive") if len(lines) > 1 else lines * 9
    return len(lines), sum(lines), statistics.median(lines), tenths[8], max(lines)


def python_imports(package: Path) -> Graph:
    """The modules of a package, and which others of it each names in an import, also a late one."""
    modules = {name_of(path, package): path for path in package.rglob("*.py")}
    return {name: python_imports_of(name, path, modules) for name, path in modules.items()}


def name_of(path: Path, package: Path) -> str:
    parts = path.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def python_imports_of(name: str, path: Path, modules: Mapping[str, Path]) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import():
                found |= {alias.name for alias in node.names}
            case ast.ImportFrom(module=str(module), level=0):
                # A module of the package that is named, or something that its own file defines.
                parts = {f"{module}.{alias.name}" for alias in node.names}
                found |= parts if parts <= modules.keys() else {module} | parts
    return (found & modules.keys()) - {name}


def client_imports(client: Path) -> Graph:
    """Each file, and those it imports before it runs; what is loaded later waits for nobody."""
    files = [path for path in sources(client) if path.suffix == ".js"]
    texts = {
        path.relative_to(client).as_posix(): path.read_text(encoding="utf-8") for path in files
    }
    return {name: client_imports_of(name, text) for name, text in texts.items()}


def client_imports_of(name: str, text: str, *, later: bool = False) -> set[str]:
    """`later`: also the modules that it loads when it needs them."""
    paths = {one or other for one, other in JS_IMPORT.findall(text)}
    if later:
        paths |= set(bundle.DYNAMIC.findall(text))
    return {bundle.resolve(name, path) for path in paths if path.startswith(".")}


def circles(graph: Graph) -> list[list[str]]:
    """The groups of files that import each other, each in the order of its names."""
    found: list[list[str]] = []
    numbers: dict[str, int] = {}
    lowest: dict[str, int] = {}
    path: list[str] = []

    def visit(name: str) -> None:
        numbers[name] = lowest[name] = len(numbers)
        path.append(name)
        for other in sorted(graph.get(name, ())):
            if other not in numbers:
                visit(other)
                lowest[name] = min(lowest[name], lowest[other])
            elif other in path:
                lowest[name] = min(lowest[name], numbers[other])
        if lowest[name] == numbers[name]:
            group = path[path.index(name) :]
            del path[path.index(name) :]
            if len(group) > 1 or name in graph.get(name, ()):
                found.append(sorted(group))

    sys.setrecursionlimit(10_000)
    for name in sorted(graph):
        if name not in numbers:
            visit(name)
    return sorted(found)


def sql_lines(package: Path) -> dict[str, tuple[int, int]]:
    """For each room, the lines of its `.sql` files and of the statements in its modules."""
    found: dict[str, list[int]] = {}
    for path in sorted(package.rglob("*.sql")):
        found.setdefault(sql_rooms.room_of(path), [0, 0])[0] += length(path)
    for path in sorted(package.rglob("*.py")):
        statements = sql_rooms.texts(sql_rooms.nodes_of(path))
        lines = sum(len(text.strip().splitlines()) for _, text in statements if IS_SQL.search(text))
        if lines:
            found.setdefault(sql_rooms.room_of(path), [0, 0])[1] += lines
    return {room: (files, strings) for room, (files, strings) in sorted(found.items())}


def print_sizes() -> None:
    print("Lines per file")
    print(f"  {'folder':24}{'language':12} files   lines  median    90 %   most")
    inner = [path for path in sorted(PACKAGE.iterdir()) if path.is_dir() and path != CLIENT]
    rows = [(folder, ROOT / folder) for folder in FOLDERS]
    rows += [(f"src/bullpen/{path.name}", path) for path in [*inner, CLIENT]]
    for name, folder in rows:
        for suffix, language in LANGUAGES.items():
            found = sizes(path for path in sources(folder) if path.suffix == suffix)
            if found is not None:
                files, lines, median, tenth, most = found
                row = f"{files:6}{lines:8,}{median:8.0f}{tenth:8.0f}{most:7}"
                print(f"  {name:24}{language:12}{row}")


def print_circles() -> int:
    print("\nImport circles")
    number = 0
    graphs = {"Python": python_imports(PACKAGE), "client": client_imports(CLIENT)}
    for language, graph in graphs.items():
        found = circles(graph)
        number += len(found)
        print(f"  {language}: {len(graph)} files, {len(found) or 'no'} circles")
        for circle in found:
            print(f"    {', '.join(circle)}")
    return number


def print_sql() -> int:
    print("\nSQL by room")
    print(f"  {'room':20}{'lines in files':>16}{'lines in modules':>18}")
    for room, (files, strings) in sql_lines(PACKAGE).items():
        print(f"  {room:20}{files:16,}{strings:18,}")
    print("\nSQL that writes another room's tables")
    allowed, refused = sql_rooms.across()
    for (room, table), reason in sql_rooms.ALLOWED.items():
        number = sum(1 for _, rule in allowed if rule == (room, table))
        whose = "all rooms" if room == "*" else room
        what = {"*": "any table", sql_rooms.FILLED_IN: "tables that it is given"}.get(table, table)
        print(f"  {whose} in {what}: {number} statements, since it {reason}")
    print(f"  not allowed: {len(refused) or 'none'}")
    return len(refused)


def main() -> int:
    print_sizes()
    return 1 if print_circles() + print_sql() else 0


if __name__ == "__main__":
    sys.exit(main())

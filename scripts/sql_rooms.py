"""Finds SQL in one room that writes another room's tables: `.sql` files and the strings of modules.

import-linter checks what rooms import; it does not see what their statements write. A room changes
another's tables by calling one of its functions, in Python or in SQL.

    python scripts/sql_rooms.py     prints what is not allowed, and fails if there is any
"""

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "bullpen"
WRITE = re.compile(
    r"\b(INSERT\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO|TRUNCATE(?:\s+TABLE)?)\s+(?:ONLY\s+)?"
    r'"?([a-z_]+|\{\})"?',
    re.IGNORECASE,
)
# Stands for what an f-string fills in, and so for whatever table a statement is given.
FILLED_IN = "{}"
COMMENT = re.compile(r"--[^\n]*")
# Functions of kit/sql.py and of the driver that are given a table's name, and the name's place.
WRITERS = {"insert_one": 1, "update_one": 1, "copy_records_to_table": 0}

# A room and a table that it may write though it is another room's, and why; `*` is any of them. All
# rooms together may only add rows. Keep this short.
ALLOWED = {
    ("*", "events"): "appends to the log what it did, in its own transaction",
    ("packs", FILLED_IN): "loads a whole workspace into an empty database",
    ("kit", FILLED_IN): "makes statements for rooms that name a table of their own",
    ("migrations", "*"): "changes the tables themselves",
    ("backup", "*"): "restores a whole workspace into an empty database",
}
Rule = tuple[str, str]


class Write(NamedTuple):
    path: Path
    line: int
    verb: str
    table: str

    def __str__(self) -> str:
        owner = owners().get(self.table, "some room")
        what = f"{self.verb} {self.table}: a table of {owner}, whose functions write it"
        return f"{self.path.relative_to(PACKAGE.parents[1])}:{self.line}: {what}"


def room_of(path: Path) -> str:
    """The folder of the package that a file is in; a module outside of all is one of its own."""
    after = len(path.parts) - path.parts[::-1].index("bullpen")
    return path.parts[after].removesuffix(".py")


@cache
def owners() -> dict[str, str]:
    """The room of each table."""
    from bullpen.kit.tables import Base  # noqa: PLC0415
    from bullpen.migrations.metadata import METADATA  # noqa: PLC0415 - loads SQLAlchemy

    rooms = {
        mapper.persist_selectable.description: mapper.class_.__module__.split(".")[1]
        for mapper in Base.registry.mappers
    }
    assert rooms.keys() == METADATA.tables.keys()
    return rooms


def nodes_of(module: Path) -> list[ast.AST]:
    """All there are, to be looked through more than once."""
    return list(ast.walk(ast.parse(module.read_text(encoding="utf-8"))))


def texts(nodes: Sequence[ast.AST]) -> Iterator[tuple[int, str]]:
    """The strings of a module, each with its line; what an f-string fills in is `{}`."""
    inside = {part for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in nodes:
        match node:
            case ast.JoinedStr(values=parts):
                yield node.lineno, "".join(map(text_of, parts))
            case ast.Constant(value=str(text)) if node not in inside:
                yield node.lineno, text


def text_of(part: ast.expr) -> str:
    return str(part.value) if isinstance(part, ast.Constant) else FILLED_IN


def writes(package: Path) -> Iterator[Write]:
    for path in sorted(package.rglob("*.sql")):
        yield from writes_in(path, 1, path.read_text(encoding="utf-8"))
    for path in sorted(package.rglob("*.py")):
        nodes = nodes_of(path)
        for line, text in texts(nodes):
            yield from writes_in(path, line, text)
        yield from written_by_calls(path, nodes)


def writes_in(path: Path, line: int, sql: str) -> Iterator[Write]:
    sql = COMMENT.sub("", sql)
    for found in WRITE.finditer(sql):
        verb = " ".join(found[1].upper().split())
        yield Write(path, line + sql[: found.start()].count("\n"), verb, found[2].lower())


def written_by_calls(path: Path, nodes: Sequence[ast.AST]) -> Iterator[Write]:
    for node in nodes:
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args):
                place = WRITERS.get(name, len(args))
                if place < len(args) and isinstance(table := args[place], ast.Constant):
                    verb = "UPDATE" if name == "update_one" else "INSERT INTO"
                    yield Write(path, node.lineno, verb, str(table.value))


def rule_for(write: Write) -> Rule | None:
    for room, table in ALLOWED:
        fits = room in ("*", room_of(write.path)) and table in ("*", write.table)
        if fits and (room != "*" or write.verb == "INSERT INTO"):
            return room, table
    return None


def across(package: Path = PACKAGE) -> tuple[list[tuple[Write, Rule]], list[Write]]:
    """The writes of other rooms' tables that a rule allows, and those that none does."""
    rooms = owners()
    allowed, refused = [], []
    for write in writes(package):
        room = room_of(write.path)
        if write.table == FILLED_IN or rooms.get(write.table, room) != room:
            rule = rule_for(write)
            if rule is None:
                refused.append(write)
            else:
                allowed.append((write, rule))
    return allowed, refused


def main() -> int:
    _, refused = across()
    for write in refused:
        print(write)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())

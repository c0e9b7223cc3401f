"""SQL writes the tables of its own room alone; files import each other in no circle."""

from pathlib import Path

import pytest
from scripts import figures, sql_rooms

FOREIGN = {
    "chat/sql/bad.sql": "UPDATE runs SET status = 'failed';",
    "chat/sql/lower.sql": "insert into mailbox (run_id) select 1;",
    "agents/bad.py": 'SQL = "DELETE FROM ONLY messages WHERE id = $1"',
    "agents/filled.py": 'def sql(more):\n    return f"""\n    INSERT\n    INTO runs ({more})"""',
    "agents/given.py": 'def sql(table):\n    return f"TRUNCATE TABLE {table}"',
    "memory/call.py": 'async def add(connection):\n    await insert_one(connection, "agents", {})',
    # Every room adds to the log, and none changes it.
    "runs/log.py": "SQL = \"UPDATE events SET kind = 'reset'\"",
}
OWN = {
    "chat/sql/good.sql": "-- UPDATE runs\nINSERT INTO messages DEFAULT VALUES;",
    "chat/log.py": 'SQL = "INSERT INTO events (kind) SELECT kind FROM runs FOR UPDATE OF runs"',
    "runs/good.py": 'SQL = "WITH gone AS (DELETE FROM run_calls) UPDATE runs SET status = $1"',
    "migrations/versions/data.py": 'SQL = "UPDATE messages SET text = text"',
}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return tmp_path / "bullpen"


def write(package: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(text)


@pytest.mark.parametrize("name", FOREIGN)
def test_a_statement_that_writes_another_rooms_table_is_found(package, name):
    write(package, {name: FOREIGN[name]})
    _, [refused] = sql_rooms.across(package)
    assert refused.path == package / name


def test_what_a_room_writes_of_its_own_is_not(package):
    write(package, OWN)
    allowed, refused = sql_rooms.across(package)
    assert refused == []
    assert [rule for _, rule in allowed] == [("*", "events"), ("migrations", "*")]


def test_no_room_writes_another_rooms_tables_and_no_exception_is_idle():
    allowed, refused = sql_rooms.across()
    assert refused == []
    assert {rule for _, rule in allowed} == sql_rooms.ALLOWED.keys()


def test_no_file_of_the_server_or_the_client_imports_itself_through_others():
    assert figures.circles(figures.python_imports(figures.PACKAGE)) == []
    assert figures.circles(figures.client_imports(figures.CLIENT)) == []


def test_a_circle_is_found_however_long_it_is():
    graph = {"a": {"b"}, "b": {"c", "d"}, "c": {"a"}, "d": set(), "e": {"e"}, "f": {"a"}}
    assert figures.circles(graph) == [["a", "b", "c"], ["e"]]


def test_a_late_import_closes_a_circle_too(package):
    write(package, {
        "__init__.py": "",
        "one.py": "from bullpen import two",
        "two.py": "def late():\n    import bullpen.three",
        "three.py": "from bullpen.one import x",
    })  # fmt: skip
    found = figures.circles(figures.python_imports(package))
    assert found == [["bullpen.one", "bullpen.three", "bullpen.two"]]


def test_a_circle_of_the_client_is_found(tmp_path):
    write(tmp_path, {
        "a.js": "import { b } from './b/b.js';\n",
        "b/b.js": "export * from\n  '../c.js';\n",
        "c.js": "import './a.js';\nconst later = () => import('./d.js');\n",
        "d.js": "import './c.js';\n",
    })  # fmt: skip
    assert ["a.js", "b/b.js", "c.js"] in figures.circles(figures.client_imports(tmp_path))


def test_the_figures_are_printed(capsys):
    assert figures.main() == 0
    printed = capsys.readouterr().out
    for line in ("Lines per file", "Import circles", "SQL by room", "not allowed: none"):
        assert line in printed

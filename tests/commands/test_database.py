"""`bullpen db …` as processes: what each says, and what it leaves behind."""

import shutil
from pathlib import Path

import pytest
from tests.support.catalog import contents, fetch, schema, tables
from tests.support.program import Done, bullpen, finish, start

import bullpen as package
from bullpen.kit.postgres import EmbeddedPostgres
from bullpen.migrations.run import revisions

pytestmark = pytest.mark.timeout(300)

ALL = revisions()
NEWEST = ALL[-1]
NEXT = f"{int(NEWEST) + 1:04}"
HELP = {
    "check": "Run SELECT 1, and print the server and the current migration.",
    "migrate": "Migrate the database up or down to a revision (the newest by default).",
    "generate": "Write a migration for the difference between the tables and the migrations.",
    "push": "Change a development database to match the tables, without a migration.",
    "seed": "Load the workspace pack in one transaction. Existing rows are kept.",
    "reset": "Erase everything and start again from the pack.",
}


def said(out: str) -> Done:
    return Done(0, out, "")


def refused(err: str) -> Done:
    return Done(1, "", f"bullpen: {err}\n")


def summary(url: str) -> str:
    order = ["workspace", "agents", "user_states", "channels", "channel_members"]
    counts = {table: len(rows) for table, rows in contents(url).items()}
    order += ["messages", "reactions", "read_cursors", "memory_blocks", "shared_block_links"]
    order += ["archival_passages", "scheduled_messages", "runs", "run_steps", "run_messages"]
    order += ["agent_lines"]
    return ", ".join(f"{counts[table]} {table.replace('_', ' ')}" for table in order)


def name_of(url: str) -> str:
    return url.rpartition("/")[2].partition("?")[0]


@pytest.mark.ac("1.0.3")
@pytest.mark.parametrize("command", HELP)
def test_each_command_explains_itself(tmp_path: Path, command: str):
    done = bullpen("db", command, "--help", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert f"Usage: python -m bullpen db {command}" in done.out
    assert HELP[command] in done.out


@pytest.mark.ac("1.1.5")
def test_check_says_what_answered(tmp_path: Path, url: str, empty_url: str):
    version = fetch(url, "SHOW server_version")[0][0]
    host = url.partition("host=")[2].partition("&")[0].replace("%2F", "/")
    for place, migration in (
        (url, f"{NEWEST}, up to date"),
        (empty_url, f"none, the newest is {NEWEST}: run 'bullpen db migrate'"),
    ):
        name = name_of(place)
        assert bullpen("db", "check", cwd=tmp_path, DATABASE_URL=place) == said(
            f"SELECT 1 answered: PostgreSQL {version}, database '{name}' as 'postgres' "
            f"({host}:5432/{name})\nMigration: {migration}\n"
        )
    assert tables(empty_url) == []


@pytest.mark.ac("1.0.3")
def test_migrate_goes_up_and_down_and_says_so(tmp_path: Path, empty_url: str):
    def migrate(*revision: str) -> Done:
        return bullpen("db", "migrate", *revision, cwd=tmp_path, DATABASE_URL=empty_url)

    assert migrate("0002") == said("Applied 0001, 0002; the database is at 0002\n")
    assert migrate() == said(f"Applied {', '.join(ALL[2:])}; the database is at {NEWEST}\n")
    assert migrate() == said(f"Nothing to do: the database is at {NEWEST}\n")
    assert migrate("base") == said(f"Took back {', '.join(ALL[::-1])}; the database is at base\n")
    assert tables(empty_url) == ["alembic_version"]


def test_a_revision_that_is_not_there_is_refused(tmp_path: Path, url: str):
    before = contents(url)
    assert bullpen("db", "migrate", "9999", cwd=tmp_path, DATABASE_URL=url) == refused(
        "there is no revision '9999'; expected head, base or one of " + ", ".join(ALL)
    )
    assert contents(url) == before


@pytest.mark.parametrize("arguments", [(), ("db", "migrate")])
def test_a_database_of_a_newer_version_is_refused(
    tmp_path: Path, url: str, arguments: tuple[str, ...]
):
    fetch(url, "UPDATE alembic_version SET version_num = '9999'")
    before = contents(url)
    done = bullpen(*arguments, cwd=tmp_path, DATABASE_URL=url)
    assert done == refused(
        "the database is at revision 9999, which this version of Bullpen does not know: "
        "install the newer Bullpen that made it"
    )
    assert contents(url) == before


@pytest.mark.ac("1.1.4")
def test_two_programs_that_migrate_at_once_do_it_once(
    tmp_path: Path, empty_url: str, shared_url: str
):
    both = [start("db", "migrate", cwd=tmp_path, DATABASE_URL=empty_url) for _ in range(2)]
    assert sorted(finish(process).out for process in both) == [
        f"Applied {', '.join(ALL)}; the database is at {NEWEST}\n",
        f"Nothing to do: the database is at {NEWEST}\n",
    ]
    assert schema(empty_url) == schema(shared_url)


@pytest.mark.ac("1.1.1")
def test_migrations_take_the_unpooled_address(tmp_path: Path, url: str, empty_url: str):
    before = contents(url)
    done = bullpen(
        "db", "migrate", "0002", cwd=tmp_path, DATABASE_URL=url, DATABASE_URL_UNPOOLED=empty_url
    )
    assert done == said("Applied 0001, 0002; the database is at 0002\n")
    assert tables(empty_url) == ["agents", "alembic_version"]
    assert contents(url) == before


@pytest.mark.ac("1.0.3")
@pytest.mark.ac("1.7.1")
@pytest.mark.ac("1.7.2")
def test_seed_fills_an_empty_database_once(tmp_path: Path, empty_url: str):
    given = {"DATABASE_URL": empty_url, "BULLPEN_ANCHOR_DATE": "2026-03-04"}
    first = bullpen("db", "seed", cwd=tmp_path, **given)
    assert first == said(f"Migrated the database: {', '.join(ALL)}\nSeeded: {summary(empty_url)}\n")
    rows = contents(empty_url)
    again = bullpen("db", "seed", cwd=tmp_path, DATABASE_URL=empty_url)
    assert again == said("Seeded: nothing that was not there already\n")
    assert contents(empty_url) == rows


def test_reset_starts_over(tmp_path: Path, url: str, run_sql):
    run_sql("DELETE FROM channels WHERE kind <> 'dm'")
    run_sql("UPDATE agents SET title = 'Gone'")
    run_sql("CREATE TABLE mine AS SELECT 'not Bullpen''s' AS word")
    key = run_sql("SELECT session_key FROM workspace")
    done = bullpen("db", "reset", "--yes", cwd=tmp_path, DATABASE_URL=url)
    assert done == said(f"Reset: migrated to {NEWEST}, seeded {summary(url)}\n")
    assert run_sql("SELECT 1 FROM agents WHERE title = 'Gone'") == []
    assert len(run_sql("SELECT 1 FROM channels")) == 15
    assert [row[0] for row in run_sql("SELECT word FROM mine")] == ["not Bullpen's"]
    assert run_sql("SELECT session_key FROM workspace") != key


def test_reset_asks_first(tmp_path: Path, url: str):
    before = contents(url)
    version = fetch(url, "SHOW server_version")[0][0]
    asked = bullpen("db", "reset", cwd=tmp_path, typed="n\n", DATABASE_URL=url)
    question = (
        f"Throw away everything in PostgreSQL {version}, database '{name_of(url)}' as 'postgres'?"
    )
    assert asked.out.startswith(question)
    assert asked.code == 1
    assert contents(url) == before


@pytest.mark.ac("1.0.3")
def test_push_brings_an_empty_database_to_the_models(
    tmp_path: Path, empty_url: str, shared_url: str
):
    pushed = bullpen("db", "push", cwd=tmp_path, DATABASE_URL=empty_url)
    made = [f"  create table {table}" for table in tables(empty_url) if table != "alembic_version"]
    lines = pushed.out.splitlines()
    assert (pushed.code, pushed.err) == (0, "")
    assert sorted(line for line in lines if line.startswith("  create table")) == sorted(made)
    assert lines[-1] == f"Pushed {len(lines) - 1} changes"
    assert schema(empty_url) == schema(shared_url)
    again = bullpen("db", "push", cwd=tmp_path, DATABASE_URL=empty_url)
    assert again == said("Nothing to push: it is at the models\n")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Of the package, to be changed, with its bytecode; the browser's files are not needed."""
    target = tmp_path / "changed" / "bullpen"
    shutil.copytree(
        Path(package.__file__).parent,
        target,
        ignore=shutil.ignore_patterns("client", "messages"),
    )
    return target


@pytest.mark.ac("1.0.3")
@pytest.mark.ac("1.0.2")
def test_generate_writes_a_migration_that_leads_to_the_models(tmp_path: Path, url: str, copy: Path):
    tables = copy / "members" / "tables.py"
    written = tables.read_text()
    tables.write_text(
        written.replace(
            '    topic: Mapped[str] = mapped_column(Text, server_default="")\n',
            '    topic: Mapped[str] = mapped_column(Text, server_default="")\n'
            "    color: Mapped[str | None] = mapped_column(Text)\n",
        )
    )
    assert tables.read_text() != written

    def run(*arguments: str) -> Done:
        given = {"DATABASE_URL": url, "PYTHONPATH": str(copy.parent)}
        return bullpen("db", *arguments, cwd=tmp_path, **given)

    databases = fetch(url, "SELECT datname FROM pg_database WHERE datname LIKE 'bullpen_gen%'")
    before = schema(url), contents(url)
    file = copy / "migrations" / "versions" / f"{NEXT}_give_channels_a_color.py"
    assert run("generate", "-m", "Give channels a color") == said(
        f"Wrote {file}: read it, then apply it with 'bullpen db migrate'\n"
    )
    assert (schema(url), contents(url)) == before
    assert databases == fetch(
        url, "SELECT datname FROM pg_database WHERE datname LIKE 'bullpen_gen%'"
    )
    text = file.read_text()
    head = f"Revision ID: {NEXT}\nRevises: {NEWEST}\n"
    assert text.startswith(f'"""Give channels a color\n\n{head}"""\n')
    assert "op.add_column('channels', sa.Column('color', sa.Text(), nullable=True))" in text
    assert run("migrate") == said(f"Applied {NEXT}; the database is at {NEXT}\n")
    assert fetch(url, "SELECT color FROM channels WHERE id = 'general'")[0][0] is None


def test_there_is_nothing_to_generate(tmp_path: Path, shared_url: str):
    done = bullpen("db", "generate", "-m", "Nothing", cwd=tmp_path, DATABASE_URL=shared_url)
    assert done == said("Nothing to generate: the models and the migrations agree\n")
    versions = Path(package.__file__).parent / "migrations" / "versions"
    assert len(list(versions.glob("[0-9]*.py"))) == len(ALL)


def test_commands_without_an_address_use_the_data_folder(tmp_path: Path):
    folder = tmp_path / "data of mine"
    done = bullpen("db", "check", cwd=tmp_path, BULLPEN_DATA_DIR=str(folder))
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("SELECT 1 answered: PostgreSQL ")
    assert ", database 'dunder_mifflin' as 'postgres' (embedded)\n" in done.out
    postgres = EmbeddedPostgres.start(folder)
    try:
        assert postgres.owned, "the command must have stopped its own"
    finally:
        postgres.stop()


def test_trim_removes_what_is_old_or_too_much_and_keeps_the_newest(tmp_path: Path, url: str):
    fetch(url, "UPDATE events SET created_at = now() - interval '8 days'")
    fetch(
        url,
        """INSERT INTO events (kind, payload, created_at)
        SELECT 'reset', '{}', now() - n * interval '2 days' FROM generate_series(4, 0, -1) n""",
    )

    def trim(*options: str) -> str:
        done = bullpen("db", "trim", *options, cwd=tmp_path, DATABASE_URL=url)
        assert (done.code, done.err) == (0, "")
        return done.out

    assert trim() == "Trimmed 2 events\n"
    assert trim() == "Nothing to trim\n"
    assert trim("--events", "3") == "Trimmed 1 events\n"
    newest = fetch(url, "SELECT max(id) FROM events")
    assert trim("--days", "0") == "Trimmed 2 events\n"
    assert fetch(url, "SELECT id FROM events") == newest

"""The command line."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bullpen import __version__, settings
from bullpen.commands import (
    agents,
    backup,
    database,
    fork,
    owner_link,
    packs,
    personal_data,
    runs,
    tokens,
    users,
)
from bullpen.kit import refusals
from bullpen.kit.errors import StartupError

app = typer.Typer(
    no_args_is_help=False,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(database.app, name="db")
app.add_typer(runs.app, name="runs")
app.add_typer(users.app, name="user")
app.add_typer(tokens.app, name="token")
app.add_typer(agents.app, name="agent")
app.add_typer(packs.app, name="pack")
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("fork")(fork.fork)
users.app.command("export")(personal_data.export)
users.app.command("erase")(personal_data.erase)


def print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"bullpen {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(  # noqa: PLR0913, PLR0917 - each is an option
    context: typer.Context,
    host: Annotated[
        str | None, typer.Option(help="Address to listen on. [BULLPEN_HOST, 127.0.0.1]")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Port; 0 takes a free one. [BULLPEN_PORT, 8000]"),
    ] = None,
    team: Annotated[
        bool | None,
        typer.Option(
            "--team",
            help="People sign in. Required on other than loopback addresses. [BULLPEN_TEAM]",
        ),
    ] = None,
    pack: Annotated[
        Path | None,
        typer.Option(help="Folder of the workspace pack to start from. [BULLPEN_PACK]"),
    ] = None,
    data_dir: Annotated[
        Path | None,
        typer.Option(help="Where the embedded Postgres keeps its data. [BULLPEN_DATA_DIR]"),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, help="Web processes. [BULLPEN_WORKERS, 1]")
    ] = None,
    env_file: Annotated[
        Path | None,
        typer.Option(help="File of environment variables to read. [BULLPEN_ENV_FILE]"),
    ] = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True)
    ] = False,
) -> None:
    """A team chat whose teammates are AI agents. Without a command, serves the workspace."""
    given = {
        "host": host,
        "port": port,
        "team": team,
        "pack": pack,
        "data_dir": data_dir,
        "workers": workers,
        "env_file": env_file,
    }
    context.obj = settings.read(
        **{name: value for name, value in given.items() if value is not None}
    )
    if ignored := settings.ignored_file(context.obj):
        typer.echo(f"bullpen: {ignored}", err=True)
    if context.invoked_subcommand is None:
        from bullpen.processes.foreground import serve  # noqa: PLC0415 - `bullpen db` need not load the server

        serve(context.obj)


app.command("owner-link")(owner_link.print_owner_link)


@app.command("worker")
def worker(context: typer.Context) -> None:
    """Run an extra worker, which executes agents' runs."""
    from bullpen.processes.foreground import work  # noqa: PLC0415 - see above

    work(context.obj)


def main() -> None:
    try:
        app()
    except StartupError as problem:
        typer.echo(f"bullpen: {problem}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as problem:
        refusal = refusals.of(problem)
        if refusal is None:
            raise
        typer.echo(f"bullpen: {refusal}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()

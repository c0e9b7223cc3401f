"""`bullpen token …`: API tokens, for scripts. A new token is printed alone, and only then."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

import typer
from asyncpg import Connection

from bullpen.accounts import tokens
from bullpen.accounts.tokens import SCOPES, ApiToken, Scope
from bullpen.api.http.fields import Name
from bullpen.commands.users import User, checked
from bullpen.commands.workspace import Lines, find_user, in_workspace
from bullpen.kit.errors import StartupError

app = typer.Typer(no_args_is_help=True, help="Manage API tokens.")


def checked_scopes(text: str) -> list[Scope]:
    given = {part.strip() for part in text.split(",") if part.strip()}
    if unknown := sorted(given.difference(SCOPES)):
        raise StartupError(f"there is no scope '{unknown[0]}'; choose from {', '.join(SCOPES)}")
    return [scope for scope in SCOPES if scope in given]


@app.command()
def create(
    context: typer.Context,
    user: User,
    scopes: Annotated[str, typer.Option(help="What it allows, such as read,write.")],
    name: Annotated[str, typer.Option(help="What it is for.")],
    expires_days: Annotated[
        int | None,
        typer.Option(min=0, max=36_500, help="Valid for so many days; 0: for ever. [365]"),
    ] = None,
) -> None:
    """Create a token for a person or an agent, and print it."""
    chosen = checked_scopes(scopes)
    title = checked("--name", Name, name)
    life = tokens.DEFAULT_LIFE if expires_days is None else timedelta(days=expires_days)
    expires_at = datetime.now(UTC) + life if life else None

    async def work(connection: Connection) -> Lines:
        made = await tokens.create_token(
            connection,
            None,
            user_id=await find_user(connection, user),
            name=title,
            scopes=chosen,
            expires_at=expires_at,
        )
        return [made.token]

    in_workspace(context, work)


@app.command("list")
def list_(context: typer.Context, user: User) -> None:
    """List a user's tokens: id, first characters, scopes, expiry, last use and name, separated by
    tabs."""

    async def work(connection: Connection) -> Lines:
        found = await tokens.list_tokens(connection, await find_user(connection, user))
        return [line(token) for token in found]

    in_workspace(context, work)


def line(token: ApiToken) -> str:
    expiry = token.expires_at.isoformat() if token.expires_at else "never"
    used = token.last_used_at.isoformat() if token.last_used_at else "unused"
    scopes = ",".join(token.scopes)
    return "\t".join((str(token.id), token.prefix, scopes, expiry, used, token.name))


@app.command()
def revoke(
    context: typer.Context,
    token_id: Annotated[str, typer.Argument(metavar="ID", help="As `bullpen token list` shows.")],
) -> None:
    """Revoke a token. A server that runs refuses it within two seconds."""
    try:
        wanted = UUID(token_id)
    except ValueError:
        raise StartupError(f"there is no token '{token_id}'; give the id of one") from None

    async def work(connection: Connection) -> Lines:
        await tokens.revoke_token(connection, None, wanted, user_id=None)
        return []

    in_workspace(context, work)

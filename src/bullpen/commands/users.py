"""`bullpen user …`: people, for scripts. What is created is printed alone."""

import sys
from typing import Annotated, Any, get_args

import typer
from asyncpg import Connection
from pydantic import TypeAdapter, ValidationError

from bullpen.accounts.passwords import hash_password, require_acceptable, set_password
from bullpen.api.http.fields import Name, NewUserId, UserName
from bullpen.api.http.problems import sentence_of
from bullpen.audit.actions import Target, record
from bullpen.commands.workspace import Lines, find_user, in_workspace, sentence
from bullpen.kit.email_addresses import is_email
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Conflict, NotFound, StartupError
from bullpen.members.actor import Actor, Role
from bullpen.members.owners import require_other_owner
from bullpen.members.people import BY_EMAIL, Person, get_person, list_people, update_person
from bullpen.workspace.people import join_workspace

app = typer.Typer(no_args_is_help=True, help="Manage people.")

# Who has the database may do everything.
OPERATOR = Actor("", role="owner")
ROLES: tuple[str, ...] = get_args(Role)

User = Annotated[str, typer.Argument(metavar="USER", help="Id or e-mail address.")]


def checked(option: str, kind: Any, text: str) -> str:
    """What a request would be checked for, of an option."""
    try:
        return str(TypeAdapter(kind).validate_python(text))
    except ValidationError as problem:
        why = sentence_of(problem.errors()[0])
        raise StartupError(f"{option} '{text}': {sentence(why)}") from None


def checked_role(text: str) -> Role:
    if text not in ROLES:
        raise StartupError(f"there is no role '{text}'; choose {', '.join(ROLES)}")
    return text  # type: ignore[return-value]


def checked_email(text: str) -> str:
    if not is_email(text):
        raise StartupError(f"'{text}' is not an e-mail address; give one like ann@example.com")
    return text


@app.command()
def create(  # noqa: PLR0913, PLR0917 - each is an option
    context: typer.Context,
    email: Annotated[str, typer.Option(help="E-mail address to sign in with.")],
    name: Annotated[str, typer.Option(help="Name that is shown.")],
    role: Annotated[str, typer.Option(help="owner, admin, member or guest.")],
    person_id: Annotated[
        str | None, typer.Option("--id", help="Id; without it, made from the name.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="Job title.")] = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read a password from standard input.")
    ] = False,
) -> None:
    """Create a person and print their id."""
    given: dict[str, Any] = {
        "email": checked_email(email),
        "display_name": checked("--name", UserName, name),
        "role": checked_role(role),
        "title": "" if title is None else checked("--title", Name, title),
        "person_id": None if person_id is None else checked("--id", NewUserId, person_id),
    }

    password = read_password() if password_stdin else None

    async def work(connection: Connection) -> Lines:
        if password is not None:
            require_acceptable(password, [email, name])
        await require_free_email(connection, email)
        new_id = await join_workspace(connection, **given)
        if password is not None:
            await set_password(connection, new_id, await hash_password(password))
        details = {"role": role}
        await record(connection, None, "person.created", Target("person", new_id), details=details)
        return [new_id]

    in_workspace(context, work)


def read_password() -> str:
    """A file or a pipe mostly ends with a line break, which is not part of it."""
    return sys.stdin.readline().removesuffix("\n").removesuffix("\r")


async def require_free_email(connection: Connection, email: str) -> None:
    taken = await connection.fetchval(BY_EMAIL, email)
    if taken is not None:
        raise Conflict(
            ErrorCode.ID_TAKEN, f"The e-mail address {email} belongs to '{taken}'. Give another."
        )


@app.command("list")
def list_(context: typer.Context) -> None:
    """List people: id, role, state, e-mail address and name, separated by tabs."""

    async def work(connection: Connection) -> Lines:
        return [line(person) for person in await list_people(connection, OPERATOR)]

    in_workspace(context, work)


def line(person: Person) -> str:
    state = "active" if person.is_active else "inactive"
    return "\t".join((person.id, person.role, state, person.email or "", person.display_name))


@app.command()
def deactivate(context: typer.Context, user: User) -> None:
    """Deactivate a person: they cannot sign in, and their tokens stop working."""
    set_active(context, user, active=False)


@app.command()
def activate(context: typer.Context, user: User) -> None:
    """Activate a person again."""
    set_active(context, user, active=True)


def set_active(context: typer.Context, user: str, *, active: bool) -> None:
    async def work(connection: Connection) -> Lines:
        person = await find_person(connection, user)
        if person.is_active == active:
            return []
        if not active:
            await require_other_owner(connection, person.id)
        await update_person(connection, OPERATOR, person.id, {"is_active": active})
        action = "person.activated" if active else "person.deactivated"
        await record(connection, None, action, Target("person", person.id))
        return []

    in_workspace(context, work)


@app.command("role")
def change_role(
    context: typer.Context,
    user: User,
    role: Annotated[str, typer.Argument(metavar="ROLE", help="owner, admin, member or guest.")],
) -> None:
    """Change a person's role."""
    new_role = checked_role(role)

    async def work(connection: Connection) -> Lines:
        person = await find_person(connection, user)
        if person.role == new_role:
            return []
        await require_other_owner(connection, person.id)
        await update_person(connection, OPERATOR, person.id, {"role": new_role})
        details = {"from": person.role, "to": new_role}
        target = Target("person", person.id)
        await record(connection, None, "person.role_changed", target, details=details)
        return []

    in_workspace(context, work)


async def find_person(connection: Connection, named: str) -> Person:
    user_id = await find_user(connection, named)
    try:
        return await get_person(connection, OPERATOR, user_id)
    except NotFound as problem:
        raise StartupError(f"'{named}' is an agent; this is for people") from problem

"""The current user's own profile, password, sessions and second factor."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import Field

from bullpen.accounts import email_change, mail, recovery, second_factor, sessions
from bullpen.accounts.profile import Me, get_me, update_me
from bullpen.accounts.second_factor import RecoveryCodes, TotpSecret
from bullpen.accounts.sessions import SignInSession
from bullpen.accounts.sign_in import require_password
from bullpen.accounts.team import Team
from bullpen.api.http.accounts import CurrentAccount, Done, the_team
from bullpen.api.http.dependencies import CurrentActor, DatabaseDep, StateDep
from bullpen.api.http.fields import Color, Email, RequestBody, Text, UserName
from bullpen.api.http.notices import notify
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.api.http.signed_in import set_cookie
from bullpen.api.http.sources import client_network
from bullpen.api.http.state import State
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Forbidden, Invalid
from bullpen.kit.zones import find_zone
from bullpen.members.actor import Actor

router = Router(prefix="/api/me", tags=["me"])

MAIL_NEEDED = (
    "Bullpen cannot send e-mails here, so it cannot check the new address. Ask an administrator."
)


class ProfileChange(RequestBody):
    """Fields to change; the others stay as they are."""

    display_name: Annotated[UserName | None, Field(description="The name that is shown.")] = None
    title: Annotated[
        Text | None, Field(max_length=80, description="Job title, shown beside the name.")
    ] = None
    avatar_color: Annotated[Color | None, Field(description="Background of the avatar.")] = None
    time_zone: Annotated[
        Text | None, Field(max_length=100, description="IANA name, like `Europe/Berlin`.")
    ] = None
    email: Annotated[Email | None, Field(description="New address; needs the password.")] = None
    password: Annotated[
        Text | None, Field(max_length=1000, description="The current password.")
    ] = None


class PasswordChange(RequestBody):
    """A new password."""

    current: Annotated[
        Text | None, Field(max_length=1000, description="The current password, if there is one.")
    ] = None
    password: Annotated[Text, Field(max_length=1000, description="12 to 200 characters.")]


class PasswordGiven(RequestBody):
    """A proof that it is the person themselves."""

    password: Annotated[
        Text | None, Field(max_length=1000, description="The current password, if there is one.")
    ] = None


class TotpCode(RequestBody):
    """What the authenticator app shows."""

    code: Annotated[Text, Field(max_length=20, description="Six digits.")]


@router.get("")
async def read_me(database: DatabaseDep, actor: CurrentActor) -> JsonResponse[Me]:
    """Get the own profile.

    Returns the current user with what only they see of their account.
    """
    return json_response(await get_me(database, actor))


@router.patch("")
async def change_me(
    request: Request, body: ProfileChange, state: StateDep, actor: CurrentActor
) -> JsonResponse[Me]:
    """Change the own profile.

    A new e-mail address needs the password, and counts once the link that is sent to it is opened.
    """
    values = body.model_dump(exclude_unset=True, exclude={"email", "password"})
    if any(
        values[name] is None for name in ("display_name", "title", "avatar_color") if name in values
    ):
        raise Invalid(ErrorCode.VALIDATION_FAILED, "The name, title and color cannot be removed.")
    zone = values.get("time_zone")
    if zone is not None and find_zone(zone) is None:
        raise Invalid(
            ErrorCode.INVALID_TIME_ZONE, f"'{zone}' is not a time zone. Use one like Europe/Berlin."
        )
    email = body.email
    before = await get_me(state.database, actor)
    if email is None or email.lower() == (before.email or "").lower():
        async with state.database.transaction() as connection:
            await update_me(connection, actor, values)
        return json_response(await get_me(state.database, actor))
    team = await the_team(request)
    if team.mail is None and actor.role not in ("owner", "admin"):
        raise Forbidden(ErrorCode.MAIL_NEEDED, MAIL_NEEDED)
    await check_password(request, state, actor, team, body.password)
    link = None
    async with state.database.transaction() as connection:
        await update_me(connection, actor, values)
        if team.mail is None:
            await email_change.set_email(connection, actor, email)
        else:
            link = await email_change.begin_email_change(connection, actor, email)
    if link is not None and team.mail is not None:
        workspace = await state.workspace()
        content = mail.new_address(email, workspace.name, team.link("email", link.token))
        state.start(mail.send(team.mail, content))
    return json_response(await get_me(state.database, actor))


async def check_password(
    request: Request, state: State, actor: Actor, team: Team, password: str | None
) -> None:
    await require_password(
        state.database, team.secret_key, actor.user_id, password, client_network(request)
    )


@router.put("/password")
async def change_password(
    request: Request, body: PasswordChange, account: CurrentAccount, state: StateDep
) -> JsonResponse[Done]:
    """Change the own password.

    All other sessions end, and this one gets a new cookie.
    """
    actor = account.actor
    await check_password(request, state, actor, await the_team(request), body.current)
    token = await recovery.change_password(state.database, actor, account.session.id, body.password)
    state.sessions.forget(actor.user_id)
    notify(request, state, actor.user_id, "password")
    response = json_response(Done())
    set_cookie(request, response, token)
    return response


@router.get("/sessions")
async def list_sessions(
    account: CurrentAccount, database: DatabaseDep
) -> JsonResponse[list[SignInSession]]:
    """List the own sessions.

    Returns the browsers in which the current user is signed in, the last used first.
    """
    return json_response(await sessions.list_sessions(database, account.actor, account.session.id))


@router.delete("/sessions")
async def end_other_sessions(account: CurrentAccount, state: StateDep) -> JsonResponse[Done]:
    """End all other sessions.

    The current user stays signed in where this request comes from, and nowhere else.
    """
    actor = account.actor
    async with state.database.transaction() as connection:
        await sessions.end_sessions(connection, actor, actor.user_id, kept=account.session.id)
    state.sessions.forget(actor.user_id)
    return json_response(Done())


@router.delete("/sessions/{session_id}")
async def end_session(
    session_id: UUID, account: CurrentAccount, state: StateDep
) -> JsonResponse[Done]:
    """End a session.

    Signs the current user out in another browser, or in this one.
    """
    async with state.database.transaction() as connection:
        await sessions.end_session(connection, account.actor, session_id)
    state.sessions.forget(account.actor.user_id)
    return json_response(Done())


@router.post("/totp")
async def begin_totp(
    request: Request, body: PasswordGiven, account: CurrentAccount, state: StateDep
) -> JsonResponse[TotpSecret]:
    """Add an authenticator app.

    Returns the secret for the app. Signing in does not need it until a code of it is confirmed.
    """
    actor, team = account.actor, await the_team(request)
    await check_password(request, state, actor, team, body.password)
    workspace = await state.workspace()
    async with state.database.transaction() as connection:
        secret = await second_factor.begin(connection, team.secret_key, actor, workspace.name)
    return json_response(secret)


@router.post("/totp/confirm")
async def confirm_totp(
    request: Request, body: TotpCode, account: CurrentAccount, state: StateDep
) -> JsonResponse[RecoveryCodes]:
    """Confirm an authenticator app.

    From now on, signing in needs a code of the app. Returns recovery codes, which are shown once.
    """
    team = await the_team(request)
    await second_factor.charge(
        state.database, team.secret_key, account.actor, client_network(request)
    )
    async with state.database.transaction() as connection:
        codes = await second_factor.confirm(connection, team.secret_key, account.actor, body.code)
    notify(request, state, account.actor.user_id, "totp_on")
    return json_response(codes)


@router.delete("/totp")
async def end_totp(
    request: Request, body: PasswordGiven, account: CurrentAccount, state: StateDep
) -> JsonResponse[Done]:
    """Remove the authenticator app.

    Signing in needs the password alone from now on, and the recovery codes stop working.
    """
    await check_password(request, state, account.actor, await the_team(request), body.password)
    async with state.database.transaction() as connection:
        was_on = await second_factor.switch_off(connection, account.actor)
    if was_on:
        notify(request, state, account.actor.user_id, "totp_off")
    return json_response(Done())


@router.post("/recovery-codes")
async def renew_recovery_codes(
    request: Request, body: PasswordGiven, account: CurrentAccount, state: StateDep
) -> JsonResponse[RecoveryCodes]:
    """Make new recovery codes.

    Those before stop working. The new ones are shown once.
    """
    await check_password(request, state, account.actor, await the_team(request), body.password)
    async with state.database.transaction() as connection:
        codes = await second_factor.renew_codes(connection, account.actor)
    notify(request, state, account.actor.user_id, "recovery_codes")
    return json_response(codes)

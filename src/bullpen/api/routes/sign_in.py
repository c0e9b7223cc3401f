"""Signing in and out, and new passwords."""

from typing import Annotated, Literal

from fastapi import Request
from msgspec import UNSET, Meta, Struct, UnsetType
from pydantic import Field

from bullpen.accounts import links, recovery, sign_in
from bullpen.accounts.email_change import confirm_email
from bullpen.accounts.joining import has_owner, set_up_owner
from bullpen.accounts.links import LinkInfo
from bullpen.accounts.passwords import hash_password, require_acceptable
from bullpen.accounts.profile import Me
from bullpen.api.http import provider_sign_in
from bullpen.api.http.accounts import CurrentAccount, Done, TeamDep, enter
from bullpen.api.http.dependencies import DatabaseDep, StateDep
from bullpen.api.http.fields import Email, RequestBody, Text, UserName
from bullpen.api.http.notices import notify
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.api.http.signed_in import place_of, remove_cookie
from bullpen.api.http.sources import client_address

router = Router(prefix="/api", tags=["sign-in"])

Password = Annotated[Text, Field(max_length=1000, description="The password.")]
NewPassword = Annotated[Text, Field(max_length=1000, description="12 to 200 characters.")]
Token = Annotated[Text, Field(max_length=200, description="The part of the link after `#`.")]
EmailField = Annotated[Email, Field(description="E-mail address.")]


class OidcButton(Struct):
    """A provider to sign in with."""

    name: Annotated[str, Meta(description="What to call it.")]


class SetUp(Struct, rename="camel"):
    """What a page needs to know before anybody has signed in."""

    mode: Annotated[Literal["demo", "team"], Meta(description="In demo mode nobody signs in.")]
    workspace_name: Annotated[str, Meta(description="Name of the workspace.")]
    has_owner: Annotated[bool, Meta(description="Whether an owner can sign in already.")]
    oidc: Annotated[
        OidcButton | None,
        Meta(description="The OpenID provider of `/api/oidc/start`, if one is set up."),
    ]
    oauth: (
        Annotated[OidcButton, Meta(description="The provider of `/api/oauth/start`, if set up.")]
        | UnsetType
    ) = UNSET
    sends_email: (
        Annotated[
            bool, Meta(description="True where the server sends e-mails. Left out otherwise.")
        ]
        | UnsetType
    ) = UNSET


class SignIn(RequestBody):
    """What somebody signs in with."""

    email: Annotated[Text, Field(max_length=254, description="E-mail address of the account.")]
    password: Password
    code: Annotated[
        Text | None,
        Field(max_length=40, description="Code of the authenticator app, or a recovery code."),
    ] = None


class NewName(RequestBody):
    """The name of somebody who joins by a sign-in provider."""

    display_name: Annotated[UserName, Field(description="The name that is shown.")]


class NewOwner(RequestBody):
    """The person who opens an owner link."""

    token: Token
    display_name: Annotated[UserName, Field(description="The name that is shown.")]
    email: EmailField
    password: NewPassword


class LinkToken(RequestBody):
    """A link."""

    token: Token


class ForgottenPassword(RequestBody):
    """Whose password was forgotten."""

    email: Annotated[Text, Field(max_length=254, description="E-mail address of the account.")]


class PasswordReset(RequestBody):
    """A new password, and the link that permits it."""

    token: Token
    password: NewPassword


@router.get("/setup")
async def read_setup(state: StateDep, database: DatabaseDep) -> JsonResponse[SetUp]:
    """Get the mode.

    Returns what the sign-in page needs to know. Needs no session.
    """
    workspace = await state.workspace()
    return json_response(
        SetUp(
            "demo" if state.team is None else "team",
            workspace.name,
            await has_owner(database),
            None if state.oidc is None else OidcButton(state.oidc.provider.name),
            UNSET if state.oauth is None else OidcButton(state.oauth.provider.name),
            UNSET if state.team is None or state.team.mail is None else True,
        )
    )


@router.post("/setup", status_code=201)
async def make_owner(
    request: Request, body: NewOwner, _: TeamDep, state: StateDep
) -> JsonResponse[Me]:
    """Become the owner.

    Uses up the link that Bullpen printed when it started, makes the owner and signs them in. Needs
    no session.
    """
    await links.require_open(state.database, "owner", body.token)
    workspace = await state.workspace()
    require_acceptable(body.password, [body.display_name, body.email, workspace.name])
    password_hash = await hash_password(body.password)
    place = place_of(request)
    async with state.database.transaction() as connection:
        person_id = await set_up_owner(
            connection,
            token=body.token,
            display_name=body.display_name,
            email=body.email,
            password_hash=password_hash,
            address=place.device.address,
        )
        token = await sign_in.start_session(connection, person_id, place, "owner link")
    state.sessions.forget(person_id)
    return await enter(request, state, person_id, token, 201)


@router.post("/sign-in")
async def sign_in_with_password(
    request: Request, body: SignIn, team: TeamDep, state: StateDep
) -> JsonResponse[Me]:
    """Sign in.

    Sets the session cookie. If the account has two-factor authentication, the answer without `code`
    is `code_required`. Needs no session.
    """
    given = sign_in.Given(body.email.strip(), body.password, body.code)
    person_id, token = await sign_in.sign_in(
        state.database, team.secret_key, given, place_of(request)
    )
    return await enter(request, state, person_id, token)


@router.post("/sign-in/join", status_code=201)
async def join_by_provider(
    request: Request, body: NewName, _: TeamDep, state: StateDep
) -> JsonResponse[Me]:
    """Join with another name.

    For somebody who has just signed in at a provider, may join, and has a name there that is taken
    here. Creates the account and signs the person in. Needs no session.
    """
    person_id, token = await provider_sign_in.join(request, state, body.display_name)
    response = await enter(request, state, person_id, token, 201)
    provider_sign_in.forget(request, response, provider_sign_in.JOINING)
    return response


@router.post("/sign-out")
async def sign_out(
    request: Request, account: CurrentAccount, state: StateDep
) -> JsonResponse[Done]:
    """Sign out.

    Ends the session of this request and removes its cookie.
    """
    actor, session = account
    async with state.database.transaction() as connection:
        await sign_in.sign_out(connection, actor.user_id, session.id, actor.address)
    state.sessions.forget(actor.user_id)
    response = json_response(Done())
    remove_cookie(request, response)
    return response


@router.post("/links/inspect")
async def inspect_link(
    body: LinkToken, _: TeamDep, database: DatabaseDep
) -> JsonResponse[LinkInfo]:
    """Inspect a link.

    Returns what a link is for, without using it up. Needs no session.
    """
    return json_response(await links.inspect_link(database, body.token))


@router.post("/password/forgot", status_code=202)
async def forgot_password(
    request: Request, body: ForgottenPassword, team: TeamDep, state: StateDep
) -> JsonResponse[Done]:
    """Ask for a new password.

    Sends a link by e-mail if there is such an account. The answer is the same if there is none.
    Needs no session.
    """
    address = client_address(request)
    work = recovery.forgot_password(state.database, team, body.email.strip(), address)
    state.start(work)
    return json_response(Done(), 202)


@router.post("/password/reset")
async def reset_password(
    request: Request, body: PasswordReset, team: TeamDep, state: StateDep
) -> JsonResponse[Done]:
    """Set a new password.

    Uses up a link. All sessions of the person end. Needs no session.
    """
    person_id = await recovery.reset_password(
        state.database, team.secret_key, body.token, body.password, client_address(request)
    )
    state.sessions.forget(person_id)
    notify(request, state, person_id, "password")
    return json_response(Done())


@router.post("/email/confirm")
async def confirm_new_email(
    request: Request, body: LinkToken, _: TeamDep, state: StateDep
) -> JsonResponse[Done]:
    """Confirm an e-mail address.

    Uses up a link. The account has the new address from now on. Needs no session.
    """
    async with state.database.transaction() as connection:
        person_id, before = await confirm_email(connection, body.token, client_address(request))
    if before is not None:
        notify(request, state, person_id, "email", before)
    return json_response(Done())

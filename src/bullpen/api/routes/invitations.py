"""Invitations: made and revoked by administrators, accepted by those whom they are for."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Request
from msgspec import Meta, Struct
from pydantic import Field

from bullpen.accounts import joining, links, mail, recovery, sign_in
from bullpen.accounts.joining import Invitation, Invited
from bullpen.accounts.passwords import hash_password, require_acceptable
from bullpen.accounts.profile import Me
from bullpen.api.http.accounts import Done, TeamDep, enter
from bullpen.api.http.dependencies import CurrentActor, DatabaseDep, StateDep
from bullpen.api.http.fields import Email, Id, RequestBody, Text, UserName
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.api.http.signed_in import place_of
from bullpen.kit.json_types import Time
from bullpen.members.actor import Role
from bullpen.members.queries import get_user

router = Router(prefix="/api", tags=["invitations"])

Sent = Literal["sent", "off", "failed"]
MOST_CHANNELS = 100


class InvitationMade(Struct):
    """A new invitation."""

    invitation: Annotated[Invitation, Meta(description="The invitation.")]
    link: Annotated[str | None, Meta(description="Link to pass on; null if it was sent by e-mail.")]
    mail: Annotated[
        Sent, Meta(description="Whether the e-mail was sent: `off` means there is no mail server.")
    ]


class ResetLink(Struct, rename="camel"):
    """A link with which a person sets a new password."""

    link: Annotated[str, Meta(description="Link to pass on to the person.")]
    expires_at: Annotated[Time, Meta(description="When it stops working.")]


class NewInvitation(RequestBody):
    """Who is invited."""

    email: Annotated[Email, Field(description="E-mail address of the account.")]
    role: Annotated[Role, Field(description="What they may do.")]
    channel_ids: Annotated[
        list[Id], Field(max_length=MOST_CHANNELS, description="Channels of a guest.")
    ] = []


class Acceptance(RequestBody):
    """The person who accepts an invitation."""

    token: Annotated[Text, Field(max_length=200, description="The part of the link after `#`.")]
    display_name: Annotated[UserName, Field(description="The name that is shown.")]
    password: Annotated[Text, Field(max_length=1000, description="12 to 200 characters.")]


@router.get("/invitations")
async def list_invitations(
    actor: CurrentActor, _: TeamDep, database: DatabaseDep
) -> JsonResponse[list[Invitation]]:
    """List invitations.

    Returns those that have not been accepted, the newest first.
    """
    return json_response(await joining.list_invitations(database, actor))


@router.post("/invitations", status_code=201)
async def invite(
    body: NewInvitation, actor: CurrentActor, team: TeamDep, state: StateDep
) -> JsonResponse[InvitationMade]:
    """Invite a person.

    Sends the link by e-mail. Where that is not possible, the link is in the answer.
    """
    invited = Invited(body.email, body.role, list(body.channel_ids))
    async with state.database.transaction() as connection:
        invitation, token = await joining.invite(connection, actor, invited)
    link = team.link("invitation", token)
    if team.mail is None:
        return json_response(InvitationMade(invitation, link, "off"), 201)
    workspace = await state.workspace()
    inviter = await get_user(state.database, actor, actor.user_id)
    content = mail.invitation(body.email, workspace.name, inviter.display_name, link)
    if await mail.send(team.mail, content):
        return json_response(InvitationMade(invitation, None, "sent"), 201)
    return json_response(InvitationMade(invitation, link, "failed"), 201)


@router.delete("/invitations/{invitation_id}")
async def revoke_invitation(
    invitation_id: UUID, actor: CurrentActor, _: TeamDep, database: DatabaseDep
) -> JsonResponse[Done]:
    """Revoke an invitation.

    Its link stops working.
    """
    async with database.transaction() as connection:
        await joining.revoke_invitation(connection, actor, invitation_id)
    return json_response(Done())


@router.post("/invitations/accept", status_code=201, tags=["sign-in"])
async def accept_invitation(
    request: Request, body: Acceptance, _: TeamDep, state: StateDep
) -> JsonResponse[Me]:
    """Accept an invitation.

    Creates the account and signs the person in. Needs no session.
    """
    link = await links.require_open(state.database, "invitation", body.token)
    workspace = await state.workspace()
    require_acceptable(body.password, [body.display_name, link.email or "", workspace.name])
    password_hash = await hash_password(body.password)
    place = place_of(request)
    async with state.database.transaction() as connection:
        person_id = await joining.accept_invitation(
            connection,
            token=body.token,
            display_name=body.display_name,
            password_hash=password_hash,
            address=place.device.address,
        )
        token = await sign_in.start_session(connection, person_id, place, "invitation")
    return await enter(request, state, person_id, token, 201)


@router.post("/people/{person_id}/reset-link", status_code=201)
async def make_reset_link(
    person_id: Id, actor: CurrentActor, team: TeamDep, database: DatabaseDep
) -> JsonResponse[ResetLink]:
    """Make a reset link.

    For a person who forgot the password, to pass on where Bullpen cannot send e-mails.
    """
    async with database.transaction() as connection:
        link = await recovery.make_reset_link(connection, actor, person_id)
    return json_response(ResetLink(team.link("reset", link.token), link.expires_at), 201)

"""Tells people by e-mail what has changed in their account."""

from fastapi import Request

from bullpen.accounts.notices import Change, send_notice
from bullpen.api.http.sources import client_address
from bullpen.api.http.state import State


def notify(
    request: Request, state: State, person_id: str, change: Change, to: str | None = None
) -> None:
    """After the answer, so that a slow mail server holds up nobody. `to`: the address before the
    change, where that was changed."""
    if state.team is not None and state.team.mail is not None:
        address = client_address(request)
        state.start(send_notice(state.database, state.team, person_id, change, address, to))

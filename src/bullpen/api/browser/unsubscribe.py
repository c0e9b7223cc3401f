"""The page that switches e-mail digests off without sign-in (RFC 8058).

It needs no session and no script. Opening it changes nothing, because mail servers open links as
well: the button does, and so does the request that mail programs make for their own button.
"""

from html import escape

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from bullpen.api.http.state import state_of
from bullpen.digests.unsubscribing import PATH, owner
from bullpen.members.notifying import end_digests

POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
WRONG = (
    "This link is not valid. Open it again from the e-mail, or sign in and choose your settings."
)
ASK = "Bullpen will send you no more e-mails about unread messages."
DONE = "You get no more e-mails about unread messages. You can choose them again in your settings."


async def unsubscribe_page(request: Request, styles: str) -> Response:
    """`styles`: the address of the stylesheet of pages without a session."""
    state = state_of(request)
    key = None if state.team is None else state.team.secret_key
    token = request.query_params.get("code", "")
    user_id = None if key is None else owner(key, token)
    if user_id is None:
        return page(styles, "Link not valid", WRONG, 404)
    if request.method != "POST":
        return page(styles, "Stop these e-mails?", ASK, 200, token)
    async with state.database.transaction() as connection:
        await end_digests(connection, user_id)
    return page(styles, "E-mails stopped", DONE, 200)


def page(styles: str, title: str, text: str, status: int, token: str | None = None) -> Response:
    form = (
        ""
        if token is None
        else f'<form class="entry__form" method="post" action="{PATH}?code={escape(token)}">'
        '<button class="button button--primary" type="submit">Stop e-mails</button></form>'
    )
    content = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">'
        f'<title>{title}</title><link rel="stylesheet" href="{styles}"></head><body>'
        f'<main class="entry"><div class="entry__card"><h1 class="entry__title">{title}</h1>'
        f'<p class="entry__intro">{text}</p>{form}</div></main></body></html>'
    )
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": POLICY}
    return HTMLResponse(content, status, headers)

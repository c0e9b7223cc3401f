"""E-mails with links in them. They are sent after the transaction that makes the link."""

import logging
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from bullpen.accounts.team import MailServer

log = logging.getLogger(__name__)

SECONDS = 10
# Long addresses in headers are not to be cut.
POLICY = SMTP.clone(max_line_length=900)
PORTS = {"smtp": 587, "smtps": 465}


class Mail(Struct, frozen=True):
    to: str
    subject: str
    text: str
    html: str | None = None
    # Further ones, by name.
    headers: tuple[tuple[str, str], ...] = ()


async def send(server: MailServer, mail: Mail) -> bool:
    """Whether the server took it. Where it did not, the log says why."""
    import aiosmtplib  # noqa: PLC0415 - most workspaces start without a mail server

    message = EmailMessage(policy=POLICY)
    message["From"] = server.sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=server.sender.rpartition("@")[2].rstrip(">"))
    message["Auto-Submitted"] = "auto-generated"
    for name, value in mail.headers:
        message[name] = value
    message.set_content(mail.text)
    if mail.html is not None:
        message.add_alternative(mail.html, subtype="html")
    parts = urlsplit(server.url)
    try:
        await aiosmtplib.send(
            message,
            hostname=parts.hostname,
            port=parts.port or PORTS[parts.scheme],
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            use_tls=parts.scheme == "smtps",
            timeout=SECONDS,
        )
    except (aiosmtplib.SMTPException, OSError, ValueError) as problem:
        # Not to whom: a log must not tell who has an account.
        log.error("bullpen: an e-mail could not be sent (%s)", type(problem).__name__)  # noqa: TRY400 - the trace may hold the password
        return False
    return True


def invitation(to: str, workspace: str, inviter: str, link: str) -> Mail:
    return Mail(
        to,
        f"{inviter} invites you to {workspace}",
        f"{inviter} invites you to the workspace {workspace}. Open this link to join:\n\n"
        f"{link}\n\nIt is valid for 7 days and works once.\n",
    )


def reset(to: str, workspace: str, link: str) -> Mail:
    return Mail(
        to,
        f"Set a new password for {workspace}",
        f"Somebody asked for a new password for your account in {workspace}. Open this link to"
        f" set one:\n\n{link}\n\nIt is valid for one hour and works once. If it was not you, you"
        " need not do anything.\n",
    )


def new_address(to: str, workspace: str, link: str) -> Mail:
    return Mail(
        to,
        f"Confirm your e-mail address for {workspace}",
        f"Open this link to use this address for your account in {workspace}:\n\n{link}\n\n"
        "It is valid for 24 hours and works once. If it was not you, you need not do anything.\n",
    )


def notice(to: str, workspace: str, what: str, address: str, base_url: str) -> Mail:
    """`address`: where the request came from."""
    return Mail(
        to,
        f"{workspace}: {what[0].lower()}{what[1:]}",
        f"{what} in your account in {workspace} at {base_url}.\n\n"
        f"The request came from the address {address}. If it was you, you need not do anything. If"
        f" it was not, set a new password at {base_url}/forgot-password and tell an administrator"
        " of the workspace.\n",
    )

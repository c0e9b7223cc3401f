"""A real SMTP server that keeps what it is sent."""

import email
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from tests.support.ports import free_port

from bullpen.accounts.team import MailServer

SECONDS = 20


class Inbox:
    """Answers the server's questions, as aiosmtpd asks them."""

    def __init__(self) -> None:
        self._got: queue.Queue[EmailMessage] = queue.Queue()
        self.refuses = False
        self.users: list[str] = []

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.refuses:
            return "451 Try again later"
        assert isinstance(envelope.content, bytes)
        message = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        assert envelope.rcpt_tos == [message["To"]]
        self._got.put(message)
        return "250 OK"

    def authenticate(self, _: Any, __: Any, ___: Any, mechanism: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        self.users.append(given.login.decode())
        return AuthResult(success=given.password == b"p@ss/word")

    def next(self) -> EmailMessage:
        return self._got.get(timeout=SECONDS)

    def is_empty(self) -> bool:
        return self._got.empty()


@contextmanager
def mail_server(*, asks_password: bool = False) -> Iterator[tuple[MailServer, Inbox]]:
    inbox, port = Inbox(), free_port()
    controller = Controller(
        inbox,
        hostname="127.0.0.1",
        # The controller itself connects to the port that it is given.
        port=port,
        authenticator=inbox.authenticate if asks_password else None,
        auth_require_tls=False,
    )
    controller.start()
    try:
        user = "chat%40example.org:p%40ss%2Fword@" if asks_password else ""
        yield MailServer(f"smtp://{user}127.0.0.1:{port}", "Bullpen <chat@example.org>"), inbox
    finally:
        controller.stop()

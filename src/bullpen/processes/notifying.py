"""What reaches people who are not looking: Web Push and e-mail digests."""

from collections.abc import Callable, Coroutine
from typing import Any

from bullpen.accounts.team import MailServer
from bullpen.digests.sending import DigestSender
from bullpen.kit.database import Database
from bullpen.push.sending import Sender


def notifying(
    database: Database,
    secret: Callable[[], str],
    public_url: str | None,
    mail: MailServer | None,
    base_url: str,
) -> list[Coroutine[Any, Any, None]]:
    """Each runs until it is cancelled. `mail` None: no e-mails are sent."""
    sending = [Sender(database, secret, public_url).run()]
    if mail is not None:
        sending.append(DigestSender(database, mail, base_url, secret).run())
    return sending

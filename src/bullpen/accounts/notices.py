"""E-mails about changes in a person's account, in case it was somebody else."""

from typing import Literal

from bullpen.accounts import mail
from bullpen.accounts.team import Team
from bullpen.kit.database import Database
from bullpen.kit.errors import AppError

Change = Literal["password", "email", "totp_on", "totp_off", "recovery_codes", "token"]
# What completes "… in your account".
WHAT: dict[Change, str] = {
    "password": "The password was changed",
    "email": "The e-mail address was changed",
    "totp_on": "Two-factor authentication was switched on",
    "totp_off": "Two-factor authentication was switched off",
    "recovery_codes": "New recovery codes were made",
    "token": "A new API token was made",
}
FACTS = "SELECT p.email, w.name FROM people p CROSS JOIN workspace w WHERE p.id = $1"


async def send_notice(
    database: Database, team: Team, person_id: str, change: Change, address: str, to: str | None
) -> None:
    """After the change, which counts whether or not the e-mail arrives: the audit log has it.

    `to`: the address before the change, where that was changed.
    """
    if team.mail is None:
        return
    try:
        row = await database.fetch_one(FACTS, person_id)
    except AppError:
        return
    email, workspace = row or (None, "")
    if (to := to or email) is not None:
        content = mail.notice(to, workspace, WHAT[change], address, team.base_url)
        await mail.send(team.mail, content)

"""Team mode as a start finds it, and the link that makes an owner."""

from bullpen.accounts import secret_key
from bullpen.accounts.joining import has_owner, make_owner_link
from bullpen.accounts.team import MailServer, Team
from bullpen.kit.database import connect
from bullpen.processes.bootstrap import DatabaseLocation
from bullpen.settings import Settings


def team_of(settings: Settings, url: str) -> Team | None:
    """None in demo mode. `url` is the address of the workspace."""
    if not settings.in_team_mode:
        return None
    key = settings.secret_key or secret_key.read_or_make(settings.data_dir)
    return Team(key, url, mail_server(settings), settings.oidc_provider, settings.oauth_provider)


def mail_server(settings: Settings) -> MailServer | None:
    """None where no e-mails are sent."""
    if settings.smtp_url is None or not settings.in_team_mode:
        return None
    assert settings.mail_from is not None
    return MailServer(settings.smtp_url, settings.mail_from)


async def first_owner_link(location: DatabaseLocation, team: Team) -> str | None:
    """None where an owner can sign in."""
    connection = await connect(location.unpooled_url, pooled=True)
    try:
        async with connection.transaction():
            if await has_owner(connection):
                return None
            link = await make_owner_link(connection)
            return team.link("owner", link.token)
    finally:
        await connection.close()

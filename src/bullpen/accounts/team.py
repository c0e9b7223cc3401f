"""What team mode needs to know, as the program's start finds it."""

from msgspec import Struct

from bullpen.accounts.links import Kind, address_of
from bullpen.accounts.oidc_provider import OAuthProvider, Provider


class MailServer(Struct, frozen=True):
    """`url` as smtp://user:password@host:587, or smtps:// for TLS from the start."""

    url: str
    sender: str


class Team(Struct, frozen=True):
    """`base_url`: the address of the workspace, which links begin with."""

    secret_key: str
    base_url: str
    mail: MailServer | None = None
    oidc: Provider | None = None
    oauth: OAuthProvider | None = None

    def link(self, kind: Kind, token: str) -> str:
        return address_of(self.base_url, kind, token)

"""Sign-in providers, and a sign-in there, without the libraries that speak to them.

Those take a while to load, so they are only where a provider is set up.
"""

import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

from msgspec import Struct

from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import SignInRefused

DECLINED = "The sign-in provider did not sign you in. Try again, or sign in with a password."
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
REFUSED = "The sign-in provider's answer could not be verified. Try to sign in again."


class Provider(Struct, frozen=True):
    """An OpenID provider, as the settings name it. `name` is on the button; `join_domains` are
    those whose verified e-mail addresses may join without an invitation."""

    issuer: str
    client_id: str
    client_secret: str
    name: str
    join_domains: frozenset[str] = frozenset()


class OAuthProvider(Struct, frozen=True):
    """A provider of OAuth 2 without OpenID Connect, as GitHub is. `user_url` answers who has signed
    in, and `emails_url` with which addresses."""

    authorize_url: str
    token_url: str
    user_url: str
    emails_url: str
    client_id: str
    client_secret: str
    name: str
    scopes: str
    join_domains: frozenset[str] = frozenset()

    @property
    def issuer(self) -> str:
        """What its accounts are known by: it names no issuer itself."""
        parts = urlsplit(self.authorize_url)
        return f"{parts.scheme}://{parts.netloc}"


class Pending(Struct):
    """What the browser keeps between leaving for the provider and coming back."""

    state: str
    nonce: str
    verifier: str
    return_to: str


class Identity(Struct):
    """Whom the provider has signed in. `email` is given only where the provider verified it."""

    issuer: str
    subject: str
    email: str | None
    name: str | None


def new_pending(return_to: str) -> Pending:
    return Pending(
        secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), return_to
    )


def code_of(pending: Pending, issuer: str, answer: Mapping[str, str]) -> str:
    """The code that the browser came back with. `answer`: the query of the address it came by."""
    state = answer.get("state", "")
    if not secrets.compare_digest(state.encode(), pending.state.encode()):
        raise refusal("state")
    if answer.get("iss", issuer) != issuer:
        raise refusal("issuer of the answer")
    if "error" in answer or not answer.get("code"):
        raise SignInRefused(ErrorCode.OIDC_DECLINED, DECLINED)
    return answer["code"]


def refusal(what: str) -> SignInRefused:
    """`what` did not hold; it is for the log, and the same words are shown for all."""
    return SignInRefused(ErrorCode.OIDC_REFUSED, REFUSED, {"check": what})


def is_safe(address: object) -> bool:
    """Whether secrets may be sent there: over TLS, or to this machine."""
    if not isinstance(address, str):
        return False
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)

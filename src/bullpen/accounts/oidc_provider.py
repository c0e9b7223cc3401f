"""An OpenID provider, and a sign-in there, without the libraries that speak to it.

Those take a while to load, so they are only where a provider is set up.
"""

from msgspec import Struct

from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import SignInRefused

REFUSED = "The sign-in provider's answer could not be verified. Try to sign in again."


class Provider(Struct, frozen=True):
    """What the settings say. `name` is on the button; `join_domains` are those whose verified
    e-mail addresses may join without an invitation."""

    issuer: str
    client_id: str
    client_secret: str
    name: str
    join_domains: frozenset[str] = frozenset()


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


def refusal(what: str) -> SignInRefused:
    """`what` did not hold; it is for the log, and the same words are shown for all."""
    return SignInRefused(ErrorCode.OIDC_REFUSED, REFUSED, {"check": what})

"""Signing in with a provider of OAuth 2 alone, as GitHub is: the code flow with PKCE, and then the
provider's own answers for who it was. There is no signed token, so each answer comes directly from
the provider, over TLS."""

from collections.abc import Mapping
from typing import Any

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from bullpen.accounts.oidc_provider import (
    Identity,
    OAuthProvider,
    Pending,
    code_of,
    new_pending,
    refusal,
)
from bullpen.accounts.provider_requests import ask, ask_for_object

JSON = {"Accept": "application/json"}


class Client:
    """Speaks to one provider."""

    def __init__(self, provider: OAuthProvider) -> None:
        self.provider = provider

    async def begin(self, redirect_uri: str, return_to: str) -> tuple[str, Pending]:
        """The provider's address to send the browser to, and what the browser must bring back."""
        pending = new_pending(return_to)
        address = prepare_grant_uri(
            self.provider.authorize_url,
            self.provider.client_id,
            "code",
            redirect_uri=redirect_uri,
            scope=self.provider.scopes,
            state=pending.state,
            code_challenge=create_s256_code_challenge(pending.verifier),
            code_challenge_method="S256",
        )
        return str(address), pending

    async def finish(
        self, pending: Pending, redirect_uri: str, answer: Mapping[str, str]
    ) -> Identity:
        """`answer`: the query that the provider sent the browser back with."""
        form = {
            "grant_type": "authorization_code",
            "code": code_of(pending, self.provider.issuer, answer),
            "redirect_uri": redirect_uri,
            "code_verifier": pending.verifier,
            "client_id": self.provider.client_id,
            "client_secret": self.provider.client_secret,
        }
        tokens = await ask_for_object("POST", self.provider.token_url, data=form, headers=JSON)
        # Its status is 200 for a refused code, too.
        access_token = tokens.get("access_token")
        if not isinstance(access_token, str) or not access_token:
            raise refusal("tokens")
        headers = JSON | {"Authorization": f"Bearer {access_token}"}
        user = await ask_for_object("GET", self.provider.user_url, headers=headers)
        emails = await ask("GET", self.provider.emails_url, headers=headers)
        name = user.get("name") or user.get("login")
        return Identity(
            self.provider.issuer,
            subject_of(user),
            verified_email(emails),
            name if isinstance(name, str) else None,
        )


def subject_of(user: Mapping[str, Any]) -> str:
    """The account's number: its name may be given to somebody else one day."""
    found = user.get("id")
    if isinstance(found, bool) or not isinstance(found, int | str) or found == "":
        raise refusal("subject")
    return str(found)


def verified_email(emails: object) -> str | None:
    """The primary address if it is verified, else the first that is. The address of a public
    profile is never read: nobody has verified it."""
    if not isinstance(emails, list):
        raise refusal("addresses")
    verified = [
        one
        for one in emails
        if isinstance(one, dict)
        and one.get("verified") is True
        and isinstance(one.get("email"), str)
    ]
    verified.sort(key=lambda one: one.get("primary") is not True)
    return verified[0]["email"] if verified else None

"""Signing in with an OpenID provider: the authorization code flow with PKCE (RFC 7636).

Nothing here knows people or sessions: `finish` answers who the provider says has signed in, after
its answer has been checked (OpenID Connect Core, 3.1.3.7).
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bullpen.accounts.oidc_provider import (
    Identity,
    Pending,
    Provider,
    code_of,
    is_safe,
    new_pending,
    refusal,
)
from bullpen.accounts.provider_requests import ask_for_object

SCOPES = "openid email profile"
# Never `none`, and nothing that is signed with the client's secret.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
LEEWAY_SECONDS = 60
METADATA_SECONDS = 3600


@dataclass
class Metadata:
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str | None
    jwks_uri: str
    read_at: float
    keys: KeySet | None = None


class Client:
    """Speaks to one provider. Its addresses and keys are read once an hour, and its keys also
    when a token names one that is not known."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self._metadata: Metadata | None = None
        self._reading = asyncio.Lock()

    async def begin(self, redirect_uri: str, return_to: str) -> tuple[str, Pending]:
        """The provider's address to send the browser to, and what the browser must bring back."""
        metadata = await self._known()
        pending = new_pending(return_to)
        query = {
            "response_type": "code",
            "client_id": self.provider.client_id,
            "redirect_uri": redirect_uri,
            "scope": SCOPES,
            "state": pending.state,
            "nonce": pending.nonce,
            "code_challenge": create_s256_code_challenge(pending.verifier),
            "code_challenge_method": "S256",
        }
        joint = "&" if urlsplit(metadata.authorization_endpoint).query else "?"
        return f"{metadata.authorization_endpoint}{joint}{urlencode(query)}", pending

    async def finish(
        self, pending: Pending, redirect_uri: str, answer: Mapping[str, str]
    ) -> Identity:
        """`answer`: the query that the provider sent the browser back with."""
        code = code_of(pending, self.provider.issuer, answer)
        metadata = await self._known()
        tokens = await ask_for_object(
            "POST",
            metadata.token_endpoint,
            auth=(self.provider.client_id, self.provider.client_secret),
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": redirect_uri,
                "code_verifier": pending.verifier,
            },
        )
        claims = await self._verified(metadata, tokens, pending.nonce)
        if "email" not in claims and metadata.userinfo_endpoint is not None:
            headers = {"Authorization": f"Bearer {tokens['access_token']}"}
            more = await ask_for_object("GET", metadata.userinfo_endpoint, headers=headers)
            if more.get("sub") != claims["sub"]:
                raise refusal("subject")
            claims = {**more, **claims}
        email = claims.get("email") if claims.get("email_verified") is True else None
        name = claims.get("name") or claims.get("preferred_username")
        return Identity(
            self.provider.issuer,
            str(claims["sub"]),
            email if isinstance(email, str) else None,
            name if isinstance(name, str) else None,
        )

    async def _verified(
        self, metadata: Metadata, tokens: Mapping[str, Any], nonce: str
    ) -> dict[str, Any]:
        token, access_token = tokens.get("id_token"), tokens.get("access_token")
        if not isinstance(token, str) or not isinstance(access_token, str):
            raise refusal("tokens")
        try:
            decoded = jwt.decode(token, await self._keys(metadata), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            # Keys are replaced from time to time.
            try:
                keys = await self._keys(metadata, anew=True)
                decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
            except (JoseError, ValueError) as problem:
                raise refusal("signature") from problem
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            options={
                "iss": {"essential": True, "value": self.provider.issuer},
                "aud": {"essential": True, "value": self.provider.client_id},
                "sub": {"essential": True},
            },
            params={
                "nonce": nonce,
                "client_id": self.provider.client_id,
                "access_token": access_token,
            },
        )
        try:
            claims.validate(leeway=LEEWAY_SECONDS)
        except JoseError as problem:
            raise refusal(str(getattr(problem, "claim", "claims"))) from problem
        return dict(claims)

    async def _known(self) -> Metadata:
        async with self._reading:
            known = self._metadata
            if known is None or time.monotonic() - known.read_at > METADATA_SECONDS:
                address = self.provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
                self._metadata = known = self._checked(await ask_for_object("GET", address))
            return known

    def _checked(self, found: Mapping[str, Any]) -> Metadata:
        if found.get("issuer") != self.provider.issuer:
            raise refusal("issuer")
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        addresses = [found.get(name) for name in names]
        userinfo = found.get("userinfo_endpoint")
        if not all(is_safe(address) for address in addresses):
            raise refusal("endpoints")
        authorization, token, keys = map(str, addresses)
        usable = str(userinfo) if is_safe(userinfo) else None
        return Metadata(authorization, token, usable, keys, time.monotonic())

    async def _keys(self, metadata: Metadata, *, anew: bool = False) -> KeySet:
        if metadata.keys is None or anew:
            found = await ask_for_object("GET", metadata.jwks_uri)
            try:
                metadata.keys = KeySet.import_key_set(found)  # type: ignore[arg-type]
            except (JoseError, ValueError, KeyError, TypeError) as problem:
                raise refusal("keys") from problem
        return metadata.keys

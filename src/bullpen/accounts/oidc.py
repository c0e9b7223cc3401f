"""Signing in with an OpenID provider: the authorization code flow with PKCE (RFC 7636).

Nothing here knows people or sessions: `finish` answers who the provider says has signed in, after
its answer has been checked (OpenID Connect Core, 3.1.3.7).
"""

import asyncio
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from msgspec import DecodeError, json

from bullpen.accounts.oidc_provider import Identity, Pending, Provider, refusal
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import SignInRefused

SCOPES = "openid email profile"
# Never `none`, and nothing that is signed with the client's secret.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
LEEWAY_SECONDS = 60
METADATA_SECONDS = 3600
TIMEOUT_SECONDS = 10.0
LARGEST_ANSWER = 256_000
LOOPBACK = {"localhost", "127.0.0.1", "::1"}

UNREACHABLE = "The sign-in provider cannot be reached. Try again later, or sign in with a password."
DECLINED = "The sign-in provider did not sign you in. Try again, or sign in with a password."


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
        pending = Pending(
            secrets.token_urlsafe(24),
            secrets.token_urlsafe(24),
            secrets.token_urlsafe(48),
            return_to,
        )
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
        state = answer.get("state", "")
        if not secrets.compare_digest(state.encode(), pending.state.encode()):
            raise refusal("state")
        if answer.get("iss", self.provider.issuer) != self.provider.issuer:
            raise refusal("issuer of the answer")
        if "error" in answer or not answer.get("code"):
            raise SignInRefused(ErrorCode.OIDC_DECLINED, DECLINED)
        metadata = await self._known()
        tokens = await self._post(
            metadata.token_endpoint,
            {
                "grant_type": "authorization_code",
                "code": answer["code"],
                "redirect_uri": redirect_uri,
                "code_verifier": pending.verifier,
            },
        )
        claims = await self._verified(metadata, tokens, pending.nonce)
        if "email" not in claims and metadata.userinfo_endpoint is not None:
            more = await self._get(
                metadata.userinfo_endpoint, {"Authorization": f"Bearer {tokens['access_token']}"}
            )
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
                self._metadata = known = self._checked(await self._get(address))
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
            found = await self._get(metadata.jwks_uri)
            try:
                metadata.keys = KeySet.import_key_set(found)  # type: ignore[arg-type]
            except (JoseError, ValueError, KeyError, TypeError) as problem:
                raise refusal("keys") from problem
        return metadata.keys

    async def _get(self, address: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        return await self._send("GET", address, headers=headers)

    async def _post(self, address: str, form: Mapping[str, str]) -> dict[str, Any]:
        account = (self.provider.client_id, self.provider.client_secret)
        return await self._send("POST", address, data=form, auth=account)

    async def _send(self, method: str, address: str, **options: Any) -> dict[str, Any]:
        try:
            async with (
                httpx2.AsyncClient(timeout=TIMEOUT_SECONDS) as client,
                client.stream(method, address, **options) as response,
            ):
                content = b""
                async for part in response.aiter_bytes():
                    content += part
                    if len(content) > LARGEST_ANSWER:
                        raise refusal("size of the answer")
        except httpx2.HTTPError as problem:
            raise SignInRefused(ErrorCode.OIDC_UNREACHABLE, UNREACHABLE) from problem
        if response.status_code >= 500:  # noqa: PLR2004 - a fault of the provider
            raise SignInRefused(ErrorCode.OIDC_UNREACHABLE, UNREACHABLE)
        try:
            found = json.decode(content)
        except DecodeError as problem:
            raise refusal("answer") from problem
        if response.status_code != 200 or not isinstance(found, dict):  # noqa: PLR2004
            raise refusal("answer")
        return found


def is_safe(address: object) -> bool:
    """Whether secrets may be sent there: over TLS, or to this machine."""
    if not isinstance(address, str):
        return False
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)

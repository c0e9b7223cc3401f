"""Requests to a sign-in provider, whose answers are checked before anything is made of them."""

from typing import Any

import httpx2
from msgspec import DecodeError, json

from bullpen.accounts.oidc_provider import refusal
from bullpen.kit.certificates import trusted
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import SignInRefused

TIMEOUT_SECONDS = 10.0
LARGEST_ANSWER = 256_000

UNREACHABLE = "The sign-in provider cannot be reached. Try again later, or sign in with a password."


async def ask(method: str, address: str, **options: Any) -> Any:
    """What it answers, as JSON. `options` are those of a request of `httpx2`."""
    try:
        async with (
            httpx2.AsyncClient(verify=trusted(), timeout=TIMEOUT_SECONDS) as client,
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
    if response.status_code != 200:  # noqa: PLR2004
        raise refusal("answer")
    try:
        return json.decode(content)
    except DecodeError as problem:
        raise refusal("answer") from problem


async def ask_for_object(method: str, address: str, **options: Any) -> dict[str, Any]:
    found = await ask(method, address, **options)
    if not isinstance(found, dict):
        raise refusal("answer")
    return found

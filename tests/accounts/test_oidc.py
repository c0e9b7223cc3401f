"""Signing in with a real OpenID provider, and with one that answers wrongly."""

import asyncio
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from bullpen.accounts.oidc import Client
from bullpen.accounts.oidc_provider import Identity, Pending, Provider, is_safe
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import SignInRefused
from tests.support.oidc_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    RunningProvider,
    running_provider,
)

BACK = "http://127.0.0.1:8000/api/oidc/callback"
DANA = {"sub": "dana", "email": "dana@example.org", "email_verified": True, "name": "Dana Flour"}


@pytest.fixture(scope="module")
def running() -> Iterator[RunningProvider]:
    with running_provider(BACK) as provider:
        yield provider


@pytest.fixture
def provider(running: RunningProvider) -> Iterator[Provider]:
    running.answer_wrongly("")
    running.sign_in_as(DANA)
    yield Provider(running.issuer, CLIENT_ID, CLIENT_SECRET, "Example")
    running.answer_wrongly("")


def sign_in(running: RunningProvider, provider: Provider, *changes: tuple[str, str]) -> Identity:
    """`changes`: of what the browser comes back with."""

    async def work() -> Identity:
        client = Client(provider)
        address, pending = await client.begin(BACK, "/c/general")
        assert pending.return_to == "/c/general"
        answer = await asyncio.to_thread(running.go_through, address, BACK)
        return await client.finish(pending, BACK, answer | dict(changes))

    return asyncio.run(work())


def refused(running: RunningProvider, provider: Provider, *changes: tuple[str, str]) -> object:
    with pytest.raises(SignInRefused) as raised:
        sign_in(running, provider, *changes)
    return raised.value.code, raised.value.details


def test_a_person_is_who_the_provider_says(running: RunningProvider, provider: Provider):
    expected = Identity(running.issuer, "dana", "dana@example.org", "Dana Flour")
    assert sign_in(running, provider) == expected


def test_an_address_that_is_not_verified_is_none(running: RunningProvider, provider: Provider):
    for claims in ({"email_verified": False}, {"email_verified": "true"}):
        running.sign_in_as(DANA | claims)
        assert sign_in(running, provider).email is None
    running.sign_in_as({"sub": "dana"})
    assert sign_in(running, provider) == Identity(running.issuer, "dana", None, None)


@pytest.mark.parametrize(
    ("wrong", "check"),
    [
        ("issuer", "iss"),
        ("audience", "aud"),
        ("nonce", "nonce"),
        ("expired", "exp"),
        ("key", "signature"),
        ("unsigned", "signature"),
        ("metadata", "issuer"),
        ("userinfo", "subject"),
    ],
)
def test_a_wrong_answer_is_refused(
    running: RunningProvider, provider: Provider, wrong: str, check: str
):
    running.answer_wrongly(wrong)
    assert refused(running, provider) == (ErrorCode.OIDC_REFUSED, {"check": check})


def test_an_answer_to_another_browser_is_refused(running: RunningProvider, provider: Provider):
    found = refused(running, provider, ("state", "of another"))
    assert found == (ErrorCode.OIDC_REFUSED, {"check": "state"})
    elsewhere = refused(running, provider, ("iss", "https://elsewhere.example"))
    assert elsewhere == (ErrorCode.OIDC_REFUSED, {"check": "issuer of the answer"})


def test_a_code_counts_once_and_with_its_verifier(running: RunningProvider, provider: Provider):
    async def twice() -> ErrorCode:
        client = Client(provider)
        address, pending = await client.begin(BACK, "/")
        answer = await asyncio.to_thread(running.go_through, address, BACK)
        await client.finish(pending, BACK, answer)
        with pytest.raises(SignInRefused) as raised:
            await client.finish(pending, BACK, answer)
        return raised.value.code

    async def with_another_verifier() -> ErrorCode:
        client = Client(provider)
        address, pending = await client.begin(BACK, "/")
        answer = await asyncio.to_thread(running.go_through, address, BACK)
        other = Pending(pending.state, pending.nonce, "x" * 64, "/")
        with pytest.raises(SignInRefused) as raised:
            await client.finish(other, BACK, answer)
        return raised.value.code

    assert asyncio.run(twice()) == ErrorCode.OIDC_REFUSED
    assert asyncio.run(with_another_verifier()) == ErrorCode.OIDC_REFUSED


def test_who_declines_at_the_provider_is_told_so(running: RunningProvider, provider: Provider):
    running.answer_wrongly("declined")
    assert refused(running, provider) == (ErrorCode.OIDC_DECLINED, None)


def test_a_wrong_secret_and_a_provider_that_is_away(running: RunningProvider, provider: Provider):
    wrong = replace(provider, client_secret="another")
    assert refused(running, wrong) == (ErrorCode.OIDC_REFUSED, {"check": "answer"})
    away = replace(provider, issuer="http://127.0.0.1:9")
    with pytest.raises(SignInRefused) as raised:
        asyncio.run(Client(away).begin(BACK, "/"))
    assert raised.value.code == ErrorCode.OIDC_UNREACHABLE


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://id.example.org/token", True),
        ("http://127.0.0.1:8080/token", True),
        ("http://localhost/token", True),
        ("http://id.example.org/token", False),
        ("http://127.0.0.1.example.org/token", False),
        ("file:///etc/passwd", False),
        (None, False),
    ],
)
def test_secrets_go_only_over_tls_or_to_this_machine(address: object, safe: bool):
    assert is_safe(address) is safe

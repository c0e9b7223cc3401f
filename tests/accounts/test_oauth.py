"""Signing in with a provider of OAuth 2 alone, as GitHub is, over HTTP."""

import asyncio
from collections.abc import Iterator

import pytest

from bullpen.accounts.oauth import Client
from bullpen.accounts.oidc_provider import Identity, OAuthProvider
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import SignInRefused
from tests.support.oauth_provider import DANA, USER, RunningProvider, running_provider

BACK = "http://127.0.0.1:8000/api/oauth/callback"


@pytest.fixture(scope="module")
def running() -> Iterator[RunningProvider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture(autouse=True)
def _as_usual(running: RunningProvider) -> None:
    running.reset()


def sign_in(running: RunningProvider, settings: OAuthProvider | None = None) -> Identity:
    async def work() -> Identity:
        client = Client(settings or running.settings())
        address, pending = await client.begin(BACK, "/c/general")
        answer = await asyncio.to_thread(running.go_through, address)
        return await client.finish(pending, BACK, answer)

    return asyncio.run(work())


def refused(running: RunningProvider, settings: OAuthProvider | None = None) -> object:
    with pytest.raises(SignInRefused) as raised:
        sign_in(running, settings)
    return raised.value.code, (raised.value.details or {}).get("check")


def test_a_person_is_the_number_and_the_verified_primary_address(running: RunningProvider):
    expected = Identity(running.address, "4711", "dana@example.org", "Dana Flour")
    assert sign_in(running) == expected
    asked = running.asked
    assert asked["scope"] == "read:user user:email"
    assert (asked["client_id"], asked["redirect_uri"]) == ("bullpen", BACK)


def test_without_a_name_the_login_is_it(running: RunningProvider):
    running.user = USER | {"name": None}
    assert sign_in(running).name == "dana"


@pytest.mark.parametrize(
    ("emails", "email"),
    [
        ([], None),
        ([{"email": "dana@example.org", "primary": True, "verified": False}], None),
        ([{"email": "dana@example.org", "primary": True, "verified": "true"}], None),
        ([{"email": "dana@example.org", "primary": True}], None),
        ([DANA[0], {**DANA[1], "verified": False}], "old@example.org"),
        ([{"email": None, "primary": True, "verified": True}, "x"], None),
    ],
)
def test_only_a_verified_address_counts_and_never_that_of_the_profile(
    running: RunningProvider, emails: object, email: str | None
):
    running.emails = emails
    assert sign_in(running).email == email


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ("declined", (ErrorCode.OIDC_DECLINED, None)),
        ("another state", (ErrorCode.OIDC_REFUSED, "state")),
        ("token", (ErrorCode.OIDC_REFUSED, "answer")),
        ("away", (ErrorCode.OIDC_UNREACHABLE, None)),
    ],
)
def test_a_wrong_answer_is_refused(running: RunningProvider, wrong: str, expected: object):
    running.wrong = wrong
    assert refused(running) == expected


@pytest.mark.parametrize(
    ("user", "emails", "check"),
    [
        ({}, DANA, "subject"),
        ({"id": None}, DANA, "subject"),
        ({"id": True}, DANA, "subject"),
        ({"id": {"of": 1}}, DANA, "subject"),
        ([], DANA, "answer"),
        (USER, {"message": "Not Found"}, "addresses"),
        (USER, [{"email": "x" * 300_000}], "size of the answer"),
    ],
)
def test_an_answer_of_another_form_is_refused(
    running: RunningProvider, user: object, emails: object, check: str
):
    running.user, running.emails = user, emails
    assert refused(running) == (ErrorCode.OIDC_REFUSED, check)


def test_a_wrong_secret_is_refused_and_a_provider_that_is_away_named(running: RunningProvider):
    wrong = running.settings(client_secret="another")
    assert refused(running, wrong) == (ErrorCode.OIDC_REFUSED, "tokens")
    away = running.settings(user_url="http://127.0.0.1:9/user")
    assert refused(running, away) == (ErrorCode.OIDC_UNREACHABLE, None)


def test_a_code_counts_once_and_with_its_verifier(running: RunningProvider):
    async def work(verifier: str | None) -> None:
        client = Client(running.settings())
        address, pending = await client.begin(BACK, "/")
        answer = await asyncio.to_thread(running.go_through, address)
        if verifier is None:
            await client.finish(pending, BACK, answer)
        else:
            pending.verifier = verifier
        with pytest.raises(SignInRefused) as raised:
            await client.finish(pending, BACK, answer)
        assert raised.value.details == {"check": "tokens"}

    asyncio.run(work(None))
    asyncio.run(work("x" * 64))

"""Which passwords are accepted, and that their hashes hold."""

import asyncio

import pytest
from argon2 import PasswordHasher, extract_parameters

from bullpen.accounts import passwords
from bullpen.kit.errors import Invalid

NAMES = ["Olive Öström", "olive.o@example.org", "Paper Company", "olivia", "bo"]


@pytest.mark.parametrize(
    "password",
    [
        "twelve chars",
        "            ",
        "x" * 200,
        "пароль и дождь",
        "🖇️" * 12,
        "a bowl of rice",
        "Ölive Öströn",
    ],
)
def test_any_characters_are_accepted(password: str):
    assert passwords.require_acceptable(password, NAMES) is None


@pytest.mark.parametrize(
    "password",
    [
        "",
        "eleven char",
        "x" * 201,
        "OLIVE.O@example.ORG",
        "olive o\u0308stro\u0308m",
        "Olive Öström",
        "olive.o@example.org1",
        "Olive-Öström 2026",
        "my OLIVE O is safe",
        "papercompany!",
        "Ｐａｐｅｒ Company",
        "it is olivia!",
    ],
)
def test_short_and_huge_ones_and_names_are_refused(password: str):
    with pytest.raises(Invalid):
        passwords.require_acceptable(password, NAMES)


def test_a_hash_is_argon2id_and_of_one_password_however_it_is_composed(
    monkeypatch: pytest.MonkeyPatch,
):
    # A server of other tests in this process may have made hashing quick.
    monkeypatch.setattr(passwords, "hasher", PasswordHasher())

    async def check() -> None:
        made = await passwords.hash_password("Zoë wants paper")
        parameters = extract_parameters(made)
        assert (made.split("$")[1], parameters.memory_cost >= 47_104) == ("argon2id", True)
        assert await passwords.is_password(made, "Zoe\u0308 wants paper")
        assert not await passwords.is_password(made, "Zoe wants paper")
        assert made != await passwords.hash_password("Zoë wants paper")

    asyncio.run(check())


@pytest.mark.parametrize("stored", [None, "", "not a hash", "$argon2id$v=19$broken"])
def test_where_there_is_no_hash_no_password_is_right(stored: str | None):
    assert not asyncio.run(passwords.is_password(stored, "no password has this hash"))

"""Codes of authenticator apps, by the test vectors of RFC 6238, and which of them are taken."""

import pytest

from bullpen.accounts import recovery_codes, totp
from bullpen.accounts.secrets import decrypt, encrypt

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_codes_are_those_of_the_rfc(seconds: int, code: str):
    assert totp.code_at(SECRET, seconds // 30) == code[-6:]


@pytest.mark.parametrize(
    ("skew", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_clock_may_differ_by_half_a_minute(skew: int, taken: bool):
    step = 1000
    found = totp.step_of(SECRET, totp.code_at(SECRET, step + skew), step * 30 + 15, 0)
    assert found == (step + skew if taken else None)


def test_a_code_is_taken_once_and_none_before_it():
    code, before = totp.code_at(SECRET, 1000), totp.code_at(SECRET, 999)
    assert totp.step_of(SECRET, code, 30_000, 999) == 1000
    assert totp.step_of(SECRET, code, 30_000, 1000) is None
    assert totp.step_of(SECRET, before, 30_000, 1000) is None


@pytest.mark.parametrize("code", ["", "0", "abcdef", "９４２８７０", "1234567", "é"])
def test_what_is_no_code_is_wrong(code: str):
    assert totp.step_of(SECRET, code, 59, 0) is None


def test_the_address_for_an_app_has_the_secret_and_names_the_workspace():
    assert totp.uri_of(SECRET, "Dunder & Mifflin", "a@b.org") == (
        "otpauth://totp/Dunder%20%26%20Mifflin%3Aa%40b.org"
        "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Dunder%20%26%20Mifflin"
    )


def test_a_secret_is_read_with_its_key_and_for_its_person_alone():
    sealed = encrypt("k" * 32, SECRET, "olive")
    assert SECRET not in sealed
    assert decrypt("k" * 32, sealed, "olive") == SECRET
    assert decrypt("j" * 32, sealed, "olive") is None
    assert decrypt("k" * 32, sealed, "mara") is None
    assert encrypt("k" * 32, SECRET, "olive") != sealed


def test_recovery_codes_are_long_and_may_be_typed_in_any_way():
    codes = {recovery_codes.new_code() for _ in range(100)}
    assert len(codes) == 100
    code = codes.pop()
    assert [len(part) for part in code.split("-")] == [4, 4, 4, 4]
    assert recovery_codes.plain(f" {code.upper().replace('-', ' ')} ") == code.replace("-", "")

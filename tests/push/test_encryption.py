"""The example of RFC 8291, and the key of a server."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.jwk import ECKey

from bullpen.push.encryption import LARGEST, encrypt
from bullpen.push.keys import authorization, decoded, encoded, is_point, server_key

# Appendix A.
PLAINTEXT = b"When I grow up, I want to be a watermelon"
BROWSER = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SECRET = "BTBZMqHH6r4Tts7J_aSIgg"
PRIVATE = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
    "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
    "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_the_example_of_the_standard_is_encrypted_as_it_says():
    own = ec.derive_private_key(int.from_bytes(decoded(PRIVATE)), ec.SECP256R1())
    made = encrypt(PLAINTEXT, decoded(BROWSER), decoded(SECRET), own=own, salt=decoded(SALT))
    assert encoded(made) == BODY


def test_the_same_is_never_sent_twice_and_is_no_longer_than_services_take():
    keys = decoded(BROWSER), decoded(SECRET)
    assert encrypt(PLAINTEXT, *keys) != encrypt(PLAINTEXT, *keys)
    assert len(encrypt(b"x" * LARGEST, *keys)) <= 4096
    with pytest.raises(ValueError, match="too long"):
        encrypt(b"x" * (LARGEST + 1), *keys)


def test_processes_with_the_same_secret_have_the_same_key():
    key, again, other = server_key("a" * 32), server_key("a" * 32), server_key("b" * 32)
    assert key.public == again.public != other.public
    assert is_point(key.public)
    assert not is_point(key.public[:-1] + bytes([key.public[-1] ^ 1]))
    assert not is_point(b"")


def test_a_push_service_can_tell_who_sends():
    key = server_key("a" * 32)
    header = authorization(key, "https://push.example.net/send/1", "https://chat.example.org")
    token, public = header.removeprefix("vapid t=").split(", k=")
    assert decoded(public) == key.public
    read = jwt.decode(token, ECKey.import_key(key.private.public_key()))
    assert read.header == {"typ": "JWT", "alg": "ES256"}
    assert read.claims["aud"] == "https://push.example.net"
    assert read.claims["sub"] == "https://chat.example.org"

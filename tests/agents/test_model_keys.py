"""What people paste into the field for a key, and where a server may be."""

import pytest

from bullpen.agents.model_keys import clean_key, last_characters
from bullpen.agents.runtimes.addresses import entered_address


@pytest.mark.parametrize(
    ("pasted", "key"),
    [
        ("sk-1234", "sk-1234"),
        ("  sk-1234\n", "sk-1234"),
        ("'sk-1234'", "sk-1234"),
        ('\t"sk-1234" \r\n', "sk-1234"),
        ("   ", None),
        ('""', None),
    ],
)
def test_what_was_copied_along_is_left_out_of_a_key(pasted, key):
    assert clean_key(pasted) == key


@pytest.mark.parametrize("pasted", ["sk-12 34", "sk-12\n34", "sk-ключ", "sk-12\u200b34", "s\x00k"])
def test_a_key_with_a_character_in_it_that_cannot_be_sent_is_refused_unrepeated(pasted):
    with pytest.raises(ValueError, match="character") as problem:
        clean_key(pasted)
    assert pasted not in str(problem.value)


def test_of_a_short_key_nothing_is_shown():
    assert last_characters("sk-ant-0123456789") == "6789"
    assert last_characters("short") == ""


@pytest.mark.parametrize("address", ["http://127.0.0.1:11434", "http://192.168.1.20:8000/v1"])
def test_a_server_may_be_on_ones_own_network(address):
    assert entered_address(f" {address}\n") == address


@pytest.mark.parametrize(
    "address",
    [
        "localhost:11434",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "http://",
        "http://user:password@127.0.0.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://[fe80::1]/",
        "http://[::ffff:169.254.169.254]/",
        "http://0xa9fea9fe/",
        "http://metadata.google.internal/",
        "http://metadata.google.internal./",
        "http://127.0.0.1/a b",
        "http://127.0.0.1/\r\nHost: x",
    ],
)
def test_an_address_where_no_model_server_can_be_is_refused(address):
    with pytest.raises(ValueError, match=r"address"):
        entered_address(address)

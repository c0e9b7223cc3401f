import hashlib

from tests.support.pathological import KINDS, LONGEST, TABLE, text_of, texts


def test_python_makes_the_same_pathological_texts_as_node():
    made = hashlib.sha256()
    for kind in KINDS:
        made.update(text_of(kind).encode("utf-16-le", "surrogatepass"))
    assert made.hexdigest() == TABLE["sha256"]


def test_every_kind_has_a_name_of_its_own_and_nearly_the_whole_length():
    made = {kind["name"]: text_of(kind) for kind in KINDS}
    assert len(made) == len(KINDS)
    assert {
        name: len(text) for name, text in made.items() if not 39_900 <= len(text) <= LONGEST
    } == {}


def test_what_cannot_be_encoded_or_stored_is_left_out():
    everywhere = texts(100)
    for text in everywhere.values():
        assert "\0" not in text.encode().decode()
    assert set(texts(100, encodable=False, storable=False)) - set(everywhere) == {
        "lone high surrogates",
        "lone low surrogates",
        "letters and lone surrogates",
        "null characters",
    }

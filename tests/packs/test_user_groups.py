"""User groups in packs: what is refused."""

import pytest


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "handle: two words\n  members: [ann]",
            "'two words' is not possible; a handle is one word",
        ),
        ("handle: ANN\n  members: [bo]", "'ANN' looks like the name of 'ann'; expected another"),
        ("handle: here\n  members: [bo]", "'here' means no group; expected a name"),
        ("handle: crew\n  members: [bob]", "'bob' is not an agent of this pack"),
        (
            "handle: crew\n  members: [bo]\n- handle: Crew\n  members: [ann]",
            "'Crew' looks like the name of 'user group 1'",
        ),
    ],
)
def test_what_is_no_user_group_is_refused(small_pack, text: str, problem: str):
    (small_pack.folder / "user_groups.yaml").write_text(f"- {text}\n")
    assert problem in small_pack.refusal()

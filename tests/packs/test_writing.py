"""A workspace that is written as a pack is the same workspace when it is read."""

from datetime import UTC, datetime

import pytest
from tests.support.bundled import bundled_pack
from tests.support.fixtures import ANCHOR, ZONE, complete
from tests.support.program import Done, bullpen

from bullpen.kit.database import connect
from bullpen.kit.errors import StartupError
from bullpen.packs.pack import PackUserGroup
from bullpen.packs.reader import read_pack
from bullpen.packs.seed import seed
from bullpen.packs.writing import files_of, write


def written(url, folder):
    async def read():
        connection = await connect(url, pooled=False)
        try:
            return await files_of(connection, datetime.now(UTC).date())
        finally:
            await connection.close()

    files, left_out = complete(read())
    write(folder, files)
    return read_pack(folder), left_out


def said(channel):
    return [
        (message.user_id, message.text, [(reply.user_id, reply.text) for reply in message.replies])
        for message in channel.messages
    ]


def test_the_bundled_workspace_comes_back(url, tmp_path):
    pack, left_out = written(url, tmp_path / "pack")
    before = bundled_pack()
    assert left_out == []
    assert (pack.name, pack.default_user) == (before.name, before.default_user)
    assert {agent.id: agent for agent in pack.agents} == {
        agent.id: agent for agent in before.agents
    }
    channels = {channel.id: channel for channel in pack.channels}
    for channel in before.channels:
        assert said(channels[channel.id]) == said(channel)
        assert set(channels[channel.id].member_ids) == set(channel.member_ids)
    assert {(b.agent_id, b.label, b.text) for b in pack.blocks} == {
        (b.agent_id, b.label, b.text) for b in before.blocks
    }
    assert len(pack.passages) == len(before.passages)
    assert len(pack.scheduled) == len(before.scheduled)
    assert pack.lines == before.lines


def test_hostile_texts_are_kept_as_they_are(url, run_sql, tmp_path):
    text = 'no\n--- \n- "x": {y}\n\t#tab\u2028 \U0001f600 \x7f & *z | > %'
    run_sql("INSERT INTO messages (id, channel_id, user_id, text, created_at)"
            " VALUES (gen_random_uuid(), 'general', 'jim', $1, now())", text)  # fmt: skip
    pack, _ = written(url, tmp_path / "pack")
    (general,) = [channel for channel in pack.channels if channel.id == "general"]
    assert general.messages[-1].text == text


def test_a_reply_that_is_also_in_the_channel_stays_so(url, run_sql, tmp_path):
    run_sql(
        "INSERT INTO channel_replies (message_id, channel_id, created_at)"
        " SELECT id, channel_id, created_at FROM messages"
        " WHERE parent_message_id IS NOT NULL ORDER BY id LIMIT 1"
    )
    pack, _ = written(url, tmp_path / "pack")
    replies = [one for channel in pack.channels for one in channel.with_replies()]
    assert [one.also_in_channel for one in replies].count(True) == 1


def test_a_group_dm_comes_back_while_all_of_its_members_are_active(url, run_sql, tmp_path):
    run_sql(
        "WITH made AS (INSERT INTO channels (id, name, kind) VALUES ('trio', 'trio', 'group_dm'))"
        " INSERT INTO channel_members (id, channel_id, user_id)"
        " SELECT uuidv7(), 'trio', unnest(ARRAY['pam', 'jim', 'kevin'])"
    )
    run_sql(
        "INSERT INTO messages (id, channel_id, user_id, text, created_at)"
        " VALUES (gen_random_uuid(), 'trio', 'jim', 'Lunch?', now())"
    )
    pack, _ = written(url, tmp_path / "pack")
    (trio,) = [channel for channel in pack.channels if channel.kind == "group_dm"]
    assert (trio.id, trio.member_ids, trio.policy) == ("trio", ("pam", "jim", "kevin"), "best_fit")
    assert said(trio) == [("jim", "Lunch?", [])]
    run_sql("UPDATE agents SET is_active = false WHERE id = 'kevin'")
    pack, _ = written(url, tmp_path / "without")
    assert [channel.id for channel in pack.channels if channel.kind == "group_dm"] == []


def test_a_user_group_comes_back_with_its_active_members(url, run_sql, tmp_path):
    run_sql("INSERT INTO user_groups (handle, description) VALUES ('crew', 'Who sails'), ('x', '')")
    run_sql(
        "INSERT INTO user_group_members SELECT g.id, unnest(ARRAY['pam', 'jim', 'kevin'])"
        " FROM user_groups g WHERE g.handle = 'crew'"
    )
    run_sql("UPDATE agents SET is_active = false WHERE id = 'kevin'")
    pack, left_out = written(url, tmp_path / "pack")
    assert pack.user_groups == (PackUserGroup("crew", "Who sails", ("jim", "pam")),)
    assert "@x: it has no active member." in left_out
    run_sql("DELETE FROM user_groups")
    run_sql("UPDATE agents SET is_active = true WHERE id = 'kevin'")
    assert seeded(url, pack)["user_groups"] == 1
    assert seeded(url, pack)["user_groups"] == 0
    members = "SELECT user_id FROM user_group_members ORDER BY 1"
    assert [row[0] for row in run_sql(members)] == ["jim", "pam"]


def seeded(url, pack):
    async def work():
        connection = await connect(url, pooled=False)
        try:
            return await seed(connection, pack, ANCHOR, ZONE)
        finally:
            await connection.close()

    return complete(work())


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(StartupError, match="is not empty"):
        write(tmp_path, {"pack.yaml": "x"})
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.timeout(300)
def test_the_commands_write_and_read_files(url, tmp_path):
    def run(*arguments):
        return bullpen(*arguments, DATABASE_URL=url, cwd=tmp_path)

    assert run("pack", "export", "pack") == Done(0, "Exported the workspace to pack\n", "")
    wrote = run("agent", "export", "jim", "--letta")
    assert wrote == Done(0, "Exported 'jim' to jim.af\n", "")
    again = ("agent", "import", "jim.af", "--id", "jim-2", "--name", "Jim Two")
    made = run(*again)
    assert (made.code, made.out) == (0, "Imported 'jim-2'\n")
    # Jim's direct message with Michael is not one of the other agent's.
    assert "bullpen: A plan for 'dm-michael-jim' was left out" in made.err
    taken = run(*again)
    assert (taken.code, taken.out) == (1, "")
    assert "with the id 'jim-2' already exists" in taken.err
    (tmp_path / "jim.af").write_text("no")
    assert "is not a usable agent file" in run(*again).err

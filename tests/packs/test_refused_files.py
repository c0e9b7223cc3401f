import os
import shutil

import pytest

from bullpen.packs import folder, reader, yaml_tree
from bullpen.packs.problems import PackError
from bullpen.packs.reader import read_pack

AGENTS = "ann, bo, cy, di"
CHANNELS = "general, ovens, dm-bo-ann, cy-and-di"
KINDS = (
    "pack.yaml, channels.yaml, dms.yaml, user_groups.yaml, unreads.yaml, schedule.yaml,"
    " agents/<id>.md,"
    " messages/<id>.yaml, memory/<id>.yaml, lines/<id>.yaml, runs/<id>.yaml"
)
NEW_FILES = {
    "a file of another kind": (
        ("notes.txt", "x"),
        f"notes.txt: does not belong in a pack; expected {KINDS}",
    ),
    "a folder of another kind": (
        ("dreams/ann.yaml", "x"),
        f"dreams: does not belong in a pack; expected {KINDS}",
    ),
    "another ending": (
        ("messages/ovens.yml", "x"),
        "messages/ovens.yml: does not belong in a pack; expected messages/<id>.yaml",
    ),
    "a file name with a line break": (
        ("no\ntes\udcff", "x"),
        f"no\\ntes\\udcff: does not belong in a pack; expected {KINDS}",
    ),
    "messages of no channel": (
        ("messages/oven.yaml", "[]"),
        (
            f"messages/oven.yaml: 'oven' is not a channel of this pack; expected one of {CHANNELS}"
            " (did you mean ovens?)"
        ),
    ),
    "a persona that is not listed": (
        ("agents/ed.md", "x"),
        f"agents/ed.md: 'ed' is not listed in pack.yaml; expected one of {AGENTS}",
    ),
    "the memory of nobody": (
        ("memory/ed.yaml", "{}"),
        f"memory/ed.yaml: 'ed' is not an agent of this pack; expected one of {AGENTS}",
    ),
    "the runs of nobody": (
        ("runs/anne.yaml", "[]"),
        (
            f"runs/anne.yaml: 'anne' is not an agent of this pack; expected one of {AGENTS}"
            " (did you mean ann?)"
        ),
    ),
    "an empty file": (
        ("channels.yaml", "# to do\n"),
        "channels.yaml:1: is empty",
    ),
    "a mapping for a list": (
        ("dms.yaml", "members: [bo, ann]"),
        "dms.yaml:1: is a mapping; expected a list",
    ),
    "a text for a message": (
        ("messages/ovens.yaml", "\n- Hot."),
        "messages/ovens.yaml:2: is 'Hot.'; expected a mapping",
    ),
    "a list for the unreads": (
        ("unreads.yaml", "[ann]"),
        "unreads.yaml:1: is a list; expected a mapping",
    ),
    "a large file": (
        ("messages/ovens.yaml", "#" * 4_000_001),
        "messages/ovens.yaml: is too large; expected at most 4,000,000 bytes",
    ),
}


def test_a_pack_that_is_too_large_as_a_whole(small_pack, monkeypatch):
    monkeypatch.setattr(folder, "_LARGEST_PACK", 10_000)
    small_pack.write("messages/ovens.yaml", "#" * 6_000)
    small_pack.write("messages/till.yaml", "#" * 6_000)
    expected = "is too large; expected at most 10,000 characters in all files together"
    assert small_pack.refusal().endswith(f"{small_pack.folder}: {expected}")


def test_a_file_of_too_many_values(small_pack, monkeypatch):
    monkeypatch.setattr(yaml_tree, "MOST_VALUES", 100)
    small_pack.write("messages/ovens.yaml", "\n".join(f"k{n}: v" for n in range(60)))
    expected = "has too much; expected at most 100 values"
    assert f"messages/ovens.yaml:50: {expected}" in small_pack.refusal()


def test_files_of_too_many_values_together(small_pack, monkeypatch):
    monkeypatch.setattr(reader, "MOST_VALUES", 20)
    assert small_pack.refusal().endswith("expected at most 20 values in all files together")


@pytest.mark.parametrize(("file", "message"), NEW_FILES.values(), ids=NEW_FILES)
def test_a_file_that_does_not_fit(small_pack, file, message):
    small_pack.write(*file)
    assert small_pack.refusal() == message


def test_no_folder(tmp_path):
    nowhere = tmp_path / "nowhere"
    with pytest.raises(PackError) as raised:
        read_pack(nowhere)
    assert str(raised.value) == (
        f"{nowhere}: is no workspace pack; expected a folder with a pack.yaml"
    )


def test_a_folder_that_cannot_be_looked_at(tmp_path):
    folder = tmp_path / ("x" * 300)
    with pytest.raises(PackError) as raised:
        read_pack(folder)
    assert str(raised.value) == f"{folder}: cannot be read: File name too long"


def test_a_folder_of_something_else_is_one_problem(tmp_path):
    (tmp_path / "a.txt").touch()
    (tmp_path / "b.txt").touch()
    with pytest.raises(PackError) as raised:
        read_pack(tmp_path)
    assert str(raised.value) == (
        f"{tmp_path}: is no workspace pack; expected a folder with a pack.yaml"
    )


def test_no_channels(small_pack):
    (small_pack.folder / "channels.yaml").unlink()
    assert small_pack.refusal() == "channels.yaml: is missing; every pack has one"


def test_a_folder_for_a_file(small_pack):
    (small_pack.folder / "unreads.yaml").unlink()
    (small_pack.folder / "unreads.yaml").mkdir()
    assert small_pack.refusal() == "unreads.yaml: is not a file; expected one"


def test_a_file_for_a_folder(small_pack):
    shutil.rmtree(small_pack.folder / "messages")
    (small_pack.folder / "messages").touch()
    small_pack.write("unreads.yaml", "{}")
    small_pack.write("runs/ann.yaml", "[]")
    assert small_pack.refusal() == "messages: is not a folder; expected one"


def test_a_pipe_is_not_waited_for(small_pack):
    (small_pack.folder / "unreads.yaml").unlink()
    os.mkfifo(small_pack.folder / "unreads.yaml")
    assert small_pack.refusal() == "unreads.yaml: is not a file; expected one"


def test_bytes_that_are_no_utf_8(small_pack):
    path = small_pack.folder / "agents" / "bo.md"
    path.write_bytes(path.read_bytes().replace(b"Till", b"Caf\xe9"))
    assert small_pack.refusal() == (
        "agents/bo.md:3: is not UTF-8; expected the file to be saved as UTF-8"
    )


def test_a_file_that_leads_out_of_the_pack(small_pack, tmp_path):
    secret = tmp_path / "secret.yaml"
    secret.write_text("root: password")
    (small_pack.folder / "unreads.yaml").unlink()
    (small_pack.folder / "unreads.yaml").symlink_to(secret)
    assert small_pack.refusal() == (
        "unreads.yaml: is a link that leads out of the pack; expected a file in it"
    )


def test_a_folder_that_leads_out_of_the_pack(small_pack, tmp_path):
    (small_pack.folder / "messages").rename(tmp_path / "elsewhere")
    (small_pack.folder / "messages").symlink_to("../elsewhere")
    small_pack.write("unreads.yaml", "{}")
    small_pack.write("runs/ann.yaml", "[]")
    assert small_pack.refusal() == (
        "messages: is a link that leads out of the pack; expected a folder in it"
    )


def test_a_link_that_goes_in_circles(small_pack):
    (small_pack.folder / "unreads.yaml").unlink()
    (small_pack.folder / "unreads.yaml").symlink_to("unreads.yaml")
    assert small_pack.refusal() == "unreads.yaml: is not a file; expected one"


def test_a_file_without_permission(small_pack, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    assert (
        small_pack.refusal().splitlines()[0] == "agents/ann.md: cannot be read: Permission denied"
    )

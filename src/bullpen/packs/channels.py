"""The channels and direct messages of a pack, still without what was said in them."""

from bullpen.members.kinds import DM_MEMBERS, is_direct
from bullpen.members.policy_names import DEFAULT
from bullpen.packs.check import check_items
from bullpen.packs.field_types import LONGEST_ID
from bullpen.packs.file_models import References, WrittenChannel, WrittenDm
from bullpen.packs.pack import PackChannel
from bullpen.packs.problems import Problems
from bullpen.packs.yaml_tree import Document


def read_channels(
    document: Document | None, references: References, problems: Problems
) -> list[PackChannel | None]:
    """None for a broken item: it may have been any channel."""
    channels: list[PackChannel | None] = []
    everybody = (*(references.agents or ()), *references.people)
    for _, written in check_items(document, WrittenChannel, references, problems):
        if written is None:
            channels.append(None)
            continue
        channels.append(
            PackChannel(
                id=written.id,
                name=written.name or written.id,
                kind=written.kind,
                topic=written.topic,
                member_ids=everybody if written.members is None else written.members,
                messages=(),
                policy=written.answers,
                host_id=written.host,
            )
        )
    return channels


def read_dms(
    document: Document | None, references: References, problems: Problems
) -> list[PackChannel | None]:
    channels: list[PackChannel | None] = []
    for path, written in check_items(document, WrittenDm, references, problems):
        if document is None or written is None:
            channels.append(None)
            continue
        dm_id = written.id or "-".join(("dm", *written.members))
        is_pair = len(written.members) in DM_MEMBERS
        if len(dm_id) > LONGEST_ID:
            text = f"has {len(dm_id)} characters by default; expected one of at most {LONGEST_ID}"
            problems.add(document.file, document.line(path), f"id: {text}")
        channels.append(
            PackChannel(
                id=dm_id,
                name=dm_id,
                kind="dm" if is_pair else "group_dm",
                topic="",
                member_ids=written.members,
                messages=(),
                policy="all" if is_pair else DEFAULT,
            )
        )
    return channels


def without_doubles(
    files: list[tuple[Document | None, list[PackChannel | None]]], problems: Problems
) -> list[PackChannel | None]:
    """All of them: one channel per id, one conversation per members, None for what is more."""
    ids: dict[str, str] = {}
    sets: dict[frozenset[str], str] = {}
    kept: list[PackChannel | None] = []
    for document, channels in files:
        for index, channel in enumerate(channels):
            if document is None or channel is None:
                kept.append(None)
                continue
            here = f"{document.file}:{document.line((index,))}"
            text = None
            if (first := ids.setdefault(channel.id, here)) != here:
                text = f"id: '{channel.id}' is taken; expected each id once (see {first})"
            elif is_direct(channel.kind):
                members = frozenset(channel.member_ids)
                if (first := sets.setdefault(members, here)) != here:
                    text = (
                        f"members: {' and '.join(channel.member_ids)} have a conversation already;"
                        f" expected one for the same members (see {first})"
                    )
            if text:
                problems.add(document.file, document.line((index,)), text)
            kept.append(None if text else channel)
    return kept

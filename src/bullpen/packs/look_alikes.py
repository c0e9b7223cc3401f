"""Ids, channel names and handles that could be taken for one another, and names that mean
everybody."""

from collections.abc import Sequence

from bullpen.kit.folding import name_keys
from bullpen.members.kinds import is_direct
from bullpen.members.names import is_reserved
from bullpen.packs.pack import PackAgent, PackChannel, PackPerson, PackUserGroup
from bullpen.packs.problems import Problems, quoted


def refuse_look_alikes(
    agents: Sequence[PackAgent],
    people: Sequence[PackPerson],
    channels: Sequence[PackChannel],
    user_groups: Sequence[PackUserGroup],
    problems: Problems,
) -> None:
    taken: dict[str, str] = {}
    named = [(one.id, one.display_name, f"agents/{one.id}.md") for one in agents]
    named += [(one.id, one.display_name, "pack.yaml") for one in people]
    for member_id, display_name, file in named:
        for name in dict.fromkeys((member_id, display_name)):
            if is_reserved(name):
                problems.add(file, None, f"{quoted(name)} means no one member; expected a name")
        # Two display names may be alike: who writes a pack poses as nobody.
        refuse_taken(member_id, member_id, taken, file, problems)
    # A handle is nobody's display name either.
    for _, display_name, _ in named:
        for key in name_keys(display_name):
            taken.setdefault(key, display_name)
    for place, group in enumerate(user_groups, start=1):
        if is_reserved(group.handle):
            text = f"{quoted(group.handle)} means no group; expected a name"
            problems.add("user_groups.yaml", None, text)
        refuse_taken(group.handle, f"user group {place}", taken, "user_groups.yaml", problems)
    taken = {}
    for channel in channels:
        if not is_direct(channel.kind):
            refuse_taken(channel.name, channel.id, taken, "channels.yaml", problems)


def refuse_taken(
    name: str, owner: str, taken: dict[str, str], file: str, problems: Problems
) -> None:
    others = {taken.setdefault(key, owner) for key in name_keys(name)} - {owner}
    if others:
        text = f"{quoted(name)} looks like the name of {quoted(min(others))}; expected another"
        problems.add(file, None, text)

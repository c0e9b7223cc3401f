"""Ids and channel names that could be taken for one another, and names that mean everybody."""

from collections.abc import Sequence

from bullpen.kit.folding import name_keys
from bullpen.members.names import is_reserved
from bullpen.packs.pack import PackAgent, PackChannel
from bullpen.packs.problems import Problems, quoted


def refuse_look_alikes(
    agents: Sequence[PackAgent], channels: Sequence[PackChannel], problems: Problems
) -> None:
    taken: dict[str, str] = {}
    for agent in agents:
        file = f"agents/{agent.id}.md"
        for name in dict.fromkeys((agent.id, agent.display_name)):
            if is_reserved(name):
                problems.add(file, None, f"{quoted(name)} means no one member; expected a name")
        # Two display names may be alike: who writes a pack poses as nobody.
        refuse_taken(agent.id, agent.id, taken, file, problems)
    taken = {}
    for channel in channels:
        if channel.kind != "dm":
            refuse_taken(channel.name, channel.id, taken, "channels.yaml", problems)


def refuse_taken(
    name: str, owner: str, taken: dict[str, str], file: str, problems: Problems
) -> None:
    others = {taken.setdefault(key, owner) for key in name_keys(name)} - {owner}
    if others:
        text = f"{quoted(name)} looks like the name of {quoted(min(others))}; expected another"
        problems.add(file, None, text)

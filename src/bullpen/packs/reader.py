"""A workspace pack, read and checked as a whole: either a Pack or every problem it has."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from bullpen.packs.agents import read_agent
from bullpen.packs.channels import read_channels, read_dms, without_doubles
from bullpen.packs.check import check
from bullpen.packs.file_models import References, WrittenPack
from bullpen.packs.folder import read_texts
from bullpen.packs.lines import read_lines
from bullpen.packs.look_alikes import refuse_look_alikes
from bullpen.packs.memory import read_memory
from bullpen.packs.messages import read_messages
from bullpen.packs.pack import Pack, PackAgent, PackChannel, PackUserGroup
from bullpen.packs.people import read_people
from bullpen.packs.problems import PackError, Problem, Problems, expected_one_of, quoted
from bullpen.packs.runs import read_runs
from bullpen.packs.schedule import read_schedule
from bullpen.packs.unreads import read_unreads
from bullpen.packs.user_groups import read_user_groups
from bullpen.packs.yaml_tree import MOST_VALUES, Document, parse

# What its pack.yaml says, for a start that need not read it.
BUNDLED_ID = "dunder-mifflin"


def bundled() -> Path:
    return Path(__file__).parent / "dunder_mifflin"


def read_pack(folder: Path) -> Pack:
    problems = Problems()
    texts = read_texts(folder, problems)
    documents = _documents(folder, texts, problems)
    index = documents.get("pack.yaml")
    head = check(index, WrittenPack, References(), problems) if index else None
    agent_ids = head.agents if head else None
    agents = _agents(texts, index, agent_ids, problems)
    people = read_people(head)
    users = References(agents=agent_ids, people=tuple(person.id for person in people))
    listed = _channels(documents, users, problems)
    channels = [channel for channel in listed if channel]
    user_groups: tuple[PackUserGroup, ...] = ()
    if "user_groups.yaml" in documents:
        user_groups = read_user_groups(documents["user_groups.yaml"], users, problems)
    refuse_look_alikes(agents, people, channels, user_groups, problems)
    references = replace(
        users,
        channels=None if None in listed else tuple(channel.id for channel in channels),
    )
    _refuse_strays(documents, references, problems)
    histories = [_with_messages(channel, documents, references, problems) for channel in channels]
    whole = {channel.id: channel for channel in histories if channel}
    unreads = read_unreads(documents.get("unreads.yaml"), whole, references, problems)
    memories = _of_agents("memory", documents, agent_ids, problems)
    blocks, passages = read_memory(memories, references, problems)
    scheduled = read_schedule(documents.get("schedule.yaml"), whole, references, problems)
    models = {agent.id: agent.model_id for agent in agents}
    traces = _of_agents("runs", documents, agent_ids, problems)
    runs = read_runs(traces, models, whole, references, problems)
    scripts = _of_agents("lines", documents, agent_ids, problems)
    lines = read_lines(scripts, references, problems)
    problems.raise_any()
    assert head is not None, "a pack without problems has its pack.yaml"
    return Pack(
        id=head.id,
        name=head.name,
        description=head.description,
        default_user=head.default_user,
        agents=agents,
        channels=tuple(whole.values()),
        unreads=unreads,
        blocks=blocks,
        passages=passages,
        scheduled=scheduled,
        runs=runs,
        lines=lines,
        people=people,
        user_groups=user_groups,
    )


def _documents(
    folder: Path, texts: Mapping[str, str | None], problems: Problems
) -> dict[str, Document | None]:
    documents: dict[str, Document | None] = {}
    values = 0
    for name, text in texts.items():
        if not name.endswith(".yaml"):
            continue
        document = documents[name] = parse(name, text, problems)
        values += len(document.lines) if document else 0
        if values > MOST_VALUES:
            limit = f"expected at most {MOST_VALUES:,} values in all files together"
            raise PackError([Problem(str(folder), None, f"has too much; {limit}")])
    return documents


def _agents(
    texts: Mapping[str, str | None],
    index: Document | None,
    agent_ids: tuple[str, ...] | None,
    problems: Problems,
) -> tuple[PackAgent, ...]:
    """In the order of pack.yaml; without a readable list there, as the files come."""
    files = {_stem(name): name for name in texts if name.startswith("agents/")}
    listed = files if agent_ids is None else agent_ids
    for agent_id, name in files.items():
        if agent_id not in listed:
            expected = expected_one_of(agent_id, listed)
            problems.add(name, None, f"{quoted(agent_id)} is not listed in pack.yaml; {expected}")
    agents: list[PackAgent | None] = []
    for place, agent_id in enumerate(listed):
        if agent_id in files:
            name = files[agent_id]
            agents.append(read_agent(agent_id, name, texts[name], problems))
        elif index is not None:
            line = index.line(("agents", place))
            text = f"{quoted(agent_id)} has no persona; expected a file agents/{agent_id}.md"
            problems.add(index.file, line, f"agents: {text}")
    return tuple(agent for agent in agents if agent)


def _of_agents(
    folder: str,
    documents: Mapping[str, Document | None],
    agent_ids: tuple[str, ...] | None,
    problems: Problems,
) -> dict[str, Document | None]:
    """The files of the folder by agent, in the agents' order."""
    files = {_stem(name): name for name in documents if name.startswith(f"{folder}/")}
    listed = tuple(files) if agent_ids is None else agent_ids
    for agent_id, name in files.items():
        if agent_id not in listed:
            expected = expected_one_of(agent_id, listed)
            problems.add(name, None, f"{quoted(agent_id)} is not an agent of this pack; {expected}")
    return {agent_id: documents[files[agent_id]] for agent_id in listed if agent_id in files}


def _channels(
    documents: Mapping[str, Document | None],
    references: References,
    problems: Problems,
) -> list[PackChannel | None]:
    document = documents.get("channels.yaml")
    files = [(document, read_channels(document, references, problems))]
    if "dms.yaml" in documents:
        document = documents["dms.yaml"]
        files.append((document, read_dms(document, references, problems)))
    return without_doubles(files, problems)


def _refuse_strays(
    documents: Mapping[str, Document | None], references: References, problems: Problems
) -> None:
    for name in documents:
        channel_id = _stem(name)
        if not name.startswith("messages/") or references.channels is None:
            continue
        if channel_id not in references.channels:
            expected = expected_one_of(channel_id, references.channels)
            text = f"{quoted(channel_id)} is not a channel of this pack; {expected}"
            problems.add(name, None, text)


def _with_messages(
    channel: PackChannel,
    documents: Mapping[str, Document | None],
    references: References,
    problems: Problems,
) -> PackChannel | None:
    """None where a message is broken; a channel without a file is a channel without messages."""
    name = f"messages/{channel.id}.yaml"
    if name not in documents:
        return channel
    writers = None if channel.kind == "public" else channel.member_ids
    if references.agents is None:
        writers = None
    allowed = replace(references, members=writers)
    messages = read_messages(documents[name], channel, allowed, problems)
    whole = tuple(message for message in messages if message)
    return replace(channel, messages=whole) if len(whole) == len(messages) else None


def _stem(name: str) -> str:
    return Path(name).stem

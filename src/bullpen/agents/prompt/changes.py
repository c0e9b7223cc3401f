"""The prompt of a run by section, with what changed since the agent's previous run."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from bullpen.agents.prompt.build import tokens
from bullpen.agents.prompt.stored import StoredName, StoredSection, sections_of
from bullpen.kit.database import Reader
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import NotFound
from bullpen.kit.json_types import RunId
from bullpen.members.actor import Actor
from bullpen.members.permissions import Permission, require
from bullpen.runs.queries import SEEN
from bullpen.runs.trace_privacy import HIDDEN_FROM

Change = Literal["same", "changed", "new"]
GIVEN = """(
    SELECT said.content FROM run_messages said
    WHERE said.run_id = r.id AND said.step_id IS NULL AND said.message_type = '{kind}'
    ORDER BY said.created_at, said.id LIMIT 1
)"""
SYSTEM, USER = GIVEN.format(kind="system_message"), GIVEN.format(kind="user_message")
IS_HIDDEN = f"COALESCE({HIDDEN_FROM} = 0, false)"
OF_RUN = f"""
SELECT r.agent_id, r.created_at, {IS_HIDDEN} AS is_hidden,
       {SYSTEM} AS instructions, {USER} AS prompt
FROM runs r WHERE r.id = $2 AND {SEEN}
"""
# Of those that the actor may see; a run that has not begun has no prompt.
PREVIOUS = f"""
SELECT r.id, {SYSTEM} AS instructions, {USER} AS prompt
FROM runs r
WHERE r.agent_id = $2 AND (r.created_at, r.id) < ($3, $4) AND {SEEN} AND NOT {IS_HIDDEN}
  AND EXISTS (SELECT FROM run_messages said WHERE said.run_id = r.id AND said.step_id IS NULL)
ORDER BY r.created_at DESC, r.id DESC LIMIT 1
"""


class GivenSection(Struct, rename="camel"):
    """A part of the prompt that a run was given."""

    name: Annotated[StoredName, Meta(description="What this part is.")]
    text: Annotated[str, Meta(description="Its text, exactly as the model got it.")]
    tokens: Annotated[int, Meta(description="Its estimated length in tokens.")]
    change: Annotated[
        Change | None,
        Meta(description="Against the agent's previous run. Null if there is none to compare."),
    ]
    before: Annotated[
        str | None, Meta(description="Its text in the previous run, if it was different.")
    ]


class GivenPrompt(Struct, rename="camel"):
    """The prompt that a run was given."""

    run_id: RunId
    previous_run_id: Annotated[
        UUID | None, Meta(description="Id of the agent's previous run that the user can see.")
    ]
    is_hidden: Annotated[
        bool, Meta(description="Whether it is hidden: it holds what the user cannot read.")
    ]
    sections: Annotated[
        list[GivenSection], Meta(description="In the order in which the model got them.")
    ]


async def get_given_prompt(reader: Reader, actor: Actor, run_id: UUID) -> GivenPrompt:
    rows = await reader.fetch(OF_RUN, actor.user_id, run_id)
    if not rows:
        raise NotFound(ErrorCode.RUN_NOT_FOUND)
    require(actor, Permission.READ_AGENTS)
    row = rows[0]
    if row["is_hidden"]:
        return GivenPrompt(run_id, None, True, [])
    sections = sections_of(row["instructions"], row["prompt"])
    place = (row["agent_id"], row["created_at"], run_id)
    earlier = await reader.fetch(PREVIOUS, actor.user_id, *place) if sections else []
    if not earlier:
        return GivenPrompt(run_id, None, False, marked(sections, None))
    before = sections_of(earlier[0]["instructions"], earlier[0]["prompt"])
    texts = {section.name: section.text for section in before}
    return GivenPrompt(run_id, earlier[0]["id"], False, marked(sections, texts))


def marked(
    sections: Sequence[StoredSection], before: Mapping[StoredName, str] | None
) -> list[GivenSection]:
    return [
        GivenSection(
            section.name,
            section.text,
            tokens(section.text),
            None if before is None else change_of(section, before),
            None
            if before is None or before.get(section.name) == section.text
            else before.get(section.name),
        )
        for section in sections
    ]


def change_of(section: StoredSection, before: Mapping[StoredName, str]) -> Change:
    if section.name not in before:
        return "new"
    return "same" if before[section.name] == section.text else "changed"

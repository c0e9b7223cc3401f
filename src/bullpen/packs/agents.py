"""The personas: Markdown files with front matter, one per agent."""

from bullpen.packs.check import check
from bullpen.packs.file_models import References, WrittenPersona
from bullpen.packs.pack import PackAgent
from bullpen.packs.problems import Problems
from bullpen.packs.yaml_tree import parse

_FENCE = "---"


def read_agent(agent_id: str, file: str, text: str | None, problems: Problems) -> PackAgent | None:
    parts = _split(file, text, problems)
    if parts is None:
        return None
    front_matter, prompt = parts
    document = parse(file, front_matter, problems, first_line=2)
    if document is None:
        return None
    persona = check(document, WrittenPersona, References(), problems)
    if persona is None:
        return None
    return PackAgent(
        id=agent_id,
        display_name=persona.display_name,
        title=persona.title,
        avatar_color=persona.avatar_color,
        presence=persona.presence,
        status_emoji=persona.status.emoji if persona.status else None,
        status_text=persona.status.text if persona.status else None,
        system_prompt=prompt,
        model_id=persona.model_id,
        max_turns=persona.max_turns,
        max_budget_usd=persona.max_budget_usd,
    )


def _split(file: str, text: str | None, problems: Problems) -> tuple[str, str] | None:
    """Front matter and prompt."""
    if text is None:
        return None
    lines = [line.rstrip() for line in text.split("\n")]
    if lines[0] != _FENCE:
        problems.add(file, 1, f"has no front matter; expected a line {_FENCE} here")
        return None
    if _FENCE not in lines[1:]:
        problems.add(file, 1, f"has no end of the front matter; expected another line {_FENCE}")
        return None
    end = lines.index(_FENCE, 1)
    written = text.split("\n")
    prompt = "\n".join(written[end + 1 :]).strip()
    if not prompt:
        problems.add(file, end + 1, "has no system prompt; expected it below the front matter")
        return None
    return "\n".join(written[1:end]), prompt

"""A trace as a text to read and to keep, in Markdown."""

import re
from collections.abc import Iterator

import msgspec

from bullpen.runs.queries import RunMessage, RunStep, Trace
from bullpen.runs.summary import RunSummary

TITLES = {
    "system_message": "System",
    "user_message": "User",
    "assistant_message": "Assistant",
    "thinking_message": "Thinking",
    "tool_call_message": "Tool call",
    "tool_return_message": "Tool result",
}
SHORTEST_FENCE = 3


def markdown(trace: Trace, summary: RunSummary) -> str:
    return "\n".join([*head(trace, summary), *body(trace, summary)]) + "\n"


def head(trace: Trace, summary: RunSummary) -> Iterator[str]:
    yield f"# Run {trace.id} of {trace.agent_id}"
    yield ""
    ended = f" ({trace.stop_reason})" if trace.stop_reason else ""
    facts = [
        ("Status", f"{trace.status}{ended}"),
        ("Channel", trace.channel_id),
        ("Model", ", ".join(dict.fromkeys(step.model_id for step in trace.steps))),
        ("Created", trace.created_at),
        ("Started", trace.started_at),
        ("Ended", trace.completed_at),
        ("Tokens", tokens(trace)),
        ("Cost", None if summary.cost_usd is None else f"${summary.cost_usd:.6f}"),
        ("Problem", summary.problem),
    ]
    for name, value in facts:
        if value:
            yield f"- {name}: {one_line(value)}"


def body(trace: Trace, summary: RunSummary) -> Iterator[str]:
    if trace.messages:
        yield from ["", "## Input"]
        for message in trace.messages:
            yield from entry(message)
    for place, step in enumerate(trace.steps):
        cost = summary.step_costs[place] if place < len(summary.step_costs) else None
        yield from ["", f"## Step {step.step_number}", "", step_facts(step, cost)]
        for message in step.messages:
            yield from entry(message)


def tokens(trace: Trace) -> str | None:
    used = trace.token_usage
    return None if used is None else f"{used.input_tokens} in, {used.output_tokens} out"


def step_facts(step: RunStep, cost: float | None) -> str:
    facts = [step.status, step.model_id]
    if step.completed_at is not None:
        facts.append(f"{(step.completed_at - step.created_at).total_seconds():.3f} s")
    if step.token_usage is not None:
        used = step.token_usage
        facts.append(f"{used.input_tokens} tokens in, {used.output_tokens} out")
    if cost is not None:
        facts.append(f"${cost:.6f}")
    return one_line(", ".join(facts))


def entry(message: RunMessage) -> Iterator[str]:
    tool = f": `{one_line(message.tool_name).replace('`', '')}`" if message.tool_name else ""
    title = TITLES.get(message.message_type, message.message_type)
    yield from ["", f"### {title}{tool}", "", message.created_at.isoformat()]
    given = bytes(message.tool_input).decode()
    if given != "null":
        yield from ["", *fenced(msgspec.json.format(given), "json")]
    if message.content:
        yield from ["", *fenced(message.content)]


def fenced(text: str, language: str = "") -> list[str]:
    """In a fence that nothing in the text can close."""
    longest = max((len(found) for found in re.findall(r"`+", text)), default=0)
    fence = "`" * max(SHORTEST_FENCE, longest + 1)
    return [f"{fence}{language}", text, fence]


def one_line(text: str) -> str:
    return " ".join(text.split())

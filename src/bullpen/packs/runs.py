"""What an agent did, run by run: every step, every message, every call of a tool."""

from collections.abc import Mapping

from bullpen.packs.check import check_items
from bullpen.packs.file_models import (
    References,
    WrittenRun,
    WrittenRunMessage,
    WrittenStep,
    WrittenTrigger,
)
from bullpen.packs.pack import PackChannel, PackRun, PackRunMessage, PackStep
from bullpen.packs.problems import Problems
from bullpen.packs.times import Moment, require_later, shown
from bullpen.packs.unreads import not_readable
from bullpen.packs.yaml_tree import Document, Path


def read_runs(
    documents: Mapping[str, Document | None],
    models: Mapping[str, str],
    channels: Mapping[str, PackChannel],
    references: References,
    problems: Problems,
) -> tuple[PackRun, ...]:
    """`documents` holds each agent's file, `models` what it thinks with.

    `channels` holds those that are whole; nothing is said about another.
    """
    return tuple(
        run
        for agent_id, document in documents.items()
        for run in _runs(
            agent_id, models.get(agent_id, ""), document, channels, references, problems
        )
    )


def _runs(
    agent_id: str,
    model_id: str,
    document: Document | None,
    channels: Mapping[str, PackChannel],
    references: References,
    problems: Problems,
) -> list[PackRun]:
    if document is None:
        return []
    runs: list[PackRun] = []
    last: Moment | None = None
    for path, written in check_items(document, WrittenRun, references, problems):
        if written is None:
            continue
        moment = (written.day, written.at)
        require_later(moment, last, "the run before it", document, path, problems)
        last = moment
        if not written.steps and written.stop_reason != "cancelled":
            text = "steps: there is none; expected one, or a run that was cancelled before it began"
            problems.add(document.file, document.line(path), text)
        channel = channels.get(written.channel or "")
        misfit = channel and not_readable(agent_id, channel)
        if misfit:
            problems.add(document.file, document.line((*path, "channel")), f"channel: {misfit}")
        runs.append(
            PackRun(
                agent_id=agent_id,
                day=written.day,
                at=written.at,
                waited=written.waited,
                channel_id=written.channel,
                trigger=_trigger(written, channel, document, path, problems),
                stop_reason=written.stop_reason,
                messages=_messages(written.messages),
                steps=tuple(_step(step, model_id) for step in written.steps),
            )
        )
    return runs


def _trigger(
    run: WrittenRun,
    channel: PackChannel | None,
    document: Document,
    path: Path,
    problems: Problems,
) -> str | None:
    """The key of the message that is meant."""
    if run.trigger is None:
        return None
    moment = (run.trigger.day, run.trigger.at)
    require_later((run.day, run.at), moment, "its trigger", document, path, problems)
    line = document.line((*path, "trigger"))
    if run.channel is None:
        problems.add(document.file, line, "trigger: has no channel; expected the run to name one")
    if channel is None:
        return None
    keys = _keys(run.trigger, channel)
    if len(keys) != 1:
        text = (
            f"trigger: {len(keys) or 'no'} messages of '{channel.id}' are by"
            f" {run.trigger.user_id} at {shown(moment)}; expected one"
        )
        problems.add(document.file, line, text)
    return keys[0] if keys else None


def _keys(trigger: WrittenTrigger, channel: PackChannel) -> list[str]:
    wanted = (trigger.day, trigger.at, trigger.user_id)
    return [
        message.key
        for message in channel.with_replies()
        if (message.day, message.at, message.user_id) == wanted
    ]


def _step(step: WrittenStep, model_id: str) -> PackStep:
    return PackStep(
        status=step.status,
        lasted=step.seconds,
        model_id=step.model_id or model_id,
        tokens=(step.tokens.input, step.tokens.output) if step.tokens else None,
        messages=_messages(step.messages),
    )


def _messages(messages: tuple[WrittenRunMessage, ...]) -> tuple[PackRunMessage, ...]:
    return tuple(PackRunMessage(m.type, m.text or "", m.tool, m.input) for m in messages)

"""What agents will do, have done and have called off at a set time."""

from collections.abc import Mapping

from bullpen.packs.check import check_items
from bullpen.packs.file_models import References, WrittenScheduled
from bullpen.packs.pack import PackChannel, PackScheduled
from bullpen.packs.problems import Problems
from bullpen.packs.times import Moment, require_later, shown
from bullpen.packs.unreads import not_readable
from bullpen.packs.yaml_tree import Document


def read_schedule(
    document: Document | None,
    channels: Mapping[str, PackChannel],
    references: References,
    problems: Problems,
) -> tuple[PackScheduled, ...]:
    if document is None:
        return ()
    scheduled: list[PackScheduled] = []
    taken: dict[tuple[str, Moment], int] = {}
    for path, written in check_items(document, WrittenScheduled, references, problems):
        if written is None:
            continue
        moment = (written.day, written.at)
        created = (written.created.day, written.created.at)
        require_later(moment, created, "its creation", document, path, problems)
        line = document.line(path)
        if (first := taken.setdefault((written.agent, moment), line)) != line:
            text = (
                f"at: {written.agent} has a message at {shown(moment)} already;"
                f" expected another time (see line {first})"
            )
            problems.add(document.file, document.line((*path, "at")), text)
        channel = channels.get(written.channel or "")
        misfit = channel and not_readable(written.agent, channel)
        if misfit:
            problems.add(document.file, document.line((*path, "channel")), f"channel: {misfit}")
        scheduled.append(
            PackScheduled(
                agent_id=written.agent,
                day=written.day,
                at=written.at,
                prompt=written.prompt,
                channel_id=written.channel,
                status=written.status,
                created=created,
            )
        )
    return tuple(scheduled)

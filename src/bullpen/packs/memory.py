"""What each agent knows: its memory blocks, who shares them, and its archive."""

from collections.abc import Mapping

from bullpen.packs.check import check
from bullpen.packs.file_models import References, WrittenMemory, WrittenPassage
from bullpen.packs.pack import PackBlock, PackPassage
from bullpen.packs.problems import Problems, expected_one_of, quoted
from bullpen.packs.times import Moment, require_later
from bullpen.packs.yaml_tree import Document


def read_memory(
    documents: Mapping[str, Document | None], references: References, problems: Problems
) -> tuple[tuple[PackBlock, ...], tuple[PackPassage, ...]]:
    """`documents` holds each agent's file."""
    blocks: list[PackBlock] = []
    passages: list[PackPassage] = []
    lines: dict[tuple[str, str], str] = {}
    for agent_id, document in documents.items():
        written = document and check(document, WrittenMemory, references, problems)
        if not document or not written:
            continue
        owned = _blocks(agent_id, written, document, references, problems)
        blocks += owned
        lines |= {
            (agent_id, block.label): f"{document.file}:{document.line(('blocks', block.label))}"
            for block in owned
        }
        passages += _passages(agent_id, written.archive, document, problems)
    _refuse_hidden(blocks, documents, lines, problems)
    return tuple(blocks), tuple(passages)


def _blocks(
    agent_id: str,
    written: WrittenMemory,
    document: Document,
    references: References,
    problems: Problems,
) -> list[PackBlock]:
    shared: dict[str, tuple[str, ...]] = {}
    for label, agents in written.shared.items():
        others = tuple(other for other in references.agents or () if other != agent_id)
        shared[label] = others if agents is None else agents
        misfit = None
        if label not in written.blocks:
            expected = expected_one_of(label, written.blocks)
            misfit = f"{quoted(label)} is not a block of this file; {expected}"
        elif agent_id in shared[label]:
            misfit = f"{label}: {agent_id} owns this block; expected other agents"
        if misfit:
            problems.add(document.file, document.line(("shared", label)), f"shared: {misfit}")
    return [
        PackBlock(agent_id, label, text, shared.get(label))
        for label, text in written.blocks.items()
    ]


def _passages(
    agent_id: str, archive: tuple[WrittenPassage, ...], document: Document, problems: Problems
) -> list[PackPassage]:
    last: Moment | None = None
    passages: list[PackPassage] = []
    for index, passage in enumerate(archive):
        moment = (passage.day, passage.at)
        require_later(moment, last, "the passage before it", document, ("archive", index), problems)
        last = moment
        passages.append(PackPassage(agent_id, *moment, passage.text, passage.tags))
    return passages


def _refuse_hidden(
    blocks: list[PackBlock],
    documents: Mapping[str, Document | None],
    lines: Mapping[tuple[str, str], str],
    problems: Problems,
) -> None:
    """A label means one block to an agent, so two that it can see would hide one another."""
    seen = {(block.agent_id, block.label): block.agent_id for block in blocks}
    for block in blocks:
        document = documents[block.agent_id]
        for reader in block.shared_with or ():
            owner = seen.setdefault((reader, block.label), block.agent_id)
            if document is not None and owner != block.agent_id:
                line = document.line(("shared", block.label))
                first = lines[owner, block.label]
                text = f"{reader} has a block of this label already; expected another label"
                problems.add(document.file, line, f"shared.{block.label}: {text} (see {first})")

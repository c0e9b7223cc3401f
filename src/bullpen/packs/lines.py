"""What agents say while they have no model."""

from collections.abc import Mapping

from bullpen.agents.scripted.lines import PLACE, PLACES, Lines, Topic
from bullpen.packs.check import check
from bullpen.packs.file_models import References, WrittenLines
from bullpen.packs.problems import Problems, expected_one_of, quoted
from bullpen.packs.yaml_tree import Document

KINDS = ("addressed", "greetings", "questions", "thanks", "asides", "planned", "notes")


def read_lines(
    documents: Mapping[str, Document | None], references: References, problems: Problems
) -> dict[str, Lines]:
    """`documents` holds each agent's file."""
    read: dict[str, Lines] = {}
    for agent_id, document in documents.items():
        written = document and check(document, WrittenLines, references, problems)
        if not document or not written:
            continue
        _refuse_unknown_places(written, document, problems)
        _refuse_doubles(written, document, problems)
        read[agent_id] = Lines(
            talkative=written.talkative,
            **{kind: list(getattr(written, kind)) for kind in KINDS},
            reactions=list(written.reactions),
            topics=[
                Topic(list(topic.words), list(topic.lines), list(topic.reactions))
                for topic in written.topics
            ],
        )
    return read


def _refuse_unknown_places(written: WrittenLines, document: Document, problems: Problems) -> None:
    places = [((kind, n), text) for kind in KINDS for n, text in enumerate(getattr(written, kind))]
    places += [
        (("topics", number, "lines", n), text)  # type: ignore[misc]
        for number, topic in enumerate(written.topics)
        for n, text in enumerate(topic.lines)
    ]
    for path, text in places:
        for name in PLACE.findall(text):
            of_topic = path[0] in ("topics", "notes")
            known = [place for place in PLACES if of_topic or place != "word"]
            if name not in known:
                what = f"{quoted('{' + name + '}')} is not filled in here"
                problem = f"{path[0]}: {what}; {expected_one_of(name, known)}"
                problems.add(document.file, document.line(path), problem)


def _refuse_doubles(written: WrittenLines, document: Document, problems: Problems) -> None:
    """A word that leads to two topics would make one of them a matter of luck."""
    first: dict[str, int] = {}
    for number, topic in enumerate(written.topics):
        for place, word in enumerate(topic.words):
            path = ("topics", number, "words", place)
            line = document.line(path)
            if word in first:
                text = f"topics.words: {quoted(word)} appears twice; expected each word once"
                problems.add(document.file, line, f"{text} (see line {first[word]})")
            first.setdefault(word, line)

"""What a scripted agent says, if anything."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from random import Random
from uuid import UUID

from bullpen.agents.prompt.build import Script
from bullpen.agents.prompt.conversation import Conversation, ShownMessage
from bullpen.agents.scripted.lines import PLACE, Lines, Topic, words_of
from bullpen.chat.mentions import Names, Person, UserGroup, mentioned_in
from bullpen.members.kinds import is_direct

# Each further turn between agents is less likely to be answered, so that their talk fades.
FADING = 0.7
AMONG_AGENTS = 0.3
LATELY = 8
# Nothing here looks at a character twice: what people write must not keep a worker busy.
GREETING = re.compile(
    # Not `(…)?+`: Python 3.11.2 takes half of what is in it.
    r"[^\w@]*+(?:@\S++\s++[^\w@]*+|)"
    r"(?:hi|hey|hello|yo|morning|good (?:morning|evening|afternoon))\b",
    re.IGNORECASE,
)
THANKS = re.compile(r"\b(thanks|thank you|thx|cheers)\b", re.IGNORECASE)
QUESTION_MARKS = "?\uff1f\u061f\u037e"
LONGEST_GREETING = 60
LONGEST_NAME = 40
# The block that a scripted agent keeps its notes in, and how many.
NOTES = "lately"
MOST_NOTES = 8
NOTED = 0.15


@dataclass(frozen=True, slots=True)
class Choice:
    """`because` is for the trace."""

    because: str
    text: str | None = None
    reaction: tuple[UUID, str] | None = None
    note: tuple[str, str, int] | None = None


def choose(script: Script, lines: Lines, chance: Random, rivals: set[str]) -> Choice:
    """`rivals`: the members with most to say on it, this agent perhaps among them."""
    conversation = script.conversation
    if script.trigger.scheduled is not None:
        return planned(script, lines, chance)
    trigger = wanted(script)
    if conversation is None or trigger is None:
        return Choice("Nothing that was said is there to be answered.")
    if not may_write(conversation, script.agent.id):
        return Choice("This agent reads the channel without being in it.")
    because, likely = interest(script, conversation, trigger, lines, rivals)
    if chance.random() >= likely:
        # A question that somebody else answers is no occasion for anything.
        reaction = react(trigger, lines, chance, 0.15) if likely > 0 else None
        return Choice(f"{because} This time it says nothing.", reaction=reaction)
    fits, kind = fitting(script, trigger, lines)
    text = pick(fits, said_by(conversation, script.agent.id), chance)
    return Choice(
        f"{because} {kind}",
        fill(text, first(trigger.name), trigger.text, conversation, lines),
        react(trigger, lines, chance, 0.25),
        note(script, conversation, trigger, lines, chance),
    )


def planned(script: Script, lines: Lines, chance: Random) -> Choice:
    if script.conversation is None or not may_write(script.conversation, script.agent.id):
        return Choice("The time of a plan has come, and there is no channel to speak in.")
    plan = script.trigger.scheduled or ""
    topic = topic_of(lines, plan)
    fits = topic.lines if topic else lines.planned or lines.asides or lines.addressed
    text = pick(fits, said_by(script.conversation, script.agent.id), chance)
    return Choice(
        "The time of a plan has come.", fill(text, "everyone", plan, script.conversation, lines)
    )


def wanted(script: Script) -> ShownMessage | None:
    """Of what is new the last that is for this agent, else the last that a person wrote: an answer
    that came while this agent waited changes nothing about what was asked."""
    if script.conversation is None:
        return None
    ids = set(script.trigger.trigger_ids)
    new = [m for m in script.conversation.messages if m.id in ids and m.user_id != script.agent.id]
    mine = [message for message in new if is_mentioned(script, message.text)]
    found = mine or [message for message in new if not message.is_of_run] or new
    return found[-1] if found else None


def me(script: Script) -> str:
    return script.agent.display_name


def is_mentioned(script: Script, text: str) -> bool:
    """By name, or as one of a user group."""
    groups = script.conversation.user_groups if script.conversation else {}
    mine = {script.agent.id, *(f"@{handle}" for handle, is_in in groups.items() if is_in)}
    return not mine.isdisjoint(mentioned_in(text, names_in(script)))


def names_in(script: Script) -> Names:
    """By what the agent, the members of the place and user groups can be mentioned."""
    members = script.conversation.members if script.conversation else ()
    people = {member.id: member.name for member in members} | {script.agent.id: me(script)}
    handles = script.conversation.user_groups if script.conversation else ()
    return names_of(
        tuple(Person(user_id, name) for user_id, name in people.items()),
        tuple(UserGroup(f"@{handle}", handle) for handle in handles),
    )


@lru_cache(maxsize=16)
def names_of(people: tuple[Person, ...], groups: tuple[UserGroup, ...]) -> Names:
    """Remembered, since one answer asks for the same names several times."""
    return Names(people, groups)


def names(text: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(first(name))}\b", text, re.IGNORECASE) is not None


def first(name: str) -> str:
    return (name.split() or ["you"])[0][:LONGEST_NAME]


def may_write(conversation: Conversation, agent_id: str) -> bool:
    shown = len(conversation.members)
    return conversation.member_count > shown or any(
        member.id == agent_id for member in conversation.members
    )


def is_for_nobody(script: Script) -> ShownMessage | None:
    """What a person said to a channel as a whole, where somebody ought to answer."""
    conversation, trigger = script.conversation, wanted(script)
    if conversation is None or trigger is None or script.trigger.depth:
        return None
    if conversation.kind == "dm" or trigger.thread_id is not None:
        return None
    somebody = {member.id for member in conversation.members}
    somebody.update(f"@{handle}" for handle in conversation.user_groups)
    anybody = somebody.intersection(mentioned_in(trigger.text, names_in(script)))
    return None if anybody else trigger


def interest(
    script: Script,
    conversation: Conversation,
    trigger: ShownMessage,
    lines: Lines,
    rivals: set[str],
) -> tuple[str, float]:
    """Why, and how likely, it answers."""
    fading = FADING**script.trigger.depth
    if conversation.kind == "dm":
        return "It is a direct message.", fading
    if is_mentioned(script, trigger.text):
        return "It is mentioned.", fading
    if is_for_nobody(script) is not None and is_first(script, conversation, trigger, rivals):
        return "It is the one to answer this.", 1.0
    if names(trigger.text, me(script)):
        return "Its name fell.", 0.8 * fading
    if is_question(trigger.text) and is_for_nobody(script) is not None:
        return "It is a question, and somebody else answers it.", 0.0
    if trigger.thread_id is not None:
        return "It is in this thread.", 0.5 * fading
    # Who has just spoken lets others speak.
    lately = [message.user_id for message in conversation.messages[-LATELY:]]
    often = lines.talkative * fading * 0.5 ** lately.count(script.agent.id)
    has_topic = topic_of(lines, trigger.text) is not None
    if script.trigger.depth:
        by_people = [message.text for message in conversation.messages if not message.is_of_run]
        if by_people and is_question(by_people[-1]):
            return "A person's question has its answer.", 0.0
        # An answer to a person stands; now and then another agent has something to add to it.
        return "Agents talk among themselves.", often * AMONG_AGENTS if has_topic else 0.0
    if has_topic:
        return "It has something to say on this.", min(1.0, 2 * often)
    return "It is not for this agent in particular.", often / 2


def is_question(text: str) -> bool:
    return any(mark in text for mark in QUESTION_MARKS)


def is_first(
    script: Script, conversation: Conversation, trigger: ShownMessage, rivals: set[str]
) -> bool:
    """Every member comes to the same answer: who is named, whom it interests, and then by lot."""
    members = [member.id for member in conversation.members if member.id != trigger.user_id]
    named = {member.id for member in conversation.members if names(trigger.text, member.name)}

    def place(user_id: str) -> tuple[bool, bool, bytes]:
        lot = sha256(f"{trigger.id}/{user_id}".encode()).digest()
        return user_id not in named, user_id not in rivals, lot

    order = sorted(members, key=place)
    if script.agent.id not in order:
        return False
    answered = any(
        message.at > trigger.at and message.user_id in members for message in conversation.messages
    )
    if answered and is_question(trigger.text):
        return False
    # The second stands in, should the first one not have been asked.
    return order.index(script.agent.id) < (1 if answered else 2)


def topic_of(lines: Lines, text: str) -> Topic | None:
    """The topic of most of the words that were said, the earliest word deciding between two."""
    places = {word: place for place, topic in enumerate(lines.topics) for word in topic.words}
    counts = Counter(places[word] for word in words_of(text) if word in places)
    if not counts:
        return None
    return lines.topics[max(counts, key=lambda place: (counts[place], -place))]


def fitting(script: Script, trigger: ShownMessage, lines: Lines) -> tuple[Sequence[str], str]:
    text = trigger.text
    if lines.greetings and len(text) <= LONGEST_GREETING and GREETING.match(text):
        return lines.greetings, "It is greeted."
    topic = topic_of(lines, text)
    if topic is not None:
        return topic.lines, f"The topic is {topic.words[0]!r}."
    if lines.thanks and THANKS.search(text):
        return lines.thanks, "It is thanked."
    if lines.questions and is_question(text):
        return lines.questions, "It is a question."
    conversation = script.conversation
    is_own = (conversation is not None and conversation.kind == "dm") or names(text, me(script))
    if lines.asides and not is_own:
        return lines.asides, "It adds a thought."
    return lines.addressed, "It answers in general."


def said_by(conversation: Conversation, agent_id: str) -> set[str]:
    return {message.text for message in conversation.messages if message.user_id == agent_id}


def pick(fits: Sequence[str], said: set[str], chance: Random) -> str:
    """Not what it has just said, where there is anything else."""

    fresh = [line for line in fits if not any(is_filled(line, text) for text in said)]
    return chance.choice(fresh or list(fits))


def is_filled(line: str, text: str) -> bool:
    """Whether the text is this line with something in its places."""
    start, *rest = PLACE.split(line)[::2]
    if not rest:
        return text == start
    *inner, end = rest
    if len(text) < len(start) + len(end) or not (text.startswith(start) and text.endswith(end)):
        return False
    # Each part as early as it comes: if the line fits in any way, it fits in this one.
    at, until = len(start), len(text) - len(end)
    for part in inner:
        found = text.find(part, at, until)
        if found < 0:
            return False
        at = found + len(part)
    return True


def fill(line: str, name: str, text: str, conversation: Conversation, lines: Lines) -> str:
    topic = topic_of(lines, text)
    values = {
        "name": name,
        "word": next((word for word in words_of(text) if topic and word in topic.words), "that"),
        "channel": "here" if is_direct(conversation.kind) else f"#{conversation.name}",
    }
    return PLACE.sub(lambda place: values.get(place[1], place[0]), line)


def react(
    trigger: ShownMessage, lines: Lines, chance: Random, likely: float
) -> tuple[UUID, str] | None:
    topic = topic_of(lines, trigger.text)
    fits = (topic.reactions if topic else None) or lines.reactions
    if chance.random() >= likely or not fits:
        return None
    return trigger.id, chance.choice(fits)


def note(
    script: Script, conversation: Conversation, trigger: ShownMessage, lines: Lines, chance: Random
) -> tuple[str, str, int] | None:
    """Of what was said in private, a scripted agent keeps nothing."""
    has_word = topic_of(lines, trigger.text) is not None
    fits = [line for line in lines.notes if has_word or "{word}" not in line]
    if chance.random() >= NOTED or not fits or conversation.kind != "public":
        return None
    block = next((b for b in script.blocks if b.label == NOTES), None)
    old = block.content.splitlines() if block else []
    said = fill(chance.choice(fits), first(trigger.name), trigger.text, conversation, lines)
    new = f"- {script.now:%a %H:%M}: {said}"
    return NOTES, "\n".join([*old, new][-MOST_NOTES:]), block.version if block else 0

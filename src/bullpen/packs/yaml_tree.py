"""YAML as plain texts, lists and mappings, with the line of every value.

PyYAML's own constructor would turn 12:30 into 750 and `no` into False, keep the last of two equal
keys without a word, and forget the lines. So only its node tree is used: every scalar is a text.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

import yaml
from yaml.composer import Composer

from bullpen.packs.problems import Problems, brief, quoted

Tree: TypeAlias = "str | list[Tree] | dict[str, Tree]"
Path: TypeAlias = tuple[str | int, ...]

# A pack needs five; the recursion of PyYAML's composer must not meet Python's limit.
_DEEPEST = 20
# Of keys and values, in a pack: enough for some 15,000 messages, and read within seconds.
MOST_VALUES = 150_000


@dataclass(frozen=True, slots=True)
class Document:
    file: str
    content: Tree
    lines: dict[Path, int]

    def line(self, path: Path) -> int:
        """The line of the value there, or of the nearest value around it."""
        while path not in self.lines:
            path = path[:-1]
        return self.lines[path]


def parse(file: str, text: str | None, problems: Problems, first_line: int = 1) -> Document | None:
    """None when it is no YAML; smaller problems are added too, and the rest is there to check."""
    if text is None:
        return None
    try:
        root = _compose(text)
    except _Unreadable as error:
        problems.add(file, error.line + first_line - 1, error.text)
        return None
    if root is None:
        problems.add(file, first_line, "is empty")
        return None
    reading = _Reading(file, first_line, problems)
    reading.lines[()] = reading.line(root)
    return Document(file, reading.tree(root, ()), reading.lines)


@dataclass(frozen=True, slots=True)
class _Reading:
    file: str
    first_line: int
    problems: Problems
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, node: yaml.Node) -> int:
        return int(node.start_mark.line) + self.first_line

    def tree(self, node: yaml.Node, path: Path) -> Tree:
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            for index, item in enumerate(node.value):
                self.lines[*path, index] = self.line(item)
            return [self.tree(item, (*path, index)) for index, item in enumerate(node.value)]
        assert isinstance(node, yaml.ScalarNode), "YAML has no fourth kind of node"
        return self._text(node)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Tree]:
        mapping: dict[str, Tree] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.problems.add(
                    self.file, self.line(key_node), "the key is a list or mapping; expected a text"
                )
                continue
            key = self._text(key_node)
            place = (*path, key)
            if key in mapping:
                first = self.lines[place]
                self.problems.add(
                    self.file,
                    self.line(key_node),
                    f"{brief(key)}: appears a second time; expected it once (see line {first})",
                )
                continue
            self.lines[place] = self.line(key_node)
            mapping[key] = self.tree(value_node, place)
        return mapping

    def _text(self, node: yaml.ScalarNode) -> str:
        text = str(node.value)
        if "\0" in text:
            self.problems.add(self.file, self.line(node), "has a NUL; expected text without one")
        elif any("\ud800" <= character <= "\udfff" for character in text):
            self.problems.add(
                self.file, self.line(node), "has half a surrogate pair; expected the character"
            )
        if node.style in {"|", ">"}:
            return text.removesuffix("\n")
        return text


class _Unreadable(Exception):
    def __init__(self, line: int, text: str) -> None:
        self.line = line
        self.text = text


class _Checked(Composer):
    """Refuses what turns a few lines into a huge or a typed tree, before it is built."""

    depth = 0
    values = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[attr-defined]
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise _Unreadable(line, "anchors and aliases are refused; expected the value itself")
        if event.tag is not None:
            raise _Unreadable(line, f"the tag {quoted(event.tag)} is refused; expected no tag")
        if self.depth == _DEEPEST:
            raise _Unreadable(line, f"is too deep; expected at most {_DEEPEST} levels")
        self.values += 1
        if self.values > MOST_VALUES:
            raise _Unreadable(line, f"has too much; expected at most {MOST_VALUES:,} values")
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


class _Loader(_Checked, yaml.SafeLoader):
    pass


def _compose(text: str) -> yaml.Node | None:
    # A tab within a text is taken by one parser and refused by the other.
    if yaml.__with_libyaml__ and "\t" not in text:
        try:
            return _compose_quickly(text)
        except (yaml.YAMLError, ValueError):
            # The parser below says what is wrong in better words, and always in the same ones.
            pass
    try:
        loader = _Loader(text)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _Unreadable(line, f"has the control character U+{error.character:04X}") from None
    try:
        return loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or loader.get_mark()
        raise _Unreadable(mark.line + 1, f"is not valid YAML: {error.problem}") from None
    except (ValueError, OverflowError):
        # PyYAML hands escapes such as "\UFFFFFFFF" to chr() as they are.
        line = loader.get_mark().line + 1
        raise _Unreadable(line, "is not valid YAML: there is no such character") from None


def _compose_quickly(text: str) -> yaml.Node | None:
    """With the parser of libyaml, in a tenth of the time: a large pack takes seconds."""

    # Here, because a PyYAML without libyaml has no such loader.
    class Loader(_Checked, yaml.CSafeLoader):
        def __init__(self) -> None:
            yaml.CSafeLoader.__init__(self, text)
            Composer.__init__(self)

    return Loader().get_single_node()

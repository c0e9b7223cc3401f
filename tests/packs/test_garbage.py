"""Whatever is in the files, the answer is a pack or a PackError."""

import contextlib
import tempfile
from pathlib import Path

import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.support.small_pack import FILES, SmallPack

from bullpen.packs.problems import PackError
from bullpen.packs.reader import read_pack

NAMES = st.sampled_from(sorted(FILES))
MARKS = st.text(alphabet="-:[]{},&*!|>'\"%@`#?<~\\ \n\t\r0a\0é👍\x85\u2028\ufeff", max_size=12)
WORDS = st.sampled_from(
    ["general", "ann", "day", "at", "from", "text", "replies", "reactions", "members", "all", "👍"]
)
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | WORDS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=3) | WORDS, inner, max_size=4)
    ),
    max_leaves=12,
)

many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _read(name: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        pack = SmallPack(Path(folder))
        (pack.folder / name).write_bytes(content)
        with contextlib.suppress(PackError):
            read_pack(pack.folder)


@given(NAMES, st.binary(max_size=60))
@many
def test_bytes(name, content):
    _read(name, content)


@given(NAMES, MARKS)
@example("channels.yaml", "? " * 3000)
@example("channels.yaml", "- " * 3000)
@example("channels.yaml", "[" * 3000)
@example("channels.yaml", "{a: " * 3000)
@example("channels.yaml", "a: &a [x]\nb: *a")
@example("channels.yaml", "%YAML 1." + "9" * 5000 + "\n--- a")
@example("channels.yaml", "--- !<tag:yaml.org,2002:binary> \n")
@example("agents/ann.md", "---\n---\n---")
@many
def test_text_of_marks(name, text):
    _read(name, text.encode())


@given(NAMES, MARKS, st.integers(0, 600), st.integers(0, 8))
@many
def test_a_valid_file_with_garbage_in_it(name, text, at, length):
    content = FILES[name].encode()
    _read(name, content[:at] + text.encode() + content[at + length :])


@given(NAMES, TREES)
@many
def test_trees_of_another_shape(name, tree):
    text = yaml.safe_dump(tree, allow_unicode=True)
    _read(name, f"---\n{text}---\n{text}".encode() if name.endswith(".md") else text.encode())

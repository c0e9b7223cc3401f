"""The documents name what is there: every link leads somewhere, every path exists."""

import re
import textwrap
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from bullpen.agents.tools.base import ToolContext, ToolProblem
from bullpen.api.http.router import Router
from bullpen.api.routes import users
from bullpen.kit.database import connect
from bullpen.kit.errors import NotFound
from bullpen.kit.tables import Base
from bullpen.members.actor import Actor
from bullpen.members.queries import Channel
from bullpen.migrations.metadata import METADATA
from tests.support.fixtures import complete

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
# A record of what was decided, and of what changed, names files of its time.
OF_THEIR_TIME = {"CHANGELOG.md", "decisions"}
PLACES = (
    ROOT,
    ROOT / "src" / "bullpen",
    ROOT / "src" / "bullpen" / "client",
    ROOT / "src" / "bullpen" / "packs" / "dunder_mifflin",
    ROOT / "docs",
)
LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|srcset|href)=\"([^\"]+)\"")
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^( *)```(\w*)\n.*?^\1```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"[\w.*/-]+\.(?:py|js|css|sql|md|json|toml|sh|yaml|d\.ts|html|txt)")
FROM_THE_TOP = re.compile(r"(?<![\w/.-])(?:tests|e2e|scripts|docs|requirements)/[\w./-]*\w(?![<*])")
FOLDER = re.compile(r"(?:[\w.-]+/)+")
# Made by a command, a name for the reader to choose, or a file that the bundled pack does without.
NOT_KEPT = {".cache/", ".venv/", "dist/", "my-office/", "user_groups.yaml"}


def names(document: Path) -> str:
    return document.relative_to(ROOT).as_posix()


def prose(document: Path) -> str:
    return FENCE.sub("", document.read_text(encoding="utf-8"))


def anchors(document: Path) -> set[str]:
    """As GitHub names headings."""
    headings = re.findall(r"^#+ (.+)$", prose(document), re.MULTILINE)
    plain = [re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings]
    return {heading.strip().replace(" ", "-") for heading in plain}


def broken_links(document: Path) -> list[str]:
    broken = []
    for link in (one or other for one, other in LINK.findall(prose(document))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    return broken


def is_there(path: str, document: Path) -> bool:
    path = path.rstrip("/")
    if "/" not in path and any(any((ROOT / top).rglob(path)) for top in ("src", "tests", "e2e")):
        # Where its folder is plain from what is said around it.
        return True
    return any(any(place.glob(path)) for place in (*PLACES, document.parent))


def missing_paths(document: Path) -> list[str]:
    """Of what is marked as a path, and of what commands and examples name from the top."""
    spans = CODE.findall(prose(document))
    found = [span for span in spans if FILE.fullmatch(span) or FOLDER.fullmatch(span)]
    found += FROM_THE_TOP.findall(document.read_text(encoding="utf-8"))
    return [path for path in found if path not in NOT_KEPT and not is_there(path, document)]


@pytest.mark.parametrize("document", DOCUMENTS, ids=names)
def test_every_link_leads_somewhere(document: Path):
    assert broken_links(document) == []


CURRENT = [d for d in DOCUMENTS if not OF_THEIR_TIME & set(d.relative_to(ROOT).parts)]


@pytest.mark.parametrize("document", CURRENT, ids=names)
def test_every_path_that_is_named_exists(document: Path):
    assert missing_paths(document) == []


def test_the_drawings_name_files_that_exist():
    """In a diagram a file is named without its marks."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    drawn = "\n".join(re.findall(r"```(?:mermaid)?\n(.*?)```", text, re.DOTALL))
    found = set(FILE.findall(drawn))
    sql = {path for path in found if path.endswith(".sql") and "/" not in path}
    there = {file.name for file in (ROOT / "src").rglob("*.sql")}
    assert len(found) > 25
    assert sorted(sql - there) == []
    assert [p for p in sorted(found - sql) if not is_there(p, ROOT / "docs" / "x")] == []


def test_a_missing_file_and_a_wrong_anchor_are_noticed(tmp_path: Path):
    document = tmp_path / "page.md"
    document.write_text(
        "# One place\n[a](#one-place) [b](#another) [c](page.md) [d](gone.md) [e](https://e.invalid)\n"
        "`page.md` `chat/gone.py` `chat/routing.py` `gone/` `chat/sql/`\n"
        "```\npytest tests/test_docs.py tests/gone.py\n`gone/gone.py`\n```\n"
    )
    assert broken_links(document) == ["#another", "gone.md"]
    assert missing_paths(document) == ["chat/gone.py", "gone/", "tests/gone.py"]


def examples(heading: str, language: str) -> list[str]:
    text = (ROOT / "docs" / "howto.md").read_text(encoding="utf-8")
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    blocks = re.findall(rf"^ *```{language}\n(.*?)^ *```$", section, re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(block) for block in blocks]


def test_the_tool_of_the_how_to_works(url: str):
    (source,) = examples("Add a tool", "python")
    written: dict[str, Any] = {}
    exec(source, written)
    tool, arguments = written["COUNT_MEMBERS"], written["CountMembers"]

    async def answer(channel: str) -> str:
        context = ToolContext(
            Actor("kevin"), None, "general", None, None, uuid4(), datetime.now(UTC)
        )
        connection = await connect(url, pooled=False)
        try:
            return await tool.call(connection, context, arguments(channel=channel))
        finally:
            await connection.close()

    assert complete(answer("random")) == "random has 10 members."
    with pytest.raises(ToolProblem, match="You are in this channel"):
        complete(answer("general"))
    with pytest.raises(NotFound):
        complete(answer("management"))


def test_the_route_of_the_how_to_names_what_its_file_knows():
    (source,) = examples("Add a route", "python")
    known = {**vars(users), "Channel": Channel, "router": Router(prefix="/api/users", tags=[])}
    exec(source, known)
    (route,) = known["router"].routes
    assert route.path == "/api/users/{user_id}/channels"


def test_every_table_is_described_in_its_room():
    described: dict[str, list[str]] = {}
    text = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    for section in text.split("\n## ")[1:]:
        room = section.partition("\n")[0]
        described[room] = sorted(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))
    tables: dict[str, list[str]] = {}
    for mapper in Base.registry.mappers:
        room = mapper.class_.__module__.split(".")[1]
        tables.setdefault(room, []).append(mapper.class_.__tablename__)
    assert described == {room: sorted(names) for room, names in tables.items()}
    assert {name for names in described.values() for name in names} == set(METADATA.tables)


def test_the_tests_that_prove_a_requirement_exist():
    written = (ROOT / "docs" / "asvs.md").read_text()
    named = set(re.findall(r"`(test_\w+\.py)(?:::(test_\w+))?`", written))
    assert len(named) > 30
    sources: dict[str, str] = defaultdict(str)
    for file in (ROOT / "tests").rglob("test_*.py"):
        sources[file.name] += file.read_text()
    missing = [(file, name) for file, name in named if f"def {name}" not in sources[file]]
    assert missing == []

"""What a backup says about itself: its last member, written when all others are known."""

from msgspec import Struct

FORMAT = 1


class TableEntry(Struct, frozen=True):
    """A table's rows, in COPY's text format."""

    name: str
    columns: list[str]
    rows: int
    bytes: int
    sha256: str

    @property
    def member(self) -> str:
        return f"tables/{self.name}.copy"


class FileEntry(Struct, frozen=True):
    """A file of the data folder; `name` is relative to it, with slashes."""

    name: str
    bytes: int
    sha256: str

    @property
    def member(self) -> str:
        return f"files/{self.name}"


class Sequence(Struct, frozen=True):
    last_value: int
    is_called: bool


class Manifest(Struct, frozen=True):
    made_by: str
    made_at: str
    # The schema revision that the tables are at.
    revision: str
    workspace: str
    tables: list[TableEntry]
    files: list[FileEntry]
    sequences: dict[str, Sequence]
    # What indexes are marked with, as by migrations/search_words.py.
    index_comments: dict[str, str]

    @property
    def bytes(self) -> int:
        return sum(entry.bytes for entry in self.entries)

    @property
    def entries(self) -> "list[TableEntry | FileEntry]":
        return [*self.tables, *self.files]

    def rows(self, table: str) -> int:
        return sum(entry.rows for entry in self.tables if entry.name == table)

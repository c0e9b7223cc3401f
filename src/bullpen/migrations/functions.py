"""The database's functions and triggers: one `.sql` file each, in the `sql` folder of its room.

They are applied together, in one transaction, whenever the database holds others than these files
describe. Versioned migrations hold tables and data only, and never call a function from here: they
would get the newest one.
"""

import hashlib
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from bullpen.chat import agent_words, best_fit, message_sql, routing
from bullpen.events.log import LOG_LOCK, PARTIAL_ANSWERS
from bullpen.events.log import NOTIFICATIONS as EVENTS_CHANNEL
from bullpen.files.queries import FILE_JSON
from bullpen.kit import words
from bullpen.kit.database import ONE_NAME
from bullpen.members.kinds import DM_MEMBERS, GROUP_DM_MEMBERS
from bullpen.members.names import NAMES_LOCK
from bullpen.members.people import HERE_SECONDS
from bullpen.members.words import WEIGHTS
from bullpen.runs.mailbox import CLAIM_WINDOW, CLAIMS_LOCK, FLOOD
from bullpen.runs.mailbox import NOTIFICATIONS as MAILBOX_CHANNEL

PACKAGE = Path(__file__).parents[1]

# What a file may name as `{{name}}`.
CONSTANTS = {
    "log_lock": LOG_LOCK,
    "names_lock": NAMES_LOCK,
    "one_name": ONE_NAME,
    "events_channel": EVENTS_CHANNEL,
    "partial_answers": PARTIAL_ANSWERS,
    "mailbox_channel": MAILBOX_CHANNEL,
    "claim_window": CLAIM_WINDOW,
    "flood": FLOOD,
    "claims_lock": CLAIMS_LOCK,
    "dm_members": DM_MEMBERS.start,
    "fewest_in_group_dm": GROUP_DM_MEMBERS.start,
    "most_in_group_dm": GROUP_DM_MEMBERS.stop - 1,
    "here_seconds": HERE_SECONDS,
    "answers_in_a_row": routing.AMONG_THEMSELVES,
    "file_json": FILE_JSON,
    "words_stamp": agent_words.STAMP,
    "longest_replied_to": message_sql.LONGEST_REPLIED_TO,
    "thread_summary": message_sql.THREAD_SUMMARY.format(roots="ARRAY[$1]"),
    **WEIGHTS,
    **best_fit.CONSTANTS,
    **words.CONSTANTS,
}

# Functions of earlier versions that have no file any more, from before functions were marked.
RETIRED = ("tell_typing", "tell_runs", "tell_call", "run_may_tell", "take_event_turn")
MARK = "Bullpen"
# Holds the hash of what was applied. A function, so that it goes where the functions go.
STAMP = "bullpen_functions"


class Connection(Protocol):
    async def execute(self, sql: str, /) -> Any: ...

    async def fetch(self, sql: str, /, *args: Any) -> Sequence[Any]: ...


@cache
def files() -> dict[str, str]:
    """The rendered text of each file by the name of its function."""
    return {
        path.stem: render(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.glob("*/sql/*.sql"), key=lambda path: path.stem)
    }


def render(text: str) -> str:
    return re.sub(r"\{\{(\w+)\}\}", lambda match: str(CONSTANTS[match[1]]), text)


@cache
def digest() -> str:
    return hashlib.sha256("\0".join([*files(), *files().values()]).encode()).hexdigest()


# Where nothing is stamped, or no migration has run, there are no rows.
APPLIED = f"""
SELECT prosrc FROM pg_proc
WHERE proname = '{STAMP}' AND pronamespace = current_schema()::regnamespace
"""


async def are_current(connection: Connection) -> bool:
    rows = await connection.fetch(APPLIED)
    return bool(rows) and digest() in rows[0][0]


# The marked ones, and those from before there were marks.
OURS = f"""
SELECT p.oid::regprocedure::text FROM pg_proc p
WHERE p.pronamespace = current_schema()::regnamespace AND (
    obj_description(p.oid, 'pg_proc') = '{MARK}' OR p.proname = ANY ($1)
) AND NOT EXISTS (
    SELECT FROM pg_depend d
    WHERE d.refobjid = p.oid AND d.refclassid = 'pg_proc'::regclass AND d.deptype <> 'i'
      AND d.classid <> 'pg_trigger'::regclass
)
"""


async def drop(connection: Connection) -> None:
    """Drops our functions with their triggers, but those that an index or a column needs."""
    names = [*files(), *RETIRED, STAMP]
    for (function,) in await connection.fetch(OURS, names):
        await connection.execute(f"DROP FUNCTION {function} CASCADE")


async def apply(connection: Connection) -> None:
    """Call this in a transaction, with the database at the newest revision."""
    # Functions may name each other, in any order.
    await connection.execute("SET LOCAL check_function_bodies = off")
    await drop(connection)
    for name, text in files().items():
        await connection.execute(text)
        await connection.execute(f"COMMENT ON FUNCTION {name} IS '{MARK}'")
    await connection.execute(
        f"CREATE OR REPLACE FUNCTION {STAMP}() RETURNS text IMMUTABLE LANGUAGE sql"
        f" AS $$ SELECT '{digest()}' $$"
    )
    await connection.execute(f"COMMENT ON FUNCTION {STAMP} IS '{MARK}'")

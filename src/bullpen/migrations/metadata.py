"""Every table of a migrated database; its functions are in functions.py."""

import bullpen.accounts.tables
import bullpen.accounts.token_tables
import bullpen.agents.tables
import bullpen.audit.tables
import bullpen.chat.tables
import bullpen.digests.tables
import bullpen.events.tables
import bullpen.files.tables
import bullpen.members.tables
import bullpen.memory.tables
import bullpen.push.tables
import bullpen.runs.external_tables
import bullpen.runs.tables
import bullpen.schedule.tables  # noqa: F401 - a model counts once it is imported
from bullpen.kit.tables import Base

METADATA = Base.metadata

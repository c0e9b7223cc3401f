"""Every table of a migrated database; its functions are in functions.py."""

import bullpen.agents.tables
import bullpen.chat.models
import bullpen.events.models
import bullpen.members.models
import bullpen.memory.models
import bullpen.runs.details
import bullpen.runs.models
import bullpen.schedule.models  # noqa: F401 - a model counts once it is imported
from bullpen.kit.models import Base

METADATA = Base.metadata

"""Everything a migrated database consists of: every model's table, every room's rules."""

import bullpen.agents.models
import bullpen.chat.models
import bullpen.events.models
import bullpen.members.models
import bullpen.memory.models
import bullpen.runs.details
import bullpen.runs.models
import bullpen.schedule.models  # noqa: F401 - a model counts once it is imported
from bullpen.chat import asking
from bullpen.chat import rules as chat_rules
from bullpen.events import rules as event_rules
from bullpen.kit.models import Base
from bullpen.members import rules as member_rules
from bullpen.memory import rules as memory_rules
from bullpen.runs import budget_rules, mailbox_rules, step_rules
from bullpen.runs import rules as run_rules
from bullpen.schedule import rules as schedule_rules

METADATA = Base.metadata
RULES = (
    *event_rules.RULES,
    *member_rules.RULES,
    *chat_rules.RULES,
    *run_rules.RULES,
    *mailbox_rules.RULES,
    *step_rules.RULES,
    *budget_rules.RULES,
    *asking.RULES,
    *memory_rules.RULES,
    *schedule_rules.RULES,
)

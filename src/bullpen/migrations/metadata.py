"""Everything a migrated database consists of: every model's table, every room's rules."""

import bullpen.chat.models
import bullpen.members.models  # noqa: F401 - a model counts once it is imported
from bullpen.chat import rules as chat_rules
from bullpen.kit.models import Base
from bullpen.members import rules as member_rules

METADATA = Base.metadata
RULES = member_rules.RULES + chat_rules.RULES

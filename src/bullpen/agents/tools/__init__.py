"""What agents can do. Each tool acts as its agent, and reaches what that agent may."""

from typing import Any

from bullpen.agents.tools.base import Tool
from bullpen.agents.tools.files import READ_FILE
from bullpen.agents.tools.memory import SEARCH_MEMORY, STORE_MEMORY, UPDATE_MEMORY
from bullpen.agents.tools.messages import REACT_TO_MESSAGE, SEARCH_MESSAGES, SEND_MESSAGE
from bullpen.agents.tools.schedule import SCHEDULE_MESSAGE
from bullpen.agents.tools.silence import DO_NOTHING

TOOLS: tuple[Tool[Any], ...] = (
    SEND_MESSAGE,
    REACT_TO_MESSAGE,
    DO_NOTHING,
    UPDATE_MEMORY,
    SEARCH_MEMORY,
    STORE_MEMORY,
    SEARCH_MESSAGES,
    READ_FILE,
    SCHEDULE_MESSAGE,
)

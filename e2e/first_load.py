"""Which requests of a page are not part of its first load."""

import re

# Loaded when the first view has been drawn; the stream never ends.
AFTERWARDS = re.compile(r"styles/live|chunks/live|/api/sse|/api/unreads/|/api/runs|/api/budgets")

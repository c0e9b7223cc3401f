"""Which requests of a page are not part of its first load."""

import re

# Loaded when the first view has been drawn, such as what greets a stranger; the stream never ends.
AFTERWARDS = re.compile(
    r"(?:styles|chunks)/(?:live|pages)|/api/(?:sse|unreads/|runs|budgets|providers|pauses|saved|scheduled|user-groups)"
)

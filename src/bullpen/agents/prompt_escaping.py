"""What members wrote, made unable to pose as anything else.

A message is one line of JSON: its text can neither begin a line nor close a section, and who
wrote it stands in a field that the text cannot reach. Longer texts have a mark before each line.
"""

from typing import Any

import msgspec

_encoder = msgspec.json.Encoder()
# What some readers take for the end of a line, and the sign that sections are marked with.
_ESCAPED = {ord(sign): f"\\u{ord(sign):04x}" for sign in "\x7f\x85\u2028\u2029<>"}


def line(value: Any) -> str:
    """As JSON on one line."""
    return _encoder.encode(value).decode().translate(_ESCAPED)


def quoted(text: str) -> str:
    return "\n".join(f"| {part}" for part in text.splitlines()) or "|"


def section(name: str, text: str) -> str:
    return f"<{name}>\n{text}\n</{name}>"

"""A command whose errors and progress go to a terminal."""

import os
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from typing import Any


def in_terminal(command: Sequence[str], **options: Any) -> tuple[int, str]:
    """Its exit code, and what it drew on stderr."""
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=theirs, **options
    )
    os.close(theirs)
    drawn = b""
    # The end of a terminal is an error on Linux, and nothing to read elsewhere.
    with suppress(OSError):
        while part := os.read(ours, 65536):
            drawn += part
    os.close(ours)
    return process.wait(), drawn.decode().replace("\r\n", "\n")

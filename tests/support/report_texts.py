"""Reports of failed tests as text that can be sent to the process that collects them.

A test of hostile texts that fails may quote half of a surrogate pair, which is not text in UTF-8:
without this, one such failure would end the whole run.
"""

from collections.abc import Generator
from typing import Any

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, Any, Any]:
    return sendable((yield))


def sendable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {sendable(key): sendable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(sendable, value))
    return value

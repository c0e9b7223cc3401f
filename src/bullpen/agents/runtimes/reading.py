"""Reads a provider's answer as far as it can be read.

Servers that are compatible with OpenAI or Anthropic leave fields out, send null, numbers as text,
or objects where text belongs (docs/providers.md lists which). What matters is taken and put into
the form that the SDKs expect; the rest is left behind.
"""

import json
import re
import secrets
import string
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

# What Anthropic takes as a call's id.
ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
# Mistral takes only ids of nine letters and digits; everybody else takes these, too.
ID_SIGNS = string.ascii_letters + string.digits
ID_LENGTH = 9
# Of tokens; what is beyond this is no count.
LARGEST_COUNT = 20_000_000
BLANK = b" \t\r\n\xef\xbb\xbf"


class Unreadable(Exception):
    """The answer holds nothing that can be taken, and why, in words."""


def parsed(content: bytes) -> Any:
    bare = content.strip(BLANK)
    if not bare:
        raise Unreadable("it is empty")
    if bare.startswith(b"<"):
        raise Unreadable("it is a web page, so the address may be wrong")
    try:
        return json.loads(bare.decode("utf-8", errors="replace"))
    except RecursionError:
        raise Unreadable("it is nested too deeply") from None
    except ValueError:
        raise Unreadable("it is not JSON, or was cut off") from None


def fields(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """One that should have been a list of one counts as such."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def words(value: Any) -> str:
    """Text without lone surrogates, which no history could be sent back with."""
    return value.encode(errors="replace").decode() if isinstance(value, str) else ""


def first_words(source: dict[str, Any], names: Iterable[str]) -> str:
    return next((found for name in names if (found := words(source.get(name)))), "")


def count(value: Any) -> int:
    """Tokens, which some send as text or with a fraction; what is no number counts as none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return 0
    try:
        counted = int(float(value))
    except (ValueError, OverflowError):
        return 0
    return counted if 0 <= counted <= LARGEST_COUNT else 0


def first_count(source: dict[str, Any], names: Iterable[str]) -> int:
    return next((found for name in names if (found := count(source.get(name)))), 0)


def call_ids(given: Iterable[Any]) -> list[str]:
    """Each one's own, also where the server sends none, or the same for all."""
    made: list[str] = []
    for value in given:
        wanted = words(value)
        is_usable = ID.fullmatch(wanted) is not None and wanted not in made
        made.append(wanted if is_usable else new_call_id())
    return made


def new_call_id() -> str:
    return "".join(secrets.choice(ID_SIGNS) for _ in range(ID_LENGTH))


def text_of(content: Any) -> str:
    """Of text, or of a list of parts of which some are text."""
    if isinstance(content, str):
        return words(content)
    found = []
    for part in items(content):
        kind = fields(part).get("type")
        if isinstance(part, str):
            found.append(words(part))
        elif kind in (None, "text", "output_text"):
            found.append(first_words(fields(part), ("text", "content")))
    return "".join(found)


# What an error is called in an answer, and what HTTP calls it.
STATUSES = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "rate_limit_error": 429,
    "insufficient_quota": 429,
    "api_error": 500,
    "server_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}
LEAST_ERROR, MOST_ERROR = 400, 599


def error_in(data: Any) -> dict[str, Any] | None:
    """The error that an answer reports, in any provider's form: message, type and code as text."""
    if isinstance(data, list):
        # Google's compatible endpoint sends errors as a list of one.
        data = data[0] if data and "error" in fields(data[0]) else None
    found = fields(data)
    error = found.get("error")
    if not error and found.get("object") == "error":
        error = found
    if not error and isinstance(found.get("detail"), str | list):
        error = {"message": detail(found["detail"])}
    if not error and "choices" not in found and "content" not in found:
        error = found.get("errors") or found.get("message")
        if isinstance(error, dict):
            # Ollama's own format has its answer there.
            error = None
    if not error:
        return None
    if isinstance(error, list):
        error = error[0]
    if not isinstance(error, dict):
        error = {"message": str(error)}
    message = said_in(error.get("message")) or first_words(error, ("msg", "detail", "error"))
    metadata = fields(error.get("metadata"))
    # OpenRouter passes on what the provider behind it said.
    raw = words(metadata.get("raw"))
    code = error.get("code")
    return {
        "message": message if not raw or raw in message else f"{message}: {raw}",
        "type": words(error.get("type")) or words(error.get("status")) or None,
        "code": str(code) if isinstance(code, str | int) and not isinstance(code, bool) else None,
    }


def said_in(message: Any) -> str:
    """Mistral puts an object there, or text that holds one."""
    if isinstance(message, str) and message.startswith('{"detail"'):
        with suppress(ValueError, RecursionError):
            message = json.loads(message)
    if isinstance(message, dict):
        return detail(message.get("detail")) or first_words(message, ("message", "error"))
    return words(message)


def detail(value: Any) -> str:
    """FastAPI's, as vLLM and Mistral send it: without what it repeats of the request."""
    if isinstance(value, str):
        return words(value)
    problems = []
    for item in items(value):
        where = ".".join(str(part) for part in items(fields(item).get("loc")))
        problems.append(f"{where}: {words(fields(item).get('msg'))}")
    return "; ".join(problems)


def status_of(error: dict[str, Any]) -> int:
    """Of an error that came with a status that says all is well."""
    code = error["code"] or ""
    if code.isdigit() and LEAST_ERROR <= int(code[:4]) <= MOST_ERROR:
        return int(code)
    return STATUSES.get(error["type"] or "") or STATUSES.get(code) or 502

"""Why a model did not answer, in words that a person can act on, with the provider's own."""

import re
from collections.abc import Iterable, Sequence

LONGEST = 200
# So much in a row that the request has, too, is not repeated: others may not read the prompt.
REPEATED = 40
SIGNS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+|\s+")
# How keys begin, for those that are not this workspace's own.
KEY = re.compile(r"\b(?:sk|pk|rk|gsk|xai|hf|r8|AIza|Bearer)[-_ ]?[\w*.…-]{6,}")
CREDENTIALS = re.compile(r"(?<=://)[^\s/@]+@")
SHORTEST_SECRET = 6
BAD_REQUEST, NO_KEY, NO_MONEY, NO_ACCESS, NO_MODEL, TOO_LONG, TOO_OFTEN, FAILED, OVERLOADED = (
    *(400, 401, 402, 403, 404, 413, 429, 500, 529),
)

NOT_IN_TIME = (
    "The model did not answer in time. Ask again, or allow it more time with BULLPEN_MODEL_SECONDS."
)
UNREACHABLE = (
    "The provider cannot be reached, or broke off its answer. Check that it is running, and that"
    " its address is right."
)
AGAIN_OR_CHECK = "Ask again; if it stays, check the provider's address and the model's name."
UNREADABLE = f"The provider's answer cannot be read. {AGAIN_OR_CHECK}"
CUT_OFF = (
    "The model's answer was cut off before its end: it was too long. Ask for less at once, or"
    " choose a model that thinks less."
)
FULL = (
    "The prompt is longer than the model can read. Choose a model that reads more, or shorten the"
    " agent's instructions and memory."
)
REFUSED = "The model refused to answer. Ask in other words, or choose another model."
FILTERED = "The provider's filter stopped the answer. Ask in other words, or choose another model."
BROKE_OFF = "The provider ended the answer with an error. Ask again in a moment."
NO_CALL = (
    "The model wrote text and called no tool, so nothing was sent: its text is in the trace. Choose"
    " a model that can call tools."
)
OVER_BUDGET = "The agent's budget for one answer is used up. Allow more on the agent's profile."
NOTHING = "The model answered nothing at all. Ask again, or choose another model."


OUT_OF_CREDIT = ("credit balance", "insufficient_quota", "insufficient credit", "out of credits")


def unreadable(why: str) -> str:
    return f"The provider's answer cannot be read: {why}. {AGAIN_OR_CHECK}"


def of_status(status: int | None, retry_after: float | None = None) -> str:
    """What an HTTP status means. The same for all providers."""
    match status:
        case 401 | 403:
            return f"The provider does not accept the key ({status}). Check the one that is set."
        case 402:
            return f"The account's quota is used up ({status}). Add to it, or choose another model."
        case 404:
            return (
                f"The provider has no such model ({status}). Check its name and the provider's"
                " address."
            )
        case 413:
            return FULL
        case 429:
            when = f"; it asks to wait {retry_after:.0f} seconds" if retry_after else ""
            return f"The provider is being asked too often ({status}){when}. Ask again later."
        case 503 | 529:
            return f"The provider is overloaded ({status}). Ask again in a moment."
        case int() if status >= FAILED:
            return f"The provider failed ({status}). Ask again in a moment."
        case int():
            return (
                f"The provider refused the request ({status}). Check the model's name and settings."
            )
    return UNREACHABLE


def is_out_of_credit(message: str) -> bool:
    """Anthropic says so with 400, others with 403 or 429: only the words tell."""
    return any(words in message.lower() for words in OUT_OF_CREDIT)


def quoted(message: str, secrets: Iterable[str | None], asked: Sequence[str]) -> str:
    """The provider's own words, without keys and without what it repeats of the request."""
    text = SIGNS.sub(" ", message).strip()
    for secret in secrets:
        if secret and len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, "…")
    text = CREDENTIALS.sub("", KEY.sub("…", text))
    text = up_to_repetition(text, asked)
    if len(text) > LONGEST:
        text = f"{text[:LONGEST].rstrip()}…"
    return f' It says: "{text}"' if any(sign.isalnum() for sign in text) else ""


def up_to_repetition(text: str, asked: Sequence[str]) -> str:
    flat = [SIGNS.sub(" ", one) for one in asked]
    for start in range(min(len(text), LONGEST) - REPEATED + 1):
        piece = text[start : start + REPEATED]
        if any(piece in one for one in flat):
            return f"{text[:start].rstrip()}…"
    return text

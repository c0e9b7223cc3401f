"""What is wrong with a request's fields, in sentences that people read in the interface."""

from collections.abc import Callable, Mapping
from typing import Any

from bullpen.api.http.fields import COLOR, NEW_ID

Context = Mapping[str, Any]

PATTERNS = {
    COLOR: "Give a color like #4A90D9.",
    NEW_ID: "Use up to 80 letters (A to Z), digits, dots, hyphens and underscores, "
    "beginning with a letter or digit.",
}
WHOLE_NUMBER = "Enter a whole number."
NUMBER = "Enter a number."
TEXT = "Enter some text."
YES_OR_NO = "Give true or false."
AN_ID = "This is not an id."
A_TIME = "Give a date and a time with a time zone, like 2026-03-04T09:00:00Z."
AN_OBJECT = "Give a JSON object."


def count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def at_least(context: Context) -> str:
    return f"Enter {plain(context['ge'])} or more."


def at_most(context: Context) -> str:
    return f"Enter {plain(context['le'])} or less."


def too_short(context: Context) -> str:
    least: int = context["min_length"]
    return TEXT if least == 1 else f"Enter at least {count(least, 'character')}."


def too_long(context: Context) -> str:
    return f"Enter at most {count(context['max_length'], 'character')}."


def too_many(context: Context) -> str:
    """Of a list, or of a text that another validator has seen before."""
    if context["field_type"] == "Value":
        return too_long(context)
    return f"Give at most {count(context['max_length'], 'item')}."


def too_few(context: Context) -> str:
    if context["field_type"] == "Value":
        return too_short(context)
    return f"Give at least {count(context['min_length'], 'item')}."


def misfit(context: Context) -> str:
    return PATTERNS.get(context["pattern"], "This does not have the form that is expected.")


def one_of(context: Context) -> str:
    return f"Choose {context['expected']}."


def plain(number: float) -> str:
    return f"{number:,.10g}"


# By the kinds of error that pydantic lists (docs.pydantic.dev, "validation errors").
SENTENCES: dict[str, str | Callable[[Context], str]] = {
    "missing": "This is required.",
    "extra_forbidden": "There is no such field.",
    "json_invalid": "The body is not valid JSON.",
    "json_type": AN_OBJECT,
    "string_type": TEXT,
    "string_unicode": "This is not a text.",
    "string_too_short": too_short,
    "string_too_long": too_long,
    "string_pattern_mismatch": misfit,
    "literal_error": one_of,
    "enum": one_of,
    "int_type": WHOLE_NUMBER,
    "int_parsing": WHOLE_NUMBER,
    "int_parsing_size": WHOLE_NUMBER,
    "int_from_float": WHOLE_NUMBER,
    "float_type": NUMBER,
    "float_parsing": NUMBER,
    "finite_number": NUMBER,
    "greater_than_equal": at_least,
    "less_than_equal": at_most,
    "bool_type": YES_OR_NO,
    "bool_parsing": YES_OR_NO,
    "uuid_type": AN_ID,
    "uuid_parsing": AN_ID,
    "uuid_version": AN_ID,
    "datetime_type": A_TIME,
    "datetime_parsing": A_TIME,
    "datetime_from_date_parsing": A_TIME,
    "datetime_object_invalid": A_TIME,
    "timezone_aware": A_TIME,
    "list_type": "Give a list.",
    "too_long": too_many,
    "too_short": too_few,
    "dict_type": AN_OBJECT,
    "model_type": AN_OBJECT,
    "model_attributes_type": AN_OBJECT,
}


def sentence_of(error: Mapping[str, Any]) -> str:
    """Of one of pydantic's errors; what our own validators say is a sentence but for its dress."""
    known = SENTENCES.get(error["type"])
    if known is not None:
        return known if isinstance(known, str) else known(error["ctx"])
    text = str(error["msg"]).removeprefix("Value error, ").removesuffix(".")
    return f"{text[:1].upper()}{text[1:]}."

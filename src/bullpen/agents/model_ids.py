"""What a `modelId` says: whose model is meant, and its name there."""

import re
from typing import Literal, get_args

ProviderId = Literal["anthropic", "openai", "google", "ollama", "vllm", "compatible", "claude"]
PROVIDER_IDS: tuple[ProviderId, ...] = get_args(ProviderId)
SCRIPTED = "scripted"
EXAMPLE = "anthropic:claude-sonnet-5-5"
# How models' names begin, of those that are given without a provider.
BARE: tuple[tuple[re.Pattern[str], ProviderId], ...] = (
    (re.compile(r"claude-\S", re.IGNORECASE), "anthropic"),
    (re.compile(r"(chat)?gpt-\S|o[134](-|$)", re.IGNORECASE), "openai"),
    (re.compile(r"gemini-\S", re.IGNORECASE), "google"),
)
NAME = re.compile(r"[^\s\x00-\x1f\x7f]+")


def parse_model_id(model_id: str) -> tuple[ProviderId | None, str]:
    prefix, colon, name = model_id.partition(":")
    if colon and NAME.fullmatch(name):
        for provider in PROVIDER_IDS:
            if prefix == provider:
                return provider, name
    if NAME.fullmatch(model_id):
        for begins, provider in BARE:
            if begins.match(model_id):
                return provider, model_id
    return None, model_id


def model_id_problem(model_id: str) -> str | None:
    """Why no provider can have a model of this id; None where one can, and for the script."""
    if model_id == SCRIPTED or parse_model_id(model_id)[0] is not None:
        return None
    return (
        f"'{model_id}' names no provider's model: write {SCRIPTED}, or provider:model like"
        f" {EXAMPLE}, with one of the providers {', '.join(PROVIDER_IDS)}"
    )

"""What calls of a model cost, by the list of prices."""

from bullpen.agents.model_ids import parse_model_id

# Whose models the list of prices names.
LISTED = ("anthropic", "openai", "google")


def listed_provider(model_id: str) -> tuple[str, str] | None:
    """The provider and the name by which a model is listed; None where no list could name it."""
    provider_id, name = parse_model_id(model_id)
    listed = "anthropic" if provider_id == "claude" else provider_id
    return None if listed is None or listed not in LISTED else (listed, name)


def price_of(model_id: str, input_tokens: int, output_tokens: int) -> float | None:
    """None where the price is not known. The first call takes a second, so call it in a thread."""
    from genai_prices import Usage, calc_price  # noqa: PLC0415 - takes a second to load

    listed = listed_provider(model_id)
    if listed is None:
        return None
    provider, name = listed
    usage = Usage(input_tokens=input_tokens, output_tokens=output_tokens)
    try:
        return float(calc_price(usage, name, provider_id=provider).total_price)
    except LookupError:
        return None

"""Keys of model providers, as people copy them."""

SHOWN = 4
# Of a shorter key, four characters would be too much of it.
SHORTEST_SHOWN = 12


def clean_key(text: str) -> str | None:
    """Without the white space and quotes that were copied along; None where nothing is left.

    Raises ValueError for a character that cannot be sent, without repeating the key.
    """
    bare = text.strip()
    if len(bare) > 1 and bare[0] == bare[-1] and bare[0] in "'\"":
        bare = bare[1:-1].strip()
    foreign = next((place for place, sign in enumerate(bare, 1) if not "!" <= sign <= "~"), 0)
    if foreign:
        raise ValueError(
            f"the key's character {foreign} of {len(bare)} is one that no key has, and that"
            " cannot be sent; copy the key again, without what stands around it"
        )
    return bare or None


def last_characters(key: str) -> str:
    """What is shown of a key, so that people can tell which it is."""
    return key[-SHOWN:] if len(key) >= SHORTEST_SHOWN else ""

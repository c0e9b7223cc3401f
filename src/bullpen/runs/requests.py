"""Requests to models, stored without the long texts that their run has stored already.

Each step sends what the run began with once more: its instructions and its prompt, which are most
of what a run takes in the database.
"""

from collections.abc import Mapping

import msgspec

# Of a text, below which a reference would save little.
SHORTEST = 200


def reference(kind: str) -> str:
    return f'{{"bullpen:stored":"{kind}"}}'


def shortened(request: str, stored: Mapping[str, str]) -> str:
    """The request as JSON, with references to the texts that are stored by their kind."""
    for kind, text in stored.items():
        if len(text) >= SHORTEST:
            request = request.replace(encoded(text), reference(kind))
    return request


def restored(request: str, stored: Mapping[str, str]) -> str:
    """What was sent, to the letter."""
    for kind, text in stored.items():
        request = request.replace(reference(kind), encoded(text))
    return request


def encoded(text: str) -> str:
    return msgspec.json.encode(text).decode()

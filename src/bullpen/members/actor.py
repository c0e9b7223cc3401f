from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """Who reads or acts. Every read takes one; there is no reading as nobody."""

    user_id: str

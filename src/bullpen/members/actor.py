from dataclasses import dataclass
from typing import Literal

Role = Literal["owner", "admin", "member", "guest"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who reads or acts. Every read takes one; there is no reading as nobody.

    `role`: None for an agent, which has no say in how the workspace is run. `address`: from where
    the request came, for the audit log; None within the program.
    """

    user_id: str
    role: Role | None = None
    address: str | None = None

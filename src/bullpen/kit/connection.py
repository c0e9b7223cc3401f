"""The driver's connection, which asks Postgres only once for what its own types are."""

from collections.abc import Iterable
from typing import Any, ClassVar, NamedTuple

import asyncpg

# Those below are types of Postgres itself: the same in every database of every version.
FIRST_OWN_TYPE = 16384
# Also arrays of such; rows of the catalog have other columns in other versions.
BASE_TYPE = b"b"


class Described(NamedTuple):
    """In the place of a statement that was not needed."""

    name: str = "types that are known"


class Connection(asyncpg.Connection):  # type: ignore[misc]
    """To ask for arrays on each connection, as the driver does, takes the server longer than
    nearly all statements of ours."""

    known: ClassVar[dict[int, Any]] = {}

    async def _introspect_types(
        self,
        typeoids: Iterable[int],
        timeout: float | None,  # noqa: ASYNC109 - the driver's own
    ) -> Any:
        asked = set(typeoids)
        if asked <= self.known.keys():
            return [self.known[oid] for oid in asked], Described()
        types, statement = await super()._introspect_types(asked, timeout)
        if all(found["oid"] < FIRST_OWN_TYPE and found["kind"] == BASE_TYPE for found in types):
            self.known.update({found["oid"]: found for found in types})
        return types, statement

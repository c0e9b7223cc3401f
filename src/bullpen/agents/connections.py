"""Keys and addresses of model providers that administrators have entered in the browser.

Each provider is set up in one place as a whole: by the environment where that has what the provider
needs, otherwise by what is stored. So a stored address never gets a key of the environment.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple

from asyncpg import Connection, Record
from msgspec import Meta, Struct

from bullpen.agents.model_ids import PROVIDER_IDS
from bullpen.agents.model_keys import clean_key, last_characters
from bullpen.agents.model_settings import ModelSettings
from bullpen.agents.providers import BY_ID, Provider
from bullpen.agents.runtimes.addresses import entered_address
from bullpen.audit.actions import Target
from bullpen.kit import sealing
from bullpen.kit.database import Reader
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Conflict, Invalid, NotFound
from bullpen.kit.json_types import Time
from bullpen.members.actor import Actor
from bullpen.members.audit_trail import audit
from bullpen.members.permissions import Permission, require

PURPOSE = "model provider"
Secret = Callable[[], str]


class Fields(NamedTuple):
    """Which fields of the settings a provider's key and address are."""

    key: str | None
    address: str | None


# `claude` uses Anthropic's. Addresses of Anthropic and OpenAI come from the environment alone.
FIELDS: Mapping[str, Fields] = {
    "anthropic": Fields("anthropic_api_key", None),
    "openai": Fields("openai_api_key", None),
    "google": Fields("google_api_key", None),
    "ollama": Fields(None, "ollama_base_url"),
    "vllm": Fields(None, "vllm_base_url"),
    "compatible": Fields("compatible_api_key", "compatible_base_url"),
}
LIST = """
SELECT c.provider_id, c.encrypted_key, c.last_characters, c.base_url, c.entered_by, c.entered_at
FROM provider_connections c ORDER BY c.provider_id
"""
SET = """
INSERT INTO provider_connections
    (provider_id, encrypted_key, last_characters, base_url, entered_by, entered_at)
VALUES ($1, $2, $3, $4, $5, now())
ON CONFLICT (provider_id) DO UPDATE SET
    encrypted_key = EXCLUDED.encrypted_key, last_characters = EXCLUDED.last_characters,
    base_url = EXCLUDED.base_url, entered_by = EXCLUDED.entered_by, entered_at = now()
"""
REMOVE = "DELETE FROM provider_connections WHERE provider_id = $1 RETURNING 1"


class ProviderConnection(Struct, rename="camel"):
    """How a provider is reached. Keys are never returned."""

    provider_id: Annotated[str, Meta(description="Id of the provider.")]
    source: Annotated[
        Literal["environment", "stored"] | None,
        Meta(description="Where key and address come from; null while they are missing."),
    ]
    variable: Annotated[
        str, Meta(description="The environment variable that is used instead, where it is set.")
    ]
    takes_key: Annotated[bool, Meta(description="Whether a key can be entered.")]
    takes_address: Annotated[bool, Meta(description="Whether an address can be entered.")]
    last_characters: Annotated[
        str | None, Meta(description="How the stored key ends; empty for a short key.")
    ]
    base_url: Annotated[str | None, Meta(description="The address that is used, if one is set.")]
    entered_by: Annotated[str | None, Meta(description="Id of the person who entered it.")]
    entered_at: Annotated[Time | None, Meta(description="When it was entered.")]
    problem: Annotated[
        str | None, Meta(description="Why what is stored cannot be used, in a sentence.")
    ]


class Entered(NamedTuple):
    """What is to be stored or tried. Raises where it cannot be used: see `entered`."""

    key: str | None
    base_url: str | None


UNREADABLE = (
    "The stored key was encrypted with another secret key. Enter it again, or start Bullpen with"
    " the secret.key or BULLPEN_SECRET_KEY that it had."
)
CANNOT_ENCRYPT = (
    "There is no secret key to encrypt keys with. Start Bullpen with BULLPEN_SECRET_KEY."
)


class Stored:
    """What administrators have entered, with the key that decrypts it."""

    def __init__(self, environment: ModelSettings, secret: Secret | None) -> None:
        self.environment = environment
        self._secret = secret
        self._seen: Sequence[tuple[Any, ...]] | None = None
        self._settings = environment

    async def settings(self, reader: Reader) -> ModelSettings:
        """As they are now. What has not changed is not decrypted again."""
        rows = await reader.fetch(LIST)
        seen = [tuple(row) for row in rows]
        if seen != self._seen:
            self._settings = await asyncio.to_thread(self.combined, rows)
            self._seen = seen
        return self._settings

    def combined(self, rows: Sequence[Record]) -> ModelSettings:
        changes: dict[str, Any] = {}
        unreadable = []
        for row in rows:
            fields = FIELDS.get(row["provider_id"])
            if fields is None or is_given(row["provider_id"], self.environment):
                continue
            key = self.decrypted(row)
            if row["encrypted_key"] is not None and key is None:
                unreadable.append(row["provider_id"])
                continue
            changes |= changed(fields, Entered(key, row["base_url"]))
        return replace(self.environment, **changes, unreadable=tuple(unreadable))

    def decrypted(self, row: Record) -> str | None:
        if row["encrypted_key"] is None or self._secret is None:
            return None
        owner = owner_of(row["provider_id"], row["base_url"])
        content = sealing.decrypt(self._secret(), PURPOSE, row["encrypted_key"], owner)
        return None if content is None else content.decode()

    def encrypted(self, provider_id: str, entered: Entered) -> bytes | None:
        if entered.key is None:
            return None
        if self._secret is None:
            raise Conflict(ErrorCode.SECRET_KEY_MISSING, CANNOT_ENCRYPT)
        owner = owner_of(provider_id, entered.base_url)
        return sealing.encrypt(self._secret(), PURPOSE, entered.key.encode(), owner)

    def trying(self, settings: ModelSettings, provider_id: str, entered: Entered) -> ModelSettings:
        """The settings with what is entered in the place of what is set up."""
        changes: dict[str, Any] = changed(FIELDS[provider_id], entered)
        return replace(settings, **changes, unreadable=())


def owner_of(provider_id: str, base_url: str | None) -> str:
    """Somebody who can write the table cannot have a key sent to another address."""
    return f"{provider_id} {base_url or ''}"


def changed(fields: Fields, entered: Entered) -> dict[str, Any]:
    found: dict[str, str | None] = {}
    if fields.key is not None:
        found[fields.key] = entered.key
    if fields.address is not None:
        found[fields.address] = entered.base_url
    return found


def is_given(provider_id: str, environment: ModelSettings) -> bool:
    return bool(BY_ID[provider_id].given(environment))


def provider_of(provider_id: str) -> Provider:
    if provider_id not in FIELDS:
        raise NotFound(ErrorCode.PROVIDER_NOT_FOUND)
    return BY_ID[provider_id]


async def entered(provider_id: str, key: str | None, base_url: str | None) -> Entered:
    """What an administrator entered, checked and without what was copied along."""
    provider_of(provider_id)
    fields = FIELDS[provider_id]
    for name, value, field in (("key", key, fields.key), ("baseUrl", base_url, fields.address)):
        if value and field is None:
            raise unusable(name, f"this provider takes no {'key' if name == 'key' else 'address'}")
    try:
        bare = clean_key(key) if key else None
    except ValueError as problem:
        raise unusable("key", str(problem)) from None
    try:
        address = await asyncio.to_thread(entered_address, base_url) if base_url else None
    except ValueError as problem:
        raise unusable("baseUrl", str(problem)) from None
    if fields.address is not None and address is None:
        raise unusable("baseUrl", "enter the server's address, like http://localhost:11434")
    if fields.address is None and bare is None:
        raise unusable("key", "enter the key")
    return Entered(bare, address)


def unusable(field: str, why: str) -> Invalid:
    details = [{"loc": ["body", field], "msg": why, "type": "value_error"}]
    sentence = f"{why[:1].upper()}{why[1:]}."
    return Invalid(ErrorCode.VALIDATION_FAILED, sentence, details)


async def list_connections(
    reader: Reader, actor: Actor, stored: Stored
) -> list[ProviderConnection]:
    require(actor, Permission.CONNECT_MODELS)
    rows = {row["provider_id"]: row for row in await reader.fetch(LIST)}
    settings = await stored.settings(reader)
    return [
        shown(provider_id, rows.get(provider_id), settings, stored.environment)
        for provider_id in PROVIDER_IDS
        if provider_id in FIELDS
    ]


def shown(
    provider_id: str, row: Record | None, settings: ModelSettings, environment: ModelSettings
) -> ProviderConnection:
    provider, fields = BY_ID[provider_id], FIELDS[provider_id]
    by_environment = is_given(provider_id, environment)
    source: Literal["environment", "stored"] | None = None
    if by_environment:
        source = "environment"
    elif row is not None:
        source = "stored"
    address: str | None = None
    if provider_id in ("anthropic", "openai"):
        address = getattr(settings, f"{provider_id}_base_url")
    elif fields.address is not None:
        address = getattr(settings, fields.address)
    kept = None if row is None or by_environment else row
    entered_at: datetime | None = None if kept is None else kept["entered_at"]
    return ProviderConnection(
        provider_id,
        source,
        provider.variable,
        fields.key is not None,
        fields.address is not None,
        None if kept is None else kept["last_characters"],
        address,
        None if kept is None else kept["entered_by"],
        entered_at,
        UNREADABLE if provider_id in settings.unreadable else None,
    )


async def set_connection(
    connection: Connection, actor: Actor, stored: Stored, provider_id: str, given: Entered
) -> None:
    """Replaces key and address together: a stored key never goes to an address entered later."""
    require(actor, Permission.CONNECT_MODELS)
    provider = provider_of(provider_id)
    if is_given(provider_id, stored.environment):
        raise Conflict(
            ErrorCode.SET_BY_ENVIRONMENT,
            f"{provider.name} is set up by {provider.variable}. Remove that to enter it here.",
        )
    sealed = await asyncio.to_thread(stored.encrypted, provider_id, given)
    end = None if given.key is None else last_characters(given.key)
    await connection.execute(SET, provider_id, sealed, end, given.base_url, actor.user_id)
    details = {"key": given.key is not None, "address": given.base_url}
    await audit(connection, actor, "models.connected", Target("provider", provider_id), **details)


async def remove_connection(connection: Connection, actor: Actor, provider_id: str) -> None:
    require(actor, Permission.CONNECT_MODELS)
    provider_of(provider_id)
    if await connection.fetchval(REMOVE, provider_id) is not None:
        await audit(connection, actor, "models.disconnected", Target("provider", provider_id))

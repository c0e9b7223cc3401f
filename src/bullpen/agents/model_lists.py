"""Which models a provider has, by its own list; kept for some minutes."""

import asyncio
import difflib
import importlib
import json
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta, Struct

from bullpen.agents.model_ids import SCRIPTED, model_id_problem, parse_model_id
from bullpen.agents.model_settings import ModelSettings
from bullpen.agents.providers import BY_ID, missing, unknown
from bullpen.agents.retired_models import retired
from bullpen.agents.runtimes import failures
from bullpen.agents.runtimes.addresses import bare_of, unversioned, versioned
from bullpen.kit.certificates import trusted
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Invalid

if TYPE_CHECKING:
    import httpx2

SECONDS = 5.0
KEPT_SECONDS = 600.0
# A list that did not come is asked for again sooner, but not by each who opens a page.
FAILED_SECONDS = 20.0
MOST_BYTES = 4_000_000
MOST_MODELS = 2_000
SIMILAR = 3
GOOGLE = "https://generativelanguage.googleapis.com/v1beta/models?pageSize=1000"
ANTHROPIC = "https://api.anthropic.com"
OPENAI = "https://api.openai.com/v1"
REFUSED = 400


class ModelList(Struct, rename="camel"):
    """The models of a provider, by its own list."""

    provider_id: Annotated[str, Meta(description="Id of the provider.")]
    models: Annotated[
        list[str], Meta(description="Their names, as the provider gives them; empty on a problem.")
    ]
    problem: Annotated[
        str | None, Meta(description="Why there is no list, in a sentence; null if there is one.")
    ]
    is_working: Annotated[
        bool,
        Meta(description="False if the provider could not be reached, or refused the key."),
    ] = True


class Unlisted(Exception):
    """Why there is no list, in words."""

    def __init__(self, problem: str, *, is_working: bool = True) -> None:
        super().__init__(problem)
        self.is_working = is_working


class ModelLists:
    """Of one process. A list that does not come in time is not waited for."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._kept: dict[tuple[str, ModelSettings], tuple[float, ModelList]] = {}
        self._asking: dict[tuple[str, ModelSettings], asyncio.Task[ModelList]] = {}

    async def get(self, provider_id: str, settings: ModelSettings) -> ModelList:
        key = (provider_id, settings)
        until, kept = self._kept.get(key, (0.0, None))
        if kept is not None and time.monotonic() < until:
            return kept
        # Several who ask at once share one request; none of them ends it for the others.
        if key not in self._asking:
            self._asking[key] = asyncio.create_task(self._ask(key))
            self._asking[key].add_done_callback(lambda _: self._asking.pop(key, None))
        return await asyncio.shield(self._asking[key])

    async def _ask(self, key: tuple[str, ModelSettings]) -> ModelList:
        provider_id, settings = key
        lacking = missing(BY_ID[provider_id], settings)
        if lacking:
            words = "; ".join(lacking)
            return ModelList(provider_id, [], f"{words[:1].upper()}{words[1:]}.", is_working=False)
        # Loading it takes a moment, which is not the provider's.
        await asyncio.to_thread(importlib.import_module, "httpx2")
        try:
            async with asyncio.timeout(self._seconds):
                found = ModelList(provider_id, await fetched(provider_id, settings), None)
        except TimeoutError:
            found = ModelList(provider_id, [], self.late(), is_working=False)
        except Unlisted as problem:
            found = ModelList(provider_id, [], str(problem), problem.is_working)
        seconds = FAILED_SECONDS if found.problem else KEPT_SECONDS
        # Those of settings that are replaced since are not asked for again.
        now = time.monotonic()
        self._kept = {each: kept for each, kept in self._kept.items() if kept[0] > now}
        self._kept[key] = (now + seconds, found)
        return found

    def late(self) -> str:
        return (
            f"The provider's list of models did not come within {self._seconds:.0f} seconds. Type"
            " the model's name instead."
        )


async def fetched(provider_id: str, settings: ModelSettings) -> list[str]:
    import httpx2  # noqa: PLC0415 - takes a moment to load

    url, headers = request_of(provider_id, settings)
    try:
        async with (
            httpx2.AsyncClient(verify=trusted(), follow_redirects=False, timeout=SECONDS) as client,
            client.stream("GET", url, headers=headers) as response,
        ):
            content = await bounded(response)
    except httpx2.TimeoutException:
        raise TimeoutError from None
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError):
        raise Unlisted(failures.UNREACHABLE, is_working=False) from None
    if response.status_code >= REFUSED:
        said = failures.quoted(message_in(content), settings.secrets, ())
        is_working = response.status_code not in (failures.NO_KEY, failures.NO_ACCESS)
        raise Unlisted(failures.of_status(response.status_code) + said, is_working=is_working)
    try:
        return names_in(provider_id, json.loads(content))
    except (ValueError, RecursionError):
        raise Unlisted("The provider's list of models cannot be read.") from None


def request_of(provider_id: str, settings: ModelSettings) -> tuple[str, dict[str, str]]:
    match provider_id:
        case "anthropic" | "claude":
            base = unversioned(settings.anthropic_base_url) or ANTHROPIC
            key = settings.anthropic_api_key or ""
            headers = {"x-api-key": key, "anthropic-version": "2023-06-01"}
            return f"{base}/v1/models?limit=1000", headers
        case "google":
            return GOOGLE, {"x-goog-api-key": settings.google_api_key or ""}
        case "openai":
            base = bare_of(settings.openai_base_url) if settings.openai_base_url else OPENAI
            return f"{base}/models", {"Authorization": f"Bearer {settings.openai_api_key}"}
        case "compatible":
            key = settings.compatible_api_key or ""
            headers = {"Authorization": f"Bearer {key}"} if key else {}
            return f"{versioned(settings.compatible_base_url)}/models", headers
    return f"{versioned(getattr(settings, f'{provider_id}_base_url'))}/models", {}


async def bounded(response: "httpx2.Response") -> bytes:
    content = bytearray()
    async for piece in response.aiter_bytes():
        content += piece
        if len(content) > MOST_BYTES:
            raise Unlisted("The provider's list of models is far too long.")
    return bytes(content)


def message_in(content: bytes) -> str:
    """The provider's own words, where its answer has some."""
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        return ""
    for name in ("error", "message", "detail"):
        data = data.get(name, data) if isinstance(data, dict) else data
    return data if isinstance(data, str) else ""


def names_in(provider_id: str, data: Any) -> list[str]:
    """Raises ValueError where the answer is no list of models."""
    listed = data
    if isinstance(data, dict):
        listed = data.get("data", data.get("models"))
    if not isinstance(listed, list):
        raise ValueError  # noqa: TRY004 - of what a server sent
    names = []
    for each in listed[:MOST_MODELS]:
        name = each.get("id") or each.get("name") if isinstance(each, dict) else each
        if isinstance(name, str) and name and name.isprintable():
            names.append(name.removeprefix("models/") if provider_id == "google" else name)
    return sorted(set(names), key=str.lower)


def is_listed(name: str, models: Sequence[str]) -> bool:
    """Aliases of dated models, and Ollama's names without `latest`, are not in the lists."""
    alias = name.removesuffix("-latest")
    return any(each in (name, f"{name}:latest") or each.startswith(f"{alias}-2") for each in models)


async def model_problem(
    model_id: str, settings: ModelSettings, lists: ModelLists, *, strict: bool = False
) -> tuple[str, bool] | None:
    """What is wrong with a model id, in a sentence, and whether it must be refused.

    The provider's list decides where it comes. Without it, the list of prices says what the
    provider probably does not have. `strict`: that is refused, too, while the provider is not
    connected: nobody could tell until somebody is answered by script.
    """
    if model_id == SCRIPTED:
        return None
    if refusal := model_id_problem(model_id):
        return f"{refusal}.", True
    provider_id, name = parse_model_id(model_id)
    assert provider_id is not None
    if retired(provider_id, name) is not None:
        return None
    is_ready = not missing(BY_ID[provider_id], settings)
    if is_ready:
        listed = await lists.get(provider_id, settings)
        if listed.models:
            if is_listed(name, listed.models):
                return None
            return not_listed(provider_id, name, listed.models), True
    problem = await asyncio.to_thread(unknown, model_id)
    return None if problem is None else (problem, strict and not is_ready)


def not_listed(provider_id: str, name: str, models: Sequence[str]) -> str:
    similar = difflib.get_close_matches(name, models, SIMILAR, 0.5)
    hint = f" Similar ones: {', '.join(similar)}." if similar else ""
    return f"{BY_ID[provider_id].name} has no model named '{name}'.{hint}"


async def require_known_model(model_id: str, settings: ModelSettings, lists: ModelLists) -> None:
    found = await model_problem(model_id, settings, lists, strict=True)
    if found is not None and found[1]:
        details = [{"loc": ["body", "modelId"], "msg": found[0], "type": "unknown_model"}]
        raise Invalid(ErrorCode.UNKNOWN_MODEL, found[0], details)

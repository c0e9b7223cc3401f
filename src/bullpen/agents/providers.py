"""Which models there are to answer with, what is missing for the others, and who answers then.

A `modelId` is `provider:model`, the model as its provider names it: `anthropic:claude-sonnet-5-5`,
`ollama:llama3.2`. Without a provider, the name decides, where it is unambiguous. `scripted`
needs nothing; it stands in for every model that is not ready.
"""

import asyncio
import importlib
from collections.abc import Callable
from fnmatch import fnmatchcase
from importlib.util import find_spec
from typing import Annotated, Protocol

from msgspec import UNSET, Meta, Struct, UnsetType

from bullpen.agents.model_ids import SCRIPTED as MODEL_ID
from bullpen.agents.model_ids import ProviderId, model_id_problem, parse_model_id
from bullpen.agents.model_settings import ModelSettings
from bullpen.agents.prices import listed_provider, price_of
from bullpen.agents.retired_models import current_name, retirement_note
from bullpen.agents.runtimes.base import Runtime
from bullpen.agents.scripted.runtime import Scripted
from bullpen.agents.telemetry import Watch
from bullpen.kit.database import Reader


class Provider(Struct, frozen=True):
    id: ProviderId
    name: str
    example: str
    # The variable without which it cannot be reached, and what else may be set.
    variable: str
    given: Callable[[ModelSettings], str | None]
    optional: tuple[str, ...] = ()
    # What has to be importable, and the extra that brings it.
    package: str = "pydantic_ai"
    extra: str | None = None
    # Which of pydantic-ai's modules speaks its format.
    format: str = "openai"


PROVIDERS = (
    Provider(
        "anthropic",
        "Anthropic",
        "anthropic:claude-sonnet-5-5",
        "ANTHROPIC_API_KEY",
        lambda model_settings: model_settings.anthropic_api_key,
        ("ANTHROPIC_BASE_URL",),
        format="anthropic",
    ),
    Provider(
        "openai",
        "OpenAI",
        "openai:gpt-5.6-terra",
        "OPENAI_API_KEY",
        lambda model_settings: model_settings.openai_api_key,
        ("OPENAI_BASE_URL",),
    ),
    Provider(
        "google",
        "Google",
        "google:gemini-3.8-flash",
        "GOOGLE_API_KEY",
        lambda model_settings: model_settings.google_api_key,
        package="google.genai",
        extra="google",
        format="google",
    ),
    Provider(
        "ollama",
        "Ollama",
        "ollama:llama3.2",
        "OLLAMA_BASE_URL",
        lambda model_settings: model_settings.ollama_base_url,
    ),
    Provider(
        "vllm",
        "vLLM",
        "vllm:Qwen/Qwen3-8B",
        "VLLM_BASE_URL",
        lambda model_settings: model_settings.vllm_base_url,
    ),
    Provider(
        "compatible",
        "Any OpenAI-compatible server",
        "compatible:the-model",
        "BULLPEN_COMPATIBLE_BASE_URL",
        lambda model_settings: model_settings.compatible_base_url,
        ("BULLPEN_COMPATIBLE_API_KEY",),
    ),
    Provider(
        "claude",
        "Claude Agent SDK",
        "claude:claude-sonnet-5-5",
        "ANTHROPIC_API_KEY",
        lambda model_settings: model_settings.anthropic_api_key,
        ("ANTHROPIC_BASE_URL",),
        package="claude_agent_sdk",
        extra="claude",
    ),
)
RE_ENTER = "enter its key again, because the stored one cannot be decrypted"
# Whose models take pictures. Of others, `BULLPEN_PICTURE_MODELS` says which do.
SEEING: tuple[ProviderId, ...] = ("anthropic", "openai", "google")
BY_ID: dict[str, Provider] = {provider.id: provider for provider in PROVIDERS}


class ProviderState(Struct, rename="camel"):
    """A model provider, and whether it is set up."""

    id: Annotated[str, Meta(description="Id of the provider: the first part of its model ids.")]
    name: Annotated[str, Meta(description="The name that is shown.")]
    ready: Annotated[bool, Meta(description="Whether its models can be used now.")]
    missing: Annotated[
        list[str], Meta(description="What to do until it is ready, in words; empty if it is.")
    ]
    example: Annotated[str, Meta(description="An example of a model id.")]
    variables: Annotated[list[str], Meta(description="Environment variables that set it up.")]
    extra: Annotated[str | None, Meta(description="Extra of the Python package that it needs.")]


RequestedModel = Annotated[str, Meta(description="The model that was asked for.")]
AnsweringModel = Annotated[
    str, Meta(description="The model that answers: another one while this one is not ready.")
]
IsOwn = Annotated[bool, Meta(description="Whether that is the model that was asked for.")]
Missing = Annotated[
    list[str], Meta(description="What to do until the model is ready, in words; empty if it is.")
]
Retirement = (
    Annotated[
        str,
        Meta(description="That the model is retired and which one answers. Left out otherwise."),
    ]
    | UnsetType
)


class Answering(Struct, rename="camel"):
    """Which model answers for agents that have a given model."""

    model_id: RequestedModel
    answers_by: AnsweringModel
    is_own: IsOwn
    missing: Missing
    retired: Retirement = UNSET


class ModelCheck(Struct, rename="camel"):
    """Whether a model id can be given to an agent, and which model would answer."""

    model_id: RequestedModel
    answers_by: AnsweringModel
    is_own: IsOwn
    missing: Missing
    is_refused: Annotated[
        bool, Meta(description="Whether agents cannot have it: no provider has models of such ids.")
    ]
    problem: Annotated[
        str | None, Meta(description="What may be wrong with the id, in a sentence.")
    ]
    retired: Retirement = UNSET


def check(
    model_id: str, model_settings: ModelSettings, problem: tuple[str, bool] | None
) -> ModelCheck:
    """`problem`: what is wrong with the id, and whether it must be refused."""
    found = resolve_model(model_id, model_settings)
    words, is_refused = problem or (None, False)
    return ModelCheck(
        model_id,
        found.answers_by,
        found.is_own,
        [] if is_refused else found.missing,
        is_refused,
        words,
        found.retired,
    )


def unknown(model_id: str) -> str | None:
    """By the list of prices, which names the models of the large providers."""
    listed = listed_provider(model_id)
    if listed is None or price_of(model_id, 1, 0) is not None:
        return None
    provider, name = listed
    return (
        f"No model of {BY_ID[provider].name} is known as '{name}' to this version of Bullpen:"
        " check its name."
    )


def installed(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:
        return False


def missing(provider: Provider, model_settings: ModelSettings) -> list[str]:
    found = []
    if not installed(provider.package):
        extra = "bullpen" if provider.extra is None else f"bullpen[{provider.extra}]"
        found.append(f"install the package: pip install '{extra}'")
    if not provider.given(model_settings):
        source = "anthropic" if provider.id == "claude" else provider.id
        is_lost = source in model_settings.unreadable
        found.append(RE_ENTER if is_lost else f"set {provider.variable}")
    return found


def provider_statuses(model_settings: ModelSettings) -> list[ProviderState]:
    return [
        ProviderState(
            provider.id,
            provider.name,
            not (lacking := missing(provider, model_settings)),
            lacking,
            provider.example,
            [provider.variable, *provider.optional],
            provider.extra,
        )
        for provider in PROVIDERS
    ]


def resolve_model(model_id: str, model_settings: ModelSettings) -> Answering:
    """The model itself, the one of BULLPEN_MODEL, or the script: the first that is ready."""
    lacking: list[str] = []
    for wanted in dict.fromkeys((model_id, model_settings.model or MODEL_ID)):
        if wanted == MODEL_ID:
            break
        provider_id, name = parse_model_id(wanted)
        if provider_id is None:
            problem = [model_id_problem(wanted) or ""]
        else:
            problem = missing(BY_ID[provider_id], model_settings)
            if not problem:
                resolved = f"{provider_id}:{current_name(provider_id, name)}"
                return Answering(
                    *(model_id, resolved, wanted == model_id, lacking),
                    retired=retired_note(wanted) or UNSET,
                )
        lacking = lacking or problem
    return Answering(model_id, MODEL_ID, model_id == MODEL_ID, lacking)


def retired_note(model_id: str) -> str | None:
    return retirement_note(*parse_model_id(model_id))


class ModelRuntime(Runtime, Protocol):
    async def close(self) -> None: ...


def plain(runtime: Runtime) -> Runtime:
    return runtime


class Providers:
    """Of one worker: models are made once, for the connections that they keep."""

    def __init__(self, model_settings: ModelSettings, reader: Reader, watch: Watch = plain) -> None:
        self.model_settings = model_settings
        self._watch = watch
        self._scripted = Scripted(reader)
        # With the settings that each was made with: a run under way keeps its model.
        self._made: dict[tuple[str, ModelSettings], ModelRuntime] = {}
        self._making = asyncio.Lock()

    async def runtime_for(self, model_id: str) -> tuple[Runtime, str]:
        """With the id of the model that answers, which is in every step."""
        resolved = resolve_model(model_id, self.model_settings).answers_by
        if resolved == MODEL_ID:
            return self._watch(self._scripted), resolved
        key = (resolved, self.model_settings)
        async with self._making:
            if key not in self._made:
                # In a thread: on a busy machine loading takes longer than a worker may stand still.
                self._made[key] = await asyncio.to_thread(make_runtime, *key)
        return self._watch(self._made[key]), resolved

    def sees_pictures(self, model_id: str) -> bool:
        """Whether what answers for this model takes pictures."""
        resolved = resolve_model(model_id, self.model_settings).answers_by
        if parse_model_id(resolved)[0] in SEEING:
            return True
        named = self.model_settings.picture_models
        return resolved != MODEL_ID and any(fnmatchcase(resolved, pattern) for pattern in named)

    async def close(self) -> None:
        for made in self._made.values():
            await made.close()

    def preload(self) -> None:
        """What the first run with a model would wait for; to be called in a thread."""
        for provider in PROVIDERS:
            if provider.id != "claude" and not missing(provider, self.model_settings):
                importlib.import_module("bullpen.agents.runtimes.api")
                importlib.import_module(f"pydantic_ai.models.{provider.format}")


def make_runtime(resolved: str, model_settings: ModelSettings) -> ModelRuntime:
    """Loads what the provider needs, which takes two seconds the first time."""
    provider_id, name = parse_model_id(resolved)
    kind = "claude" if provider_id == "claude" else "api"
    module = importlib.import_module(f"bullpen.agents.runtimes.{kind}")
    runtime: ModelRuntime = module.make(provider_id, name, model_settings)
    return runtime

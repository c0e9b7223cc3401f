"""Makes pydantic-ai's model of a provider, with the SDK's own two further tries."""

from pydantic_ai.models import Model
from pydantic_ai.profiles.openai import OpenAIModelProfile

from bullpen.agents.model_settings import ModelSettings
from bullpen.agents.runtimes.addresses import bare_of, unversioned, versioned
from bullpen.agents.runtimes.client import ReadingClient

# OpenAI alone wants `max_completion_tokens`; everybody else knows `max_tokens`, and some refuse
# what they do not know.
OTHERS = OpenAIModelProfile(openai_chat_supports_max_completion_tokens=False)
# A server of one's own often wants no key, and the SDK one in any case.
NO_KEY = "none"


def build(provider: str, name: str, model_settings: ModelSettings) -> tuple[Model, ReadingClient]:
    match provider:
        case "anthropic":
            return anthropic(name, model_settings)
        case "google":
            return google(name, model_settings)
    return openai(provider, name, model_settings)


def anthropic(name: str, model_settings: ModelSettings) -> tuple[Model, ReadingClient]:
    from pydantic_ai.models.anthropic import AnthropicModel  # noqa: PLC0415 - one of many
    from pydantic_ai.providers.anthropic import AnthropicProvider  # noqa: PLC0415

    client = ReadingClient("anthropic")
    made = AnthropicProvider(
        api_key=model_settings.anthropic_api_key,
        base_url=unversioned(model_settings.anthropic_base_url),
        http_client=client,
    )
    return AnthropicModel(name, provider=made), client


def google(name: str, model_settings: ModelSettings) -> tuple[Model, ReadingClient]:
    from pydantic_ai.models.google import GoogleModel  # noqa: PLC0415
    from pydantic_ai.providers.google import GoogleProvider  # noqa: PLC0415

    assert model_settings.google_api_key is not None
    client = ReadingClient("google")
    return GoogleModel(
        name, provider=GoogleProvider(api_key=model_settings.google_api_key, http_client=client)
    ), client


def openai(provider: str, name: str, model_settings: ModelSettings) -> tuple[Model, ReadingClient]:
    from pydantic_ai.models.openai import OpenAIChatModel  # noqa: PLC0415
    from pydantic_ai.providers.ollama import OllamaProvider  # noqa: PLC0415
    from pydantic_ai.providers.openai import OpenAIProvider  # noqa: PLC0415
    from pydantic_ai.providers.vllm import VLLMProvider  # noqa: PLC0415

    client = ReadingClient("openai")
    match provider:
        case "openai":
            made = OpenAIProvider(
                api_key=model_settings.openai_api_key,
                base_url=model_settings.openai_base_url and bare_of(model_settings.openai_base_url),
                http_client=client,
            )
            return OpenAIChatModel(name, provider=made), client
        case "ollama":
            ollama = OllamaProvider(
                base_url=versioned(model_settings.ollama_base_url), http_client=client
            )
            return OpenAIChatModel(name, provider=ollama, profile=OTHERS), client
        case "vllm":
            vllm = VLLMProvider(
                base_url=versioned(model_settings.vllm_base_url), http_client=client
            )
            return OpenAIChatModel(name, provider=vllm, profile=OTHERS), client
    other = OpenAIProvider(
        api_key=model_settings.compatible_api_key or NO_KEY,
        base_url=versioned(model_settings.compatible_base_url),
        http_client=client,
    )
    return OpenAIChatModel(name, provider=other, profile=OTHERS), client

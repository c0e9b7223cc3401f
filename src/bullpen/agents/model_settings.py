from dataclasses import dataclass, field
from typing import Literal

MODEL_SECONDS = 120.0
# What becomes of models' thinking: readers of a trace see it, it is stored and
# never leaves the server, or it is not even stored.
Thinking = Literal["shown", "stored", "off"]


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """What is set up for models. Never shown, and never part of a trace."""

    anthropic_api_key: str | None = field(default=None, repr=False)
    anthropic_base_url: str | None = None
    openai_api_key: str | None = field(default=None, repr=False)
    openai_base_url: str | None = None
    google_api_key: str | None = field(default=None, repr=False)
    ollama_base_url: str | None = None
    vllm_base_url: str | None = None
    compatible_base_url: str | None = None
    compatible_api_key: str | None = field(default=None, repr=False)
    # Answers for agents whose own model is not ready.
    model: str | None = None
    # How long one request may take, with what is tried again.
    seconds: float = MODEL_SECONDS
    # Where the claude runtime keeps its sessions.
    sessions: str | None = None
    # Providers whose stored key cannot be decrypted.
    unreadable: tuple[str, ...] = ()
    thinking: Thinking = "shown"
    # Model ids with `*`, of servers that do not say which of their models take pictures.
    picture_models: tuple[str, ...] = ()

    @property
    def shows_thinking(self) -> bool:
        return self.thinking == "shown"

    @property
    def stores_thinking(self) -> bool:
        return self.thinking != "off"

    @property
    def secrets(self) -> list[str]:
        """What nobody may be shown, wherever it turns up."""
        keys = (
            self.anthropic_api_key,
            self.openai_api_key,
            self.google_api_key,
            self.compatible_api_key,
        )
        return [key for key in keys if key]

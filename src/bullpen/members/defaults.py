"""What an agent has where nothing else was chosen."""

# The contract fixes this id; `agents.retired_models` says what answers for it.
DEFAULT_MODEL_ID = "claude-sonnet-4-5-20250929"

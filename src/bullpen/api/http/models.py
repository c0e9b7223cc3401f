"""That a model which a request names can answer now."""

from bullpen.agents.model_lists import require_known_model
from bullpen.agents.providers import resolve_model
from bullpen.api.http.state import State
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Invalid


async def require_ready(model_id: str, state: State, loc: list[str | int]) -> None:
    """`loc`: where the request names it. No other model answers in its place."""
    settings = await state.current_models()
    wanted = resolve_model(model_id, settings)
    if not wanted.is_own:
        why = f"'{model_id}' is not ready: {', and '.join(wanted.missing)}"
        details = [{"loc": loc, "msg": why, "type": "model_not_ready"}]
        raise Invalid(ErrorCode.MODEL_NOT_READY, f"{why}.", details)
    await require_known_model(model_id, settings, state.model_lists)

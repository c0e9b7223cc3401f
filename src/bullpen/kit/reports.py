"""Errors of the program itself, reported to Sentry where its address is set."""

from typing import Any


def report_errors(dsn: str, **options: Any) -> None:
    """Where it went wrong, and nothing of whom it went wrong for: no cookies, headers, bodies or
    queries of requests, and no values of variables, which hold all of these as well."""
    import sentry_sdk  # noqa: PLC0415 - slow to load, and few have one

    sentry_sdk.init(
        dsn=dsn,
        include_local_variables=False,
        max_request_body_size="never",
        before_send=without_request,
        # By itself, Sentry looks for every library it knows, and loads those of the models.
        auto_enabling_integrations=False,
        **options,
    )


def without_request(event: Any, _hint: Any) -> Any:
    request = event.get("request", {})
    kept = {name: request[name] for name in ("method", "url") if name in request}
    if kept:
        event["request"] = kept
    else:
        event.pop("request", None)
    return event

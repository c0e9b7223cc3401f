"""The OpenAPI document, and a page to try it that loads nothing from elsewhere."""

from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from bullpen.api.browser.client import COMMON_POLICY, Client, make_file
from bullpen.api.http import schemas
from bullpen.api.http.responses import json_response

# Types of the contract that no route answers by themselves.
FURTHER: list[type[schemas.Answer]] = [schemas.DirectMessage, schemas.Error]

# Swagger UI sets style attributes in the markup that it makes.
POLICY = f"script-src 'self'; style-src 'self' 'unsafe-inline'; {COMMON_POLICY}"

PAGE = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>Bullpen API</title>
    <link rel="icon" href="{static}/icons/bullpen.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="{static}/vendor/swagger-ui/swagger-ui.css" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="{static}/vendor/swagger-ui/swagger-ui-bundle.js"></script>
    <script src="{static}/docs/start.js"></script>
  </body>
</html>
"""


def document(app: FastAPI) -> dict[str, Any]:
    schema = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        routes=app.routes,
        openapi_version="3.1.0",
    )
    components = schema["components"]["schemas"]
    _, further = models_json_schema(
        [(model, "serialization") for model in FURTHER], ref_template="#/components/schemas/{model}"
    )
    components.update(further["$defs"])
    # Bad input is a 400 here, never the framework's 422.
    for operations in schema["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)
    for unused in ("HTTPValidationError", "ValidationError"):
        components.pop(unused, None)
    return schema


def install(app: FastAPI, client: Client) -> None:
    page = make_file(PAGE.format(static=f"/static/{client.version}").encode(), ".html")

    @app.get("/api/openapi.json", include_in_schema=False)
    async def openapi() -> Response:
        if app.openapi_schema is None:
            app.openapi_schema = document(app)
        return json_response(app.openapi_schema)

    @app.get("/api/docs", include_in_schema=False)
    async def docs(request: Request) -> Response:
        return page.response(request, "no-cache", POLICY)

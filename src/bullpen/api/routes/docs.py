"""The OpenAPI document, and a page to try it that loads nothing from elsewhere."""

from fastapi import FastAPI, Request, Response

from bullpen.api.browser.client import COMMON_POLICY, Client, make_file
from bullpen.api.http.openapi import document
from bullpen.api.http.responses import json_response

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

"""The OpenAPI document: routes as the framework describes them, answers as the structs are.

A route's answer is what its endpoint is annotated to return, which the type checker compares with
what it does return. So no schema is written a second time.
"""

from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts
from msgspec import Meta, Struct

from bullpen.api.http.errors import Error
from bullpen.api.http.responses import JsonResponse

Schema = dict[str, Any]

REF = "#/components/schemas/{name}"
# Structs whose names would not tell in the document what they are of.
PUBLIC_NAMES = {
    "AgentQueue": "Queue",
    "RunSummary": "RunAccount",
    "SetUp": "Setup",
    "TotpSecret": "Totp",
    "Hit": "SearchHit",
    "Hits": "SearchHits",
    "PromptShown": "Prompt",
    "ProviderState": "Provider",
    "ProvidersShown": "Providers",
    "Section": "PromptSection",
    "UsageShown": "Usage",
    "Versions": "BlockVersions",
}
DESCRIPTION = """\
Requests act as a member of the workspace. In team mode, that is the person who signed in. In demo
mode, it is the one that the header `Bullpen-User` names, or else the one of the session cookie.
What that member cannot see is answered as if it did not exist.

Programs send an API token as `Authorization: Bearer bp_…` and act as the user it belongs to.

Errors have a stable `code` to match on. Times are ISO 8601 with a zone. Every `GET` has an
`X-Event-Id` header: the answer includes all events up to that number of the stream `/api/sse`.
"""
TAGS = {
    "messages": "Messages, threads and reactions.",
    "files": "Files of messages: uploaded first, then named in a message.",
    "health": "Whether the server works.",
    "session": "Which member a client acts as.",
    "sign-in": "Signing in and out in team mode, and links that work once.",
    "me": "The current user's own profile, password, sessions and authenticator app.",
    "invitations": "Inviting people in team mode.",
    "users": "Members as others see them: names, presence and status.",
    "people": "Members who are not agents.",
    "user groups": "Members whom a message mentions together, by `@handle`.",
    "workspace": "The workspace itself.",
    "administration": "Keys and addresses of model providers.",
    "audit": "Who did what, when and from where.",
    "agents": "Members with their settings: prompts, models, budgets, queues and reply policies.",
    "channels": "Channels and direct messages.",
    "members": "Who is in a channel.",
    "retention": "How long messages are kept.",
    "unreads": "What the current user has not read yet.",
    "search": "Full-text search in messages.",
    "events": "Everything that changes, as it happens.",
    "memory": "What agents remember: memory blocks, private notes and the archive.",
    "commands": "Slash commands that agents offer in the composer.",
    "schedule": "Prompts that agents get later, once or repeatedly.",
    "tokens": "API tokens, with which programs act as a user.",
    "external agents": "Runs of agents whose mind runs elsewhere.",
    "history": "The workspace as it was at an earlier moment.",
    "runs": "What agents did: runs, their traces and what they cost.",
}
PATH_PARAMETERS = {
    "experiment_id": "Id of the experiment.",
    "trial_id": "Id of the trial.",
    "person_id": "Id of the person.",
    "agent_id": "Id of the agent.",
    "file_id": "Id of the file.",
    "provider_id": "Id of the model provider.",
    "channel_id": "Id of the channel or direct message.",
    "invitation_id": "Id of the invitation.",
    "session_id": "Id of the session.",
    "label": "Label of the memory block.",
    "message_id": "Id of the message.",
    "preview_id": "Id of the preview of a page.",
    "passage_id": "Id of the passage.",
    "recurring_id": "Id of the recurring message.",
    "pause_id": "Id of the pause.",
    "group_id": "Id of the user group.",
    "run_id": "Id of the run.",
    "scheduled_id": "Id of the scheduled message.",
    "post_id": "Id of the message to send later.",
    "step_number": "Number of the step, from 1.",
    "token_id": "Id of the API token.",
    "user_id": "Id of the user.",
    "version": "Version of the picture: the last part of its path.",
}


class DirectMessage(Struct, rename="camel"):
    """A channel of kind `dm` as a sidebar shows it: its id and its two `memberIds`.

    A type of the API's contract that no route returns.
    """

    id: Annotated[str, Meta(description="Id of the direct message.")]
    participant_ids: Annotated[tuple[str, str], Meta(description="Ids of its two members.")]


def document(app: FastAPI) -> Schema:
    schema: Schema = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=DESCRIPTION,
        routes=app.routes,
        tags=[{"name": name, "description": text} for name, text in TAGS.items()],
        openapi_version="3.1.0",
    )
    for operation in operations(schema):
        # Bad input is a 400 here, never the framework's 422.
        operation["responses"].pop("422", None)
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "path":
                parameter["description"] = PATH_PARAMETERS[parameter["name"]]
    components = schema["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        components.pop(unused, None)
    add_answers(app, schema)
    schema["components"]["schemas"] = dict(sorted(components.items()))
    return schema


def operations(schema: Schema) -> Iterator[Schema]:
    for path in schema["paths"].values():
        yield from path.values()


def add_answers(app: FastAPI, schema: Schema) -> None:
    """Says of each response which struct it is of."""
    answers = list(answers_of(app))
    types = [kind for _, _, kind in answers]
    (error, _, *schemas), components = msgspec.json.schema_components(
        [Error, DirectMessage, *types], ref_template=REF
    )
    for operation in operations(schema):
        for status, response in operation["responses"].items():
            if int(status) >= 400:  # noqa: PLR2004 - where errors begin
                response["content"] = {"application/json": {"schema": error}}
    for (path, method, _), answer in zip(answers, schemas, strict=True):
        for status, response in schema["paths"][path][method]["responses"].items():
            if int(status) < 400:  # noqa: PLR2004 - where errors begin
                response["content"] = {"application/json": {"schema": answer}}
    for name, component in components.items():
        public = PUBLIC_NAMES.get(name, name)
        assert public not in schema["components"]["schemas"], f"two schemas are called {public}"
        schema["components"]["schemas"][public] = as_sent(component)
    rename(schema)


def answers_of(app: FastAPI) -> Iterator[tuple[str, str, Any]]:
    """Path, method and type of what each route answers, but for those that answer no JSON."""
    for route in iter_route_contexts(app.routes):
        if route.endpoint is None or not getattr(route, "include_in_schema", False):
            continue
        answer = get_type_hints(route.endpoint)["return"]
        if get_origin(answer) is JsonResponse:
            [kind] = get_args(answer)
            for method in route.methods or ():
                yield str(route.path_format), method.lower(), kind


def as_sent(component: Schema) -> Schema:
    """All fields of a struct are sent, also those with defaults; only UNSET ones are left out."""
    component.pop("title", None)
    if component.get("type") != "object":
        return component | {"type": "string"}
    properties = component["properties"]
    optional = set(properties) - set(component["required"])
    for name, property_ in properties.items():
        if "default" in property_:
            del property_["default"]
            optional.remove(name)
    component["required"] = [name for name in properties if name not in optional]
    return component | {"additionalProperties": False}


def rename(node: Any) -> None:
    """Gives references to structs their public names, and enumerations of texts their type."""
    if isinstance(node, list):
        for each in node:
            rename(each)
    elif isinstance(node, dict):
        name = str(node.get("$ref", "")).rpartition("/")[2]
        if name in PUBLIC_NAMES:
            node["$ref"] = REF.format(name=PUBLIC_NAMES[name])
        if isinstance(node.get("enum"), list):
            node.setdefault("type", "string")
        for each in node.values():
            rename(each)

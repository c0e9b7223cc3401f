"""All routes of the API: a new resource is a file in `routes` and a line here."""

from bullpen.api.routes import (
    agents,
    budgets,
    channels,
    events,
    health,
    memory,
    messages,
    people,
    private_notes,
    prompts,
    recurring,
    runs,
    scheduled,
    search,
    session,
    unreads,
    users,
)

# The first are found first.
ROUTERS = (
    messages.pages,
    messages.sending,
    messages.router,
    health.router,
    session.router,
    users.router,
    people.router,
    agents.router,
    channels.router,
    unreads.router,
    search.router,
    events.router,
    memory.router,
    private_notes.router,
    scheduled.router,
    recurring.router,
    runs.router,
    budgets.router,
    prompts.router,
)

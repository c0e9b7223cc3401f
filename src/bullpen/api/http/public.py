"""The changes that need no session: those by which people get one."""

PUBLIC = frozenset(
    {
        ("POST", "/api/sign-in"),
        ("POST", "/api/sign-in/join"),
        ("POST", "/api/setup"),
        ("POST", "/api/links/inspect"),
        ("POST", "/api/invitations/accept"),
        ("POST", "/api/password/forgot"),
        ("POST", "/api/password/reset"),
        ("POST", "/api/email/confirm"),
    }
)

"""The codes of all errors: clients match on them, so a code never changes its meaning.

The table in `docs/errors.md` is checked against this list.
"""

from enum import StrEnum
from typing import Self


class ErrorCode(StrEnum):
    """Which error this is. Match on this, not on the text of `error`, which may change."""

    status: int
    meaning: str

    def __new__(cls, code: str, status: int, meaning: str) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.status = status
        member.meaning = meaning
        return member

    # fmt: off
    VALIDATION_FAILED = (
        "validation_failed", 400,
        "A field or parameter is missing, unknown or invalid. `details` lists them.",
    )
    FIELDS_CONFLICT = (
        "fields_conflict", 400,
        "Fields that exclude each other were sent, or one that needs another was sent alone.",
    )
    MALFORMED_REQUEST = "malformed_request", 400, "The request is not valid HTTP."
    INVALID_CURSOR = "invalid_cursor", 400, "`cursor` is not one that this list returned."
    INVALID_SEARCH = (
        "invalid_search", 400,
        "A filter in the search text, such as `before:`, has a wrong value.",
    )
    INVALID_CRON = "invalid_cron", 400, "The cron expression cannot be read or never comes due."
    INVALID_TIME_ZONE = "invalid_time_zone", 400, "The time zone is not in the IANA database."
    UNKNOWN_MEMBER = (
        "unknown_member", 400, "A listed user does not exist or is inactive.",
    )
    DM_MEMBERS_FIXED = (
        "dm_members_fixed", 400,
        "The members of a direct message stay the same from its creation on.",
    )
    THREAD_TOO_DEEP = (
        "thread_too_deep", 400, "A reply cannot be replied to. Reply to the first message.",
    )
    AGENT_CANNOT_READ = (
        "agent_cannot_read", 400, "The agent cannot read the channel that was chosen for it.",
    )
    MODEL_NOT_READY = (
        "model_not_ready", 400, "The model cannot be used yet. `details` says what is missing.",
    )
    AGENT_FILE_INVALID = (
        "agent_file_invalid", 400,
        "The file is no agent file, or is too large. `error` says what is wrong and where.",
    )
    NAME_NOT_TYPED = (
        "name_not_typed", 400, "Deleting needs `displayName`, typed as the agent is named.",
    )
    UNKNOWN_MODEL = (
        "unknown_model", 400, "The provider has no such model. `error` names similar ones.",
    )
    BLOCK_TOO_LONG = "block_too_long", 400, "A memory block would exceed its character limit."
    DM_CANNOT_BE_ARCHIVED = (
        "dm_cannot_be_archived", 400, "A direct message cannot be archived or restored.",
    )
    CHANNEL_NOT_PRIVATE = (
        "channel_not_private", 400, "Private notes exist only for private channels and DMs.",
    )

    TOKEN_IN_URL = (
        "token_in_url", 400, "A token was sent in the URL. Send API tokens in `Authorization`.",
    )

    PICTURE_INVALID = (
        "picture_invalid", 400,
        "The file is damaged, or is not a JPEG, PNG, WebP or GIF picture.",
    )
    PICTURE_TOO_LARGE = (
        "picture_too_large", 400, "The picture has too many pixels.",
    )

    FILE_EMPTY = "file_empty", 400, "The file has no content."
    FILE_NOT_ATTACHABLE = (
        "file_not_attachable", 400,
        "A file of `fileIds` is not there, is of somebody else, or belongs to another message.",
    )

    PASSWORD_REFUSED = (
        "password_refused", 400, "The new password is too short, too long, or a name or address.",
    )
    PASSWORD_WRONG = "password_wrong", 400, "The current password is missing or wrong."
    CODE_WRONG = "code_wrong", 400, "The code of the authenticator app is wrong or was used before."

    SIGN_IN_REQUIRED = "sign_in_required", 401, "Nobody has signed in. Sign in first."
    SESSION_ENDED = (
        "session_ended", 401,
        "The session expired, was revoked or belongs to another Bullpen. Start a new one.",
    )
    SIGN_IN_FAILED = (
        "sign_in_failed", 401, "The e-mail address, the password or the code is wrong.",
    )
    CODE_REQUIRED = (
        "code_required", 401, "The password is right. Send it again with `code`.",
    )
    INVALID_TOKEN = (
        "invalid_token", 401, "The API token is malformed, unknown, expired or revoked.",
    )

    OIDC_DECLINED = "oidc_declined", 403, "The sign-in provider did not sign the person in."
    OIDC_REFUSED = (
        "oidc_refused", 403, "The sign-in provider's answer failed the check that `details` names.",
    )
    OIDC_NO_ACCOUNT = (
        "oidc_no_account", 403,
        "No active person has the verified e-mail address of the account at the sign-in provider.",
    )
    HOST_NOT_ALLOWED = (
        "host_not_allowed", 403, "The host name is not listed in `BULLPEN_ALLOWED_HOSTS`.",
    )
    METRICS_NOT_ALLOWED = (
        "metrics_not_allowed", 403,
        "Metrics are for administrators' API tokens and, in demo mode, for this machine.",
    )
    CROSS_ORIGIN = "cross_origin", 403, "The change was sent by a page of another site."
    MEMBER_INACTIVE = (
        "member_inactive", 403,
        "The acting member is inactive. `details.actAs`, if present, is a member to switch to.",
    )
    NOT_PERMITTED = (
        "not_permitted", 403,
        "The current user's role does not permit this. `error` says whose does.",
    )
    TEAM_MODE_ONLY = "team_mode_only", 403, "There are no accounts in demo mode."
    DEMO_MODE_ONLY = "demo_mode_only", 403, "In team mode everybody acts as themselves."
    NOT_A_PERSON = "not_a_person", 403, "The current user is an agent, which has no account."
    MAIL_NEEDED = (
        "mail_needed", 403,
        "The new address cannot be checked without a mail server. Ask an admin.",
    )
    NOT_A_MEMBER = "not_a_member", 403, "Only members of the channel can do this."
    NOT_THE_AUTHOR = "not_the_author", 403, "Only a message's author can edit or delete it."
    NOT_YOURSELF = "not_yourself", 403, "Status and presence can be set only for oneself."
    NOT_IN_DM = "not_in_dm", 403, "A direct message can be created only by one of its members."
    NOT_THE_OWNER = (
        "not_the_owner", 403, "Only the agent that owns a shared memory block can do this.",
    )
    SHARED_TOO_WIDELY = (
        "shared_too_widely", 403,
        "The block is shared with agents that cannot read the channel of the note.",
    )

    MISSING_SCOPE = (
        "missing_scope", 403,
        "The API token lacks a scope: `details.scope`, if present, is the one needed.",
    )
    NOT_WITH_TOKEN = "not_with_token", 403, "This needs a sign-in. An API token cannot do it."
    TOKEN_REQUIRED = "token_required", 403, "This needs an API token of the agent."
    EXPIRY_REQUIRED = (
        "expiry_required", 403,
        "Only owners and administrators can create a token that is valid for over a year.",
    )

    NOT_FOUND = "not_found", 404, "There is nothing at this address."
    USER_NOT_FOUND = "user_not_found", 404, "There is no such user."
    AGENT_NOT_FOUND = "agent_not_found", 404, "There is no such agent."
    CHANNEL_NOT_FOUND = (
        "channel_not_found", 404,
        "There is no such channel, or the current user cannot read it.",
    )
    MEMBER_NOT_FOUND = "member_not_found", 404, "The user is not a member of the channel."
    MESSAGE_NOT_FOUND = (
        "message_not_found", 404,
        "There is no such message, or the current user cannot read it.",
    )
    THREAD_NOT_FOUND = (
        "thread_not_found", 404, "There is no such thread in this channel.",
    )
    RUN_NOT_FOUND = (
        "run_not_found", 404, "There is no such run, or the current user cannot see it.",
    )
    PAUSE_NOT_FOUND = (
        "pause_not_found", 404,
        "There is no such pause, it has ended, or the current user cannot see it.",
    )
    USER_GROUP_NOT_FOUND = (
        "user_group_not_found", 404,
        "There is no such user group, or the current user cannot see it.",
    )
    REQUEST_NOT_FOUND = (
        "request_not_found", 404, "No model request is stored for this step of the run.",
    )
    EXPERIMENT_NOT_FOUND = (
        "experiment_not_found",
        404,
        "There is no such experiment or trial, or the current user cannot see it.",
    )
    MEMORY_BLOCK_NOT_FOUND = (
        "memory_block_not_found", 404, "The agent has no memory block with this label.",
    )
    PRIVATE_NOTE_NOT_FOUND = (
        "private_note_not_found", 404,
        "There is no such private note, or the current user cannot read it.",
    )
    PICTURE_NOT_FOUND = (
        "picture_not_found", 404,
        "There is no such picture, or the current user cannot see whose it is.",
    )
    PREVIEW_NOT_FOUND = (
        "preview_not_found",
        404,
        "The message shows no such preview with a picture, or the current user cannot read it.",
    )
    FILE_NOT_FOUND = (
        "file_not_found", 404,
        "There is no such file, or the current user cannot read its message.",
    )
    VERSION_NOT_FOUND = "version_not_found", 404, "The block or note has no such version."
    PASSAGE_NOT_FOUND = "passage_not_found", 404, "There is no such passage in the archive."
    SCHEDULED_MESSAGE_NOT_FOUND = (
        "scheduled_message_not_found", 404,
        "There is no such scheduled message, or the current user cannot see it.",
    )
    SCHEDULED_POST_NOT_FOUND = (
        "scheduled_post_not_found", 404,
        "The current user has no such message to send later. It may have been sent.",
    )
    RECURRING_MESSAGE_NOT_FOUND = (
        "recurring_message_not_found", 404,
        "There is no such recurring message, or the current user cannot see it.",
    )
    TOKEN_NOT_FOUND = (
        "token_not_found", 404,
        "There is no such API token, it has been revoked, or it belongs to somebody else.",
    )
    LINK_INVALID = "link_invalid", 404, "The link is unknown or expired, or was used or replaced."
    SESSION_NOT_FOUND = "session_not_found", 404, "The current user has no such session."
    PROVIDER_NOT_FOUND = "provider_not_found", 404, "There is no such model provider."
    INVITATION_NOT_FOUND = (
        "invitation_not_found", 404, "There is no such invitation, or it was accepted already.",
    )
    METHOD_NOT_ALLOWED = "method_not_allowed", 405, "The address does not take this method."
    REQUEST_TIMEOUT = "request_timeout", 408, "The request did not arrive in time."

    ID_TAKEN = "id_taken", 409, "Something with this id exists already. Choose another id."
    NAME_TAKEN = (
        "name_taken", 409, "The name, or one that looks the same, is in use. Choose another name.",
    )
    EMAIL_TAKEN = "email_taken", 409, "Another person has this e-mail address."
    TOTP_ON = "totp_on", 409, "An authenticator app is in use already. Remove it first."
    TOTP_OFF = "totp_off", 409, "No authenticator app is in use."
    ALREADY_A_MEMBER = "already_a_member", 409, "The user is already a member of the channel."
    CHANNEL_ARCHIVED = (
        "channel_archived", 409, "Nothing can be added to an archived channel. Restore it first.",
    )
    NOT_ARCHIVED = (
        "not_archived", 409, "Only archived channels can be deleted. Archive it first.",
    )
    UNKNOWN_ACTOR = (
        "unknown_actor", 409,
        "The member in `Bullpen-User` does not exist. `details.actAs` is a member to switch to.",
    )
    LAST_OWNER = (
        "last_owner", 409, "The workspace needs an active owner. Make somebody else one first.",
    )
    OTHER_USER = (
        "other_user", 409,
        "`Bullpen-User` names somebody else than the request acts as, who is `details.userId`.",
    )
    CHANGED_MEANWHILE = (
        "changed_meanwhile", 409,
        "Someone else changed it first. If `details.current` is present, it is the stored state.",
    )
    BLOCK_IS_SHARED = (
        "block_is_shared", 409,
        "Other agents share the memory block. Send `force=true` to delete it for all of them.",
    )
    NOT_PENDING = "not_pending", 409, "Only a pending scheduled message can be canceled."
    PAUSED = (
        "paused", 409,
        "The agent, the channel or the workspace is paused. What is asked of it waits.",
    )
    RUN_HAS_ENDED = "run_has_ended", 409, "The run has already ended."
    TOO_MANY_PINS = "too_many_pins", 409, "The channel has the most pinned messages allowed."
    TOO_MANY_SCHEDULED_POSTS = (
        "too_many_scheduled_posts", 409,
        "The current user has the most messages to send later allowed.",
    )
    TOO_MANY_SAVED = "too_many_saved", 409, "The current user has the most saved messages allowed."
    TOO_MANY_TRIALS = (
        "too_many_trials", 409, "Too many trials of the current user have not ended yet.",
    )
    NOTHING_TO_POST = (
        "nothing_to_post", 409, "The trial has said nothing in the run's conversation.",
    )
    RUN_BUSY = (
        "run_busy", 409, "The run cannot begin now, as its agent or its conversation is busy.",
    )
    RUN_NOT_CLAIMED = (
        "run_not_claimed", 409, "The token has not claimed the run, or the claim has run out.",
    )
    ANSWER_REFUSED = (
        "answer_refused", 409, "The rules for agents refuse the answer. `error` says why.",
    )
    NOT_EXTERNAL = "not_external", 409, "The agent is not external: it answers by itself."
    BUDGET_USED_UP = "budget_used_up", 409, "A daily budget is used up, so the run has ended."
    NOTHING_TO_ANSWER = (
        "nothing_to_answer", 409, "The messages that the run answered have been deleted.",
    )
    AGENT_INACTIVE = "agent_inactive", 409, "The agent is inactive. Activate it first."

    SET_BY_ENVIRONMENT = (
        "set_by_environment", 409, "The environment sets this up, so it cannot be changed here.",
    )
    SECRET_KEY_MISSING = (
        "secret_key_missing", 409,
        "There is no secret key to encrypt with. Set `BULLPEN_SECRET_KEY`.",
    )

    FILE_TOO_LARGE = "file_too_large", 413, "The file exceeds `BULLPEN_FILE_MEGABYTES`."
    BODY_TOO_LARGE = "body_too_large", 413, "The request body exceeds the size limit."
    NOT_JSON = "not_json", 415, "The request body is not sent as `application/json`."
    NO_FILE_BODY = (
        "no_file_body", 415, "Send a file's content as the body itself, not in a form.",
    )
    NOT_A_PICTURE = (
        "not_a_picture", 415, "The request body is not sent as a picture of an accepted type.",
    )
    RATE_LIMITED = (
        "rate_limited", 429, "Too many requests in a minute. Wait for `Retry-After` seconds.",
    )
    TOO_MANY_ATTEMPTS = (
        "too_many_attempts", 429, "Too many failed attempts. Wait for `Retry-After` seconds.",
    )
    TOO_MANY_STREAMS = "too_many_streams", 429, "The user has too many open event streams."
    TOO_MANY_REACTIONS = (
        "too_many_reactions", 429, "The message has the most different emoji that it can have.",
    )
    TOO_MANY_SCHEDULED = (
        "too_many_scheduled", 429, "The agent has the most pending scheduled messages allowed.",
    )
    TOO_MANY_TOKENS = (
        "too_many_tokens", 429, "The user has the most API tokens allowed. Revoke some first.",
    )
    HEADERS_TOO_LARGE = "headers_too_large", 431, "The request's headers exceed the size limit."

    OIDC_UNREACHABLE = "oidc_unreachable", 502, "The sign-in provider cannot be reached."
    INTERNAL_ERROR = "internal_error", 500, "A fault of Bullpen itself. Its log has the details."
    DATABASE_UNAVAILABLE = (
        "database_unavailable", 503, "The database cannot be reached. Try again shortly.",
    )
    DATABASE_READ_ONLY = "database_read_only", 503, "The database accepts no changes right now."
    DATABASE_FULL = "database_full", 503, "The database has run out of disk space or memory."
    DATABASE_EMPTY = "database_empty", 503, "The database holds no workspace. Seed it first."
    FILE_STORAGE_UNAVAILABLE = (
        "file_storage_unavailable", 503, "The bucket that has the files cannot be reached.",
    )
    TOO_MANY_CONNECTIONS = (
        "too_many_connections", 503, "The server has no room for another connection.",
    )
    # fmt: on

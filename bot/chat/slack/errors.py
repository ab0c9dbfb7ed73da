"""The meaning of Slack's refusals: one sentence for a person, with what to do. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import DeliveryReason, PostRefused, PostUnclear

RATE_LIMIT_CODES = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
UNCLEAR = frozenset(
    {
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "request_timeout",
        "team_added_to_org",
        "timeout",
    }
)
"""Answers after which the call may have been carried out all the same."""

TOKEN = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "org_login_required"}
)
"""Refusals of the token itself: nothing works in that workspace until it is replaced."""

REMOVED = frozenset({"account_inactive", "token_revoked"})
"""Refusals that say that the app was uninstalled; "invalid_auth" is said to a machine that may not ask, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorText:
    """The meaning of one of Slack's codes; ``gone`` if a person has to repair the channel first."""

    says: str
    do: str
    gone: bool = False


_INVITE = "Write /invite @Wirebrief in the channel"
_REINSTALL = "Install the app to the workspace again and put the new Bot User OAuth Token (xoxb-…) into slack.bot_token"
ERROR_TEXTS = {
    "channel_not_found": ErrorText(
        says="Slack knows no channel {channel}, or it is private and the bot is not in it",
        do=f"{_INVITE}, or check the id: channel name > View channel details > last line",
        gone=True,
    ),
    "not_in_channel": ErrorText(says="The bot is not in the channel {channel}", do=_INVITE, gone=True),
    "is_archived": ErrorText(
        says="The channel {channel} is archived",
        do="Unarchive it, or send the briefing to another channel",
        gone=True,
    ),
    "restricted_action": ErrorText(
        says="An admin has restricted who may post in {channel}",
        do="Ask an admin to allow the app: channel name > Settings > Posting permissions",
        gone=True,
    ),
    "restricted_action_read_only_channel": ErrorText(
        says="The channel {channel} is read only",
        do="Ask an admin to allow the app: channel name > Settings > Posting permissions",
        gone=True,
    ),
    "restricted_action_thread_locked": ErrorText(
        says="The thread is locked", do="Ask an admin to unlock it, or ask in the channel"
    ),
    "missing_scope": ErrorText(
        says="The app lacks the permission {needed}",
        do="Add it at api.slack.com/apps > your app > OAuth & Permissions > Scopes, then Reinstall to Workspace",
        gone=True,
    ),
    "invalid_auth": ErrorText(says="Slack does not accept the token", do=_REINSTALL, gone=True),
    "not_authed": ErrorText(says="There is no token for Slack", do=_REINSTALL, gone=True),
    "token_revoked": ErrorText(says="The token for Slack was revoked", do=_REINSTALL, gone=True),
    "token_expired": ErrorText(says="The token for Slack has expired", do=_REINSTALL, gone=True),
    "account_inactive": ErrorText(says="The app was removed from the workspace", do=_REINSTALL, gone=True),
    "not_allowed_token_type": ErrorText(
        says="Slack expects another kind of token here",
        do="slack.bot_token begins with xoxb-, slack.app_token with xapp-",
        gone=True,
    ),
    "org_login_required": ErrorText(
        says="The workspace is being moved into an organisation", do="Try again when the move is done"
    ),
    "ekm_access_denied": ErrorText(
        says="Admins have suspended posting in this workspace", do="Ask an admin of the workspace", gone=True
    ),
    "access_denied": ErrorText(
        says="Slack denies the app access to {channel}", do="Ask an admin to approve the app", gone=True
    ),
    "accesslimited": ErrorText(
        says="Slack limits access from this network",
        do="Ask an admin to allow this machine's address, or empty the app's allowed IP ranges",
    ),
    "msg_too_long": ErrorText(says="The message is too long for Slack", do="Choose a shorter briefing"),
    "msg_blocks_too_long": ErrorText(says="The message is too long for Slack", do="Choose a shorter briefing"),
    "invalid_blocks": ErrorText(
        says="Slack does not accept the format of the message", do="Report it with this line: it is our fault"
    ),
    "thread_not_found": ErrorText(says="The message of this thread is gone", do="Ask in the channel"),
    "message_not_found": ErrorText(
        says="The message is gone", do="It was deleted: there is nothing to change"
    ),
    "cant_update_message": ErrorText(
        says="The message is not the bot's own", do="Only its own messages can be changed"
    ),
    "edit_window_closed": ErrorText(
        says="The workspace allows no edits of messages this old", do="Post a note instead"
    ),
    "user_not_in_channel": ErrorText(
        says="The asker is not in the channel {channel}", do="Ask in a channel you are in"
    ),
    "user_not_found": ErrorText(says="Slack does not know this person", do="Ask again from Slack itself"),
    "expired_trigger_id": ErrorText(
        says="The form came too late for Slack, which waits three seconds", do="Try again"
    ),
    "invalid_trigger_id": ErrorText(says="The form was opened already or came too late", do="Try again"),
    "exchanged_trigger_id": ErrorText(says="The form was opened already", do="Close it and try again"),
    "used_url": ErrorText(
        says="Slack takes no more than five answers to one command, within half an hour", do="Ask again"
    ),
    "expired_url": ErrorText(
        says="Slack takes answers to a command for half an hour", do="Ask again"
    ),
    "messages_tab_disabled": ErrorText(
        says="The app's Messages tab is off",
        do="Turn it on at api.slack.com/apps > your app > App Home > Messages Tab",
        gone=True,
    ),
    "unknown_method": ErrorText(
        says="What answers at slack.api_url is not Slack", do="Leave slack.api_url at its default", gone=True
    ),
}  # fmt: skip


def refusal(
    error: str, *, channel: str = "", needed: str = "", retry_after: float | None = None
) -> PostRefused | PostUnclear:
    """Return what Slack's ``error`` means for a call about ``channel``; ``needed`` is the scope it names."""
    if error in RATE_LIMIT_CODES:
        return PostRefused(
            "Slack asks to wait", reason=DeliveryReason.RATE_LIMITED, retry_after=retry_after or 1.0
        )
    if error in UNCLEAR:
        return PostUnclear(f"Slack could not say whether it was done ({error})", reason=error)
    known = ERROR_TEXTS.get(error)
    if known is None:
        return PostRefused(
            f"Slack refused it ({error[:60]})",
            reason=error[:60],
            hint=f"See docs.slack.dev for {error[:60]}",
        )
    place = f"{channel}" if channel else "there"
    return PostRefused(
        known.says.format(channel=place, needed=needed or "it needs"),
        reason=error,
        hint=known.do,
        gone=known.gone,
    )

"""Notify admins of destinations whose deliveries have failed for two minutes: once each, and once for many that fail together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.flows.notify import Notify
from bot.model.chat import Delivery
from bot.model.scope import SHARED, Scope, Visibility
from bot.store import Store

FAILING_NOTICE_DELAY = timedelta(minutes=2)  # without success, before admins are notified
MAX_SINGLE_NOTICES = (
    3  # destinations of a workspace, and workspaces of a platform, that have a notice of their own
)
NOTICE_KEY_PREFIX = "failing "


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingNotice:
    """A notice to admins: ``key`` identifies it while it lasts, ``scope`` is whom it concerns."""

    key: str
    text: str
    scope: Scope = SHARED


async def notify_of_failing(*, store: Store, now: datetime, notify: Notify) -> list[FailingNotice]:
    """Notify admins of every destination, workspace or platform that has failed for two minutes, and return them.

    A failure that has ended is forgotten, so that its return causes a new notice.
    """
    failing = await store.deliveries.failing()
    found = failing_notices(
        [one for one in failing if one.failing_since and now - one.failing_since >= FAILING_NOTICE_DELAY]
    )
    still = {trouble.key for trouble in found}
    for key in await store.notices.keys(start=NOTICE_KEY_PREFIX):
        if key not in still:
            await store.notices.clear(key)
    for trouble in found:
        await notify(trouble.key, trouble.text, trouble.scope)
    return found


def failing_notices(failing: Sequence[Delivery]) -> list[FailingNotice]:
    """Return the notices about deliveries that have failed for long; many of one workspace or platform make one notice."""
    platforms: dict[str, dict[str, list[Delivery]]] = defaultdict(lambda: defaultdict(list))
    for one in failing:
        platforms[one.channel.platform][one.channel.workspace].append(one)
    found: list[FailingNotice] = []
    for platform, workspaces in sorted(platforms.items()):
        known = [
            trouble
            for workspace, some in sorted(workspaces.items())
            for trouble in _of_workspace(platform, workspace, some)
        ]
        if len(known) > MAX_SINGLE_NOTICES:
            known = [_of_platform(platform, [one for some in workspaces.values() for one in some])]
        found += known
    return found


def _of_workspace(platform: str, workspace: str, failing: Sequence[Delivery]) -> list[FailingNotice]:
    if workspace and len(failing) > MAX_SINGLE_NOTICES:
        scope = Scope(workspace=workspace, visibility=Visibility.WORKSPACE)
        text = f"{len(failing)} channels of one workspace on {platform.title()} have taken no briefing {_summary(failing)}"
        return [FailingNotice(key=f"{NOTICE_KEY_PREFIX}{platform}:{workspace}", text=text, scope=scope)]
    return [
        FailingNotice(
            key=f"{NOTICE_KEY_PREFIX}{one.channel.name}",
            text=f"{one.channel.shown} has taken no briefing {_since(one)}: {one.reason.rstrip('. ')}. It is tried again, less "
            "and less often; other channels are not held up. wirebrief deliveries shows where it stands",
            scope=one.scope,
        )
        for one in failing
    ]


def _of_platform(platform: str, failing: Sequence[Delivery]) -> FailingNotice:
    return FailingNotice(
        key=f"{NOTICE_KEY_PREFIX}{platform}",
        text=f"{len(failing)} channels of {platform} have taken no briefing {_summary(failing)}",
    )


def _summary(failing: Sequence[Delivery]) -> str:
    first = min(failing, key=lambda one: one.failing_since or one.due_at)
    return (
        f"{_since(first)}: {first.reason.rstrip('. ')}. They are tried again, less and "
        "less often; other channels are not held up. wirebrief deliveries names them"
    )


def _since(one: Delivery) -> str:
    return f"since {one.failing_since or one.due_at:%Y-%m-%d %H:%M} UTC"

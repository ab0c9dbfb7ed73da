"""Admins hear of what takes nothing for two minutes: once, and once for many that fail together."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.flows.delivery.failing import FAILING_NOTICE_DELAY, failing_notices, notify_of_failing
from bot.flows.notify import notifier
from bot.inline import in_words
from bot.model.chat import Channel, Delivery, State
from bot.model.scope import SHARED, Scope, Visibility
from bot.store import open_store
from tests.servers.written import MONDAY

pytestmark = pytest.mark.slow


def failing(name, *, since=MONDAY, reason="Slack gave no answer."):
    channel = Channel.read(name)
    return Delivery(
        id=f"dlv-{name}",
        subscription_id=f"sub-{name}",
        channel=channel,
        wall="2025-03-10T07:30",
        due_at=MONDAY,
        state=State.POSTING,
        reason=reason,
        failing_since=since,
        updated_at=MONDAY,
        scope=channel.scope,
    )


def test_a_few_channels_are_told_one_by_one_each_to_be_forgotten_with_its_channel():
    found = failing_notices([failing(f"slack:T1/C{n}") for n in range(3)])
    assert [t.key for t in found] == [f"failing slack:T1/C{n}" for n in range(3)]
    assert found[0].scope == Channel.read("slack:T1/C0").scope
    assert f"slack:T1/C0 has taken no briefing since {MONDAY:%Y-%m-%d %H:%M} UTC" in in_words(found[0].text)
    assert "Slack gave no answer. It is tried again" in found[0].text


def test_many_channels_of_one_workspace_are_one_trouble():
    found = failing_notices([failing(f"slack:T1/C{n}") for n in range(50)] + [failing("slack:T2/C1")])
    assert [t.key for t in found] == ["failing slack:T1", "failing slack:T2/C1"]
    assert found[0].text.startswith("50 channels of one workspace on Slack have taken no briefing since")
    assert found[0].scope == Scope(workspace="T1", visibility=Visibility.WORKSPACE)


def test_many_workspaces_of_one_platform_are_one_trouble_and_another_platform_its_own():
    slack = [failing(f"slack:T{n}/C{m}") for n in range(5) for m in range(5)]
    found = failing_notices([*slack, failing("webhook:ops")])
    assert [(t.key, t.scope) for t in found] == [
        ("failing slack", SHARED),
        ("failing webhook:ops", Channel.read("webhook:ops").scope),
    ]
    assert "T1" not in found[0].text


def test_the_fourth_channel_of_a_workspace_makes_them_one_trouble():
    for count, notices in ((3, 3), (4, 1)):
        assert len(failing_notices([failing(f"slack:T1/C{n}") for n in range(count)])) == notices
    assert len(failing_notices([failing(f"webhook:w{n}") for n in range(3)])) == 3


def test_the_time_told_is_that_of_the_first_failure_not_of_the_slot():
    hour = timedelta(hours=1)
    (one,) = failing_notices([failing("slack:T1/C1", since=MONDAY + 2 * hour)])
    assert f"since {MONDAY + 2 * hour:%Y-%m-%d %H:%M} UTC" in one.text
    many = [failing(f"slack:T1/C{n}", since=MONDAY + (9 - n) * hour, reason=f"No {n}.") for n in range(5)]
    (together,) = failing_notices(many)
    assert f"since {MONDAY + 5 * hour:%Y-%m-%d %H:%M} UTC: No 4. They are tried again" in together.text


def test_admins_hear_after_two_minutes():
    assert timedelta(minutes=2) == FAILING_NOTICE_DELAY


def test_nothing_is_said_where_nothing_fails():
    assert failing_notices([]) == []


async def test_admins_are_told_after_two_minutes_once_and_again_when_it_comes_back(engine_url):
    one = failing("slack:T1/C1")
    async with open_store(engine_url) as store:
        notify = notifier(store=store, now=lambda: MONDAY)

        async def told(delivery, at):
            await store.deliveries.reopen(delivery)
            await notify_of_failing(store=store, now=MONDAY + at, notify=notify)
            return [notice.key for notice in await store.notices.recent(10)]

        await store.deliveries.add(one)
        assert await told(one, FAILING_NOTICE_DELAY - timedelta(seconds=1)) == []
        assert await told(one, FAILING_NOTICE_DELAY) == ["failing slack:T1/C1"]
        await store.notices.mark_sent("failing slack:T1/C1")
        assert await told(one, 2 * FAILING_NOTICE_DELAY) == ["failing slack:T1/C1"]
        assert await store.notices.unsent() == []
        assert (
            await told(replace(one, state=State.POSTED, failing_since=None), 3 * FAILING_NOTICE_DELAY) == []
        )
        assert await told(one, 4 * FAILING_NOTICE_DELAY) == ["failing slack:T1/C1"]
        assert len(await store.notices.unsent()) == 1


async def test_a_channel_that_is_paused_and_told_already_is_not_told_again(engine_url):
    one = failing("slack:T1/C1")
    async with open_store(engine_url) as store:
        await store.deliveries.add(replace(one, state=State.FAILED))
        assert (
            await notify_of_failing(
                store=store,
                now=MONDAY + 2 * FAILING_NOTICE_DELAY,
                notify=notifier(store=store, now=lambda: MONDAY),
            )
            == []
        )

"""The bot as a process on a loopback Slack: it answers where it is asked, and says in words why it cannot start."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from tests.servers.slack.people import Members
from tests.servers.slack.server import Slack, serving
from tests.support.running import processes

pytestmark = pytest.mark.slow
PATIENCE = 240.0


@pytest.fixture
async def slack():
    async with serving(Slack()) as running:
        yield running


def environment(slack, **changes):
    """Return the environment of a bot on ``slack``."""
    return {
        "WIREBRIEF_SLACK_BOT_TOKEN": "xoxb-1",
        "WIREBRIEF_SLACK_APP_TOKEN": "xapp-1",
        "WIREBRIEF_SLACK_API_URL": f"{slack.url}/api/",
        "WIREBRIEF_RUN_HTTP": "",
    } | changes


async def wirebrief(slack, folder, *arguments, **changes):
    """Run a verb to its end; return the exit code and all that it said."""
    done = await asyncio.to_thread(processes.run, *arguments, cwd=folder, env=environment(slack, **changes))
    return done.returncode, done.stdout + done.stderr


async def test_the_bot_answers_commands_questions_buttons_and_its_home_tab(slack, tmp_path, unused_tcp_port):
    listening = environment(slack, WIREBRIEF_RUN_HTTP=f"127.0.0.1:{unused_tcp_port}")
    process = await asyncio.to_thread(processes.start, "run", cwd=tmp_path, env=listening)
    members = Members(slack=slack)
    try:
        async with asyncio.timeout(PATIENCE):
            await slack.connected.wait()
            await members.command("UANNA", "help")
            await answered(slack, lambda: slack.world.seen("C1", user="UANNA"))
            assert "/brief" in str(slack.world.seen("C1", user="UANNA")[0].blocks)
            assert not slack.world.seen("C1")
            asked = await members.mention("UANNA", "hello", doubled=True)
            await answered(slack, lambda: slack.world.seen("C1", thread=asked.ts))
            await members.command("UANNA", "subscribe")
            await answered(slack, lambda: len(slack.world.seen("C1", user="UANNA")) > 2)
            assert not slack.world.views  # only admins subscribe
            await members.command("UADMIN", "subscribe")
            await answered(slack, lambda: slack.world.views)
            await members.open_home("UADMIN")
            await answered(slack, lambda: slack.world.homes)
        async with aiohttp.ClientSession() as session:
            metrics = await (await session.get(f"http://127.0.0.1:{unused_tcp_port}/metrics")).text()
        assert 'wirebrief_connected{platform="slack"} 1.0' in metrics
        await slack.settle()
        assert len(slack.world.seen("C1", thread=asked.ts)) == 1
        process.terminate()
        assert await process.ended() == 0
    finally:
        process.kill()
        await process.ended()


async def test_what_happened_while_the_bot_was_down_is_noticed_at_its_next_start(slack, tmp_path):
    slack.world.rooms["C2"].members.add("UBOT")
    for channel in ("C1", "C2"):
        code, said = await wirebrief(slack, tmp_path, "subscribe", f"slack:T1/{channel}", "daily 07:30 UTC")
        assert code == 0, said

    async def listed():
        said = (await wirebrief(slack, tmp_path, "subscriptions"))[1]
        return tuple(name for name in ("C1", "C2") if name in said)

    for expected in (("C1", "C2"), ("C2",)):
        looked = sum(method == "conversations.info" for method, _ in slack.calls) + 2
        process = await asyncio.to_thread(processes.start, "run", cwd=tmp_path, env=environment(slack))
        try:
            async with asyncio.timeout(PATIENCE):
                await answered(
                    slack,
                    lambda most=looked: sum(m == "conversations.info" for m, _ in slack.calls) >= most,
                )
                while await listed() != expected:  # noqa: ASYNC110 - the store is asked
                    await asyncio.sleep(0.05)
                process.terminate()
                assert await process.ended() == 0
        finally:
            process.kill()
            await process.ended()
        slack.world.rooms["C1"].members.discard("UBOT")


async def answered(slack, seen):
    """Return when ``seen`` says so."""
    while not seen():  # noqa: ASYNC110 - the server is asked
        await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"WIREBRIEF_SLACK_BOT_TOKEN": "xoxb-no"}, "slack.bot_token: Slack does not accept the token"),
        ({"WIREBRIEF_SLACK_APP_TOKEN": "xapp-no"}, "slack.app_token: Slack does not accept the token"),
        ({"WIREBRIEF_SLACK_APP_TOKEN": ""}, "slack.app_token is empty: the bot cannot receive anything"),
    ],
)
async def test_a_wrong_token_stops_the_start_with_one_sentence(slack, tmp_path, changes, says):
    code, said = await wirebrief(slack, tmp_path, "run", **changes)
    assert code == 1
    assert says in said
    assert "Traceback" not in said


async def test_a_check_names_the_team_the_scopes_and_what_is_missing(slack, tmp_path):
    slack.world.tokens["xoxb-1"].scopes -= {"groups:read", "commands"}
    code, said = await wirebrief(slack, tmp_path, "check", WIREBRIEF_RUN_ADMIN_CHANNEL="slack:T1/C2")
    assert code == 1
    assert "✓ slack: Team T1, team T1; scopes app_mentions:read, assistant:write" in said
    assert "✗ slack: The app lacks commands in Team T1. Add it at api.slack.com/apps" in said
    assert "• slack: without groups:read, which is to tell who may see a private channel" in said
    assert "✗ slack:T1/C2: The bot is not in the channel slack:T1/C2. Write /invite @Wirebrief there" in said

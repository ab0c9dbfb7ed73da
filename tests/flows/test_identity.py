"""Who is who: pages, feeds and aggregators over loopback, through ingest and links, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.app import CONSOLE
from bot.chat.message import support_line
from bot.model.story import Support
from tests.flows.world import CRANE, NOW, item, page, rss, world_of_news

pytestmark = pytest.mark.slow


@pytest.fixture(params=["sqlite", "postgresql"])
async def world(request):
    url = "sqlite:///:memory:" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    async with world_of_news(url) as made:
        yield made


NAMES = ("Reuters", "BBC News", "Associated Press", "AFP")


def told(number):
    """Return the crane's story as the ``number``-th page has it: other words, the same event."""
    said = (
        "Two people died when a crane fell at the port of Velmar on Monday, the harbour authority told reporters.",
        "A crane collapse killed two workers in the port of Velmar on Monday, according to the harbour authority.",
        "The harbour authority of Velmar said a crane collapsed in the port on Monday and two workers were killed.",
        "Killed in the port of Velmar on Monday: two workers, under a crane that collapsed, the harbour authority said.",
    )
    return said[number], *CRANE[1:][number % 3 :], f"The mayor spoke to {number + 2} families in the evening."


async def test_one_host_with_four_names_is_one_source_everywhere(world):
    for number, name in enumerate(NAMES):
        world.serve(
            "evil", f"/{number}", page(*told(number), site=name, title=f"Crane collapses at Velmar {name}")
        )
    world.serve(
        "evil",
        "/feed",
        rss(
            *(
                item(f"{{evil}}/{n}", guid=f"g{n}", title=f"Crane collapses at Velmar port {n}")
                for n in range(4)
            ),
            title="Reuters",
        ),
    )
    await world.follow("evil")
    await world.app.ingest()
    articles = await world.articles()
    assert len(articles) == 4
    assert {a.site for a in articles} == {"127.0.0.3"}
    assert {a.outlet for a in articles} <= {f"{name} (127.0.0.3)" for name in NAMES}
    (ranked,) = await world.app.stories(since=NOW - timedelta(days=2), limit=9)
    assert any("1 independent source" in why for why in ranked.why)
    briefing = await world.app.brief_channel("test")
    (story,) = briefing.stories
    assert len(story.corroboration.originators) == 1
    assert story.corroboration.support is not Support.CONFIRMED
    assert "independent" not in support_line(story.corroboration)
    (linked,) = await world.app.link([world.sites["evil"].url("/0")], scope=CONSOLE)
    assert len(linked.brief.corroboration.originators) == 1


async def test_two_hosts_are_two_sources_under_their_feeds_names(world):
    for number, site in enumerate(("post", "wire")):
        world.serve(site, "/a", page(*told(number), site="The Times"))
        title = ("World news | Harbour Post", "Coast Wire")[number]
        world.serve(site, "/feed", rss(item(f"{{{site}}}/a"), title=title))
        await world.follow(site)
    await world.app.ingest()
    assert {a.outlet for a in await world.articles()} == {"Harbour Post", "Coast Wire"}
    (story,) = (await world.app.brief_channel("test")).stories
    assert sorted(story.corroboration.originators) == ["Coast Wire", "Harbour Post"]
    assert story.corroboration.support is Support.CONFIRMED


async def test_a_page_that_ends_with_an_agencys_name_is_none_of_its_reprints(world):
    world.serve("evil", "/a", page(*CRANE[:3], f"{CRANE[3]} (AFP)"))
    (brief,) = await world.app.link([world.sites["evil"].url("/a")], scope=CONSOLE)
    assert brief.reprint_of == ""
    assert brief.brief.corroboration.originators == ("127.0.0.3",)


async def test_the_operators_name_for_a_domain_is_shown(world):
    pinned = replace(
        world.app, config=world.app.config.model_copy(update={"outlets": {"127.0.0.3": "The Eagle"}})
    )
    world.serve("evil", "/a", page(*CRANE, site="Reuters"))
    (plain,) = await world.app.link([world.sites["evil"].url("/a")], scope=CONSOLE)
    assert plain.outlet == "Reuters (127.0.0.3)"
    (named,) = await pinned.link([world.sites["evil"].url("/a")], scope=replace(CONSOLE, channel="other"))
    assert named.outlet == "The Eagle"

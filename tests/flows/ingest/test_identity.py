"""Who is who: pages, feeds and aggregators over loopback, through ingest and links, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.chat.document.lines import support_line
from bot.model.story import StorySupport
from bot.runtime.app import CONSOLE
from tests.flows.world import CRANE, NOW, STRIKE, item, page, rss, world_of_news

pytestmark = pytest.mark.slow


@pytest.fixture(params=["sqlite", "postgresql"])
async def world(request):
    url = request.getfixturevalue("postgres_url" if request.param == "postgresql" else "sqlite_url")
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


@pytest.mark.one_engine
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
    assert story.corroboration.support is not StorySupport.CONFIRMED
    assert "independent" not in support_line(story.corroboration)
    (linked,) = await world.app.link([world.sites["evil"].url("/0")], scope=CONSOLE)
    assert len(linked.brief.corroboration.originators) == 1


@pytest.mark.one_engine
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
    assert story.corroboration.support is StorySupport.CONFIRMED


@pytest.mark.one_engine
async def test_a_page_that_ends_with_an_agencys_name_is_none_of_its_reprints(world):
    world.serve("evil", "/a", page(*CRANE[:3], f"{CRANE[3]} (AFP)"))
    (brief,) = await world.app.link([world.sites["evil"].url("/a")], scope=CONSOLE)
    assert brief.reprint_of == ""
    assert brief.brief.corroboration.originators == ("127.0.0.3",)


@pytest.mark.one_engine
async def test_the_operators_name_for_a_domain_is_shown(world):
    pinned = replace(
        world.app, config=world.app.config.model_copy(update={"outlets": {"127.0.0.3": "The Eagle"}})
    )
    world.serve("evil", "/a", page(*CRANE, site="Reuters"))
    (plain,) = await world.app.link([world.sites["evil"].url("/a")], scope=CONSOLE)
    assert plain.outlet == "Reuters (127.0.0.3)"
    (named,) = await pinned.link([world.sites["evil"].url("/a")], scope=replace(CONSOLE, channel="other"))
    assert named.outlet == "The Eagle"


async def texts_of(world):
    """Return every sentence that is kept, by article and revision."""
    ids = [a.id for a in await world.articles()]
    return {
        (a.id, a.revision): (a.title, [s.text for s in a.sentences])
        for a in await world.app.store.articles.revisions(ids)
    }


async def publish(world, *, title="Crane collapses at the port of Velmar", text=CRANE):
    world.serve("post", "/a", page(*text, title=title, site="Harbour Post"))
    world.serve("post", "/feed", rss(item("{post}/a", guid="a", title=title), link="{post}/"))
    await world.follow("post")
    await world.app.ingest(everything=True)


LIES = (
    "The harbour authority of Velmar admitted on Monday that it had taken bribes from Nordkran for ten years."
)


@pytest.mark.one_engine
@pytest.mark.parametrize("page_answers", [True, False])
async def test_a_feed_that_lists_anothers_article_changes_no_word_of_it(world, page_answers):
    await publish(world)
    before = await texts_of(world)
    if not page_answers:
        world.sites["post"].page("/a", status=403)
    for round_number in range(3):
        world.clock[0] += timedelta(hours=1)
        lie = item("{post}/a", guid="a", title=f"Authority took bribes {round_number}", text=LIES * 20)
        world.serve("evil", "/feed", rss(lie, title="Harbour Post", link="{post}/"))
        await world.follow("evil", title="Harbour Post")
        report = await world.app.ingest(everything=True)
        assert (report.articles_new, report.articles_edited) == (0, 0)
    assert await texts_of(world) == before


@pytest.mark.one_engine
async def test_a_foreign_feed_that_comes_first_puts_no_title_or_author_on_a_page(world):
    world.serve(
        "post", "/a", page(*CRANE, title="Crane collapses at the port of Velmar", site="Harbour Post")
    )
    lie = item(
        "{post}/a", guid="a", title="Port of Velmar took bribes", text="Wow.", more="<author>AFP</author>"
    )
    world.serve("evil", "/feed", rss(lie, title="Reuters", link="{post}/"))
    await world.follow("evil")
    await world.app.ingest(everything=True)
    (article,) = await world.articles()
    assert (article.site, article.title) == ("127.0.0.1", "Crane collapses at the port of Velmar")
    assert (article.author, article.originator) == ("", article.outlet)


@pytest.mark.one_engine
async def test_a_foreign_feed_that_comes_first_is_cited_as_itself(world):
    world.sites["post"].page("/a", status=403)
    world.serve(
        "evil", "/feed", rss(item("{post}/a", guid="a", text=LIES), title="Harbour Post", link="{post}/")
    )
    await world.follow("evil")
    await world.app.ingest()
    (blurb,) = await world.articles()
    assert (blurb.site, blurb.outlet) == ("127.0.0.3", "Harbour Post")
    await publish(world)
    both = {a.site: a for a in await world.articles()}
    assert len(both["127.0.0.1"].sentences) == len(CRANE)
    assert both["127.0.0.3"].revision == 1
    world.sites["post"].page("/a", status=403)
    edited = item("{post}/a", guid="a", text=LIES + " It said so again.")
    world.serve("evil", "/feed", rss(edited, title="Harbour Post"))
    world.clock[0] += timedelta(hours=1)
    assert (await world.app.ingest(everything=True)).articles_edited == 1
    after = {a.site: a for a in await world.articles()}
    assert after["127.0.0.1"] == both["127.0.0.1"]
    assert after["127.0.0.3"].revision == 2


@pytest.mark.one_engine
async def test_a_redirect_that_turns_elsewhere_changes_nothing_behind_the_first_target(world):
    world.serve("post", "/a", page(*CRANE))
    world.sites["evil"].page("/go", status=302, Location=world.sites["post"].url("/a"))
    world.serve("evil", "/feed", rss(item("{evil}/go", guid="g"), title="Evil"))
    await world.follow("evil")
    await world.app.ingest()
    (true,) = await world.articles()
    assert true.site == "127.0.0.1"
    world.serve("evil", "/go", page(LIES, *STRIKE))
    world.serve("evil", "/feed", rss(item("{evil}/go", guid="g", text="Edited"), title="Evil"))
    world.clock[0] += timedelta(hours=1)
    await world.app.ingest(everything=True)
    found = {a.site: a for a in await world.articles()}
    assert found["127.0.0.1"] == true
    assert found["127.0.0.3"].sentences[0].text == LIES


@pytest.mark.one_engine
async def test_a_page_that_calls_anothers_address_its_own_is_itself(world):
    await publish(world)
    before = await texts_of(world)
    claim = f"<link rel='canonical' href='{world.sites['post'].url('/a')}'>"
    world.serve("evil", "/x", page(LIES, *STRIKE, head=claim))
    world.serve("evil", "/feed", rss(item("{evil}/x", guid="x"), title="Evil"))
    await world.follow("evil")
    await world.app.ingest(everything=True)
    found = await texts_of(world)
    assert len(found) == 2
    assert found | before == found


async def test_a_publisher_revises_its_own_article(world):
    await publish(world)
    await publish(world, title="Crane collapses at Velmar: three dead", text=("Three are dead now.", *CRANE))
    (article,) = await world.articles()
    assert (article.revision, article.sentences[0].text) == (2, "Three are dead now.")


@pytest.mark.one_engine
async def test_two_feeds_of_one_publisher_do_not_flip_an_article(world):
    world.sites["post"].page("/a", status=403)
    for path, words in (("/one", "short"), ("/two", "long")):
        world.serve(
            "post", path, rss(item("{post}/a", guid=f"{path}a", text=f"{CRANE[0]} It is the {words} text."))
        )
        await world.follow("post", path)
    await world.app.ingest()
    (first,) = await world.articles()
    for hour in range(1, 4):
        world.clock[0] = NOW + timedelta(hours=hour)
        report = await world.app.ingest(everything=True)
        assert (report.articles_new, report.articles_edited) == (0, 0)
    assert await world.articles() == [first]


async def test_an_article_through_two_feeds_is_one_whichever_comes_first(world):
    world.serve("post", "/a", page(*CRANE, site="Harbour Post"))
    world.serve("post", "/feed", rss(item("{post}/a", guid="a")))
    world.serve(
        "links",
        "/feed",
        rss(item("{post}/a?utm_source=links", guid="z", text="Look at this."), title="Links"),
    )
    await world.follow("links")
    await world.app.ingest()
    (first,) = await world.articles()
    assert first.outlet == "Harbour Post (127.0.0.1)"
    await world.follow("post")
    world.clock[0] += timedelta(hours=1)
    report = await world.app.ingest(everything=True)
    assert (report.articles_new, report.folded) == (0, 1)
    (article,) = await world.articles()
    assert (article.site, article.outlet) == ("127.0.0.1", "Harbour Post")


async def test_an_article_that_two_feeds_bring_at_once_is_named_by_its_own(world):
    world.serve("post", "/a", page(*CRANE, site="The Shipping News"))
    world.serve("post", "/feed", rss(item("{post}/a", guid="a")))
    world.serve(
        "links", "/feed", rss(item("{post}/a", guid="z", date="Mon, 03 Mar 2031 06:00:00 GMT"), title="Links")
    )
    await world.follow("links")
    await world.follow("post")
    report = await world.app.ingest()
    assert (report.articles_new, report.folded) == (1, 1)
    (article,) = await world.articles()
    assert article.outlet == "Harbour Post"


@pytest.mark.one_engine
async def test_entries_that_share_the_front_page_are_told_apart_by_what_they_say(world):
    world.serve("post", "/", page(*CRANE))
    items = [
        item("{post}/", title="Port of Velmar closes", text=CRANE[0]),
        item("{post}/", title="Nurses in Sunde vote to strike", text=STRIKE[0]),
        item(
            "{post}/",
            title="Court fines Brask Telecom",
            text="A court in Halden fined Brask 40 million euros.",
        ),
    ]
    world.serve("post", "/feed", rss(*items))
    await world.follow("post")
    for hour in range(3):
        world.clock[0] = NOW + timedelta(hours=hour)
        await world.app.ingest(everything=True)
    articles = await world.articles()
    assert {a.title for a in articles} == {
        "Port of Velmar closes",
        "Nurses in Sunde vote to strike",
        "Court fines Brask Telecom",
    }
    assert {a.revision for a in articles} == {1}
    # One at a time, as a feed with room for one entry has it.
    world.serve(
        "post",
        "/feed",
        rss(item("{post}/", title="Dam near Osby overflows", text="The dam overflowed on Tuesday.")),
    )
    world.clock[0] = NOW + timedelta(hours=5)
    assert (await world.app.ingest(everything=True)).articles_new == 1


@pytest.mark.one_engine
@pytest.mark.parametrize("mark", ["#!/news/", "#/news/"])
async def test_fragments_that_route_are_addresses(world, mark):
    items = [
        item(f"{{post}}/app{mark}{n}", title=f"{t[:20]}", text=t) for n, t in enumerate((CRANE[0], STRIKE[0]))
    ]
    world.serve("post", "/feed", rss(*items))
    await world.follow("post")
    await world.app.ingest()
    await world.app.ingest(everything=True)
    assert len(await world.articles()) == 2


@pytest.mark.one_engine
async def test_one_guid_for_other_entries_names_none_of_them(world):
    def serve(*pairs):
        world.serve(
            "post",
            "/feed",
            rss(*(item(f"{{post}}/{p}", guid="same", title=t[:30], text=t) for p, t in pairs)),
        )

    serve(("d1", CRANE[0]), ("d2", STRIKE[0]))
    await world.follow("post")
    await world.app.ingest()
    assert len(await world.articles()) == 2
    # The same at two times, one entry each.
    serve(("d3", "The dam near Osby overflowed on Tuesday and 900 people were told to leave their homes."))
    world.clock[0] = NOW + timedelta(hours=1)
    await world.app.ingest(everything=True)
    serve(
        ("d4", "A court in Halden fined Brask Telecom 40 million euros for selling locations of customers.")
    )
    world.clock[0] = NOW + timedelta(hours=2)
    await world.app.ingest(everything=True)
    articles = await world.articles()
    assert len(articles) == 4
    assert {a.revision for a in articles} == {1}


async def test_the_same_entries_under_new_guids_and_addresses_stay_one_each(world):
    text = " ".join(CRANE) * 4
    for number, (path, guid) in enumerate(
        (("2031/crane", "2031-1"), ("news/crane-981.html", "n-1"), ("x", "y"))
    ):
        world.serve("post", "/feed", rss(item(f"{{post}}/{path}", guid=guid, text=text)))
        world.clock[0] = NOW + timedelta(hours=number)
        await world.follow("post")
        await world.app.ingest(everything=True)
    (article,) = await world.articles()
    assert article.revision == 1


@pytest.mark.one_engine
async def test_a_recurring_entry_is_new_each_time(world):
    text = "The weather of the coast: wind from the west, rain in the evening, up to nine degrees in Velmar and Sunde."
    for day in (1, 4, 8):
        date = f"{day:02d} Mar 2031 06:00:00 GMT"
        world.clock[0] = NOW + timedelta(days=day - 4)
        world.serve(
            "post",
            "/feed",
            rss(item(f"{{post}}/w{day}", guid=f"w{day}", title="Weather", text=text, date=date)),
        )
        await world.follow("post")
        await world.app.ingest(everything=True)
    assert len(await world.articles()) == 3


@pytest.mark.one_engine
async def test_an_alert_and_the_articles_own_feed_are_one_article_and_one_source(world):
    world.serve(
        "post", "/a", page(*CRANE, title="Port of Velmar closes after crane collapse", site="Harbour Post")
    )
    world.serve(
        "post", "/feed", rss(item("{post}/a", guid="a", title="Port of Velmar closes after crane collapse"))
    )
    wrapped = "{links}/url?rct=j&amp;sa=t&amp;url={post}/a&amp;ct=ga"
    notice = "<h1>Redirect Notice</h1><p>The page you were on is trying to send you to another page.</p>"
    world.serve("links", "/url", f"<html><body>{notice}</body></html>")
    alert = item(
        wrapped,
        guid="t1",
        title="Port of Velmar closes after crane collapse - Harbour Post",
        text="Two died ...",
    )
    world.serve("links", "/feed", rss(alert, title="Google Alert - velmar port"))
    for site in ("links", "post"):
        await world.follow(site)
        await world.app.ingest(everything=True)
        world.clock[0] += timedelta(hours=1)
    (article,) = await world.articles()
    assert (article.outlet, article.title) == ("Harbour Post", "Port of Velmar closes after crane collapse")
    (ranked,) = await world.app.stories(since=NOW - timedelta(days=2), limit=9)
    assert any(why.endswith("; one article, listed by 2 feeds") for why in ranked.why)
    (story,) = (await world.app.brief_channel("test")).stories
    assert story.corroboration.originators == ("Harbour Post",)


@pytest.mark.one_engine
async def test_a_list_of_titles_is_told_by_outlet_and_without_its_neighbours(world):
    def listed_as(number, title, outlet):
        link = f"{{links}}/rss/articles/{number}"
        body = (
            f"<![CDATA[<ol><li><a href='{link}'>{title}</a>&nbsp;<font>{outlet}</font></li>"
            "<li><a href='x'>Port of Velmar: all the news of the day</a>&nbsp;<font>Other</font></li></ol>]]>"
        )
        source = f"<source url='https://{outlet.split()[0].lower()}.example'>{outlet}</source>"
        return item(link, guid=str(number), title=f"{title} - {outlet}", text=body, more=source)

    items = [
        listed_as(1, "Port of Velmar closes", "Harbour Post"),
        listed_as(2, "Two dead in Velmar", "Coast Wire"),
    ]
    world.serve("links", "/feed", rss(*items, title='"velmar" - Google News'))
    await world.follow("links")
    await world.app.ingest()
    articles = await world.articles()
    assert {(a.title, a.outlet) for a in articles} == {
        ("Port of Velmar closes", "Harbour Post (127.0.0.4)"),
        ("Two dead in Velmar", "Coast Wire (127.0.0.4)"),
    }
    assert all([s.text for s in a.sentences] == [a.title] for a in articles)
    briefing = await world.app.brief_channel("test")
    # Whoever runs the list can name whom he likes: it is one source.
    assert all(len(s.corroboration.originators) == 1 for s in briefing.stories)
    assert not any(s.actors for s in briefing.stories)


@pytest.mark.one_engine
async def test_a_planet_gives_each_article_its_own_address_and_site(world):
    text = " ".join(CRANE) * 5
    world.serve("post", "/a", page(*CRANE, *CRANE, *CRANE, *CRANE, site="Jane on Harbours"))
    world.serve("links", "/feed", rss(item("{post}/a", guid="a", text=text), title="Planet Harbour"))
    await world.follow("links")
    await world.app.ingest()
    (article,) = await world.articles()
    assert (article.site, article.outlet) == ("127.0.0.1", "Jane on Harbours (127.0.0.1)")


@pytest.mark.one_engine
async def test_a_comment_on_anothers_page_is_who_comments(world):
    comment = "I have worked in harbours for thirty years and never saw brakes as old as those. " * 8
    world.serve("post", "/a", page(*CRANE, site="Harbour Post"))
    world.serve("links", "/feed", rss(item("{post}/a", guid="a", text=comment), title="Ida on Cranes"))
    await world.follow("links")
    await world.app.ingest()
    (article,) = await world.articles()
    assert (article.site, article.outlet) == ("127.0.0.4", "Ida on Cranes")
    assert "thirty years" in article.sentences[0].text


@pytest.mark.one_engine
async def test_a_post_without_a_title_is_named_by_its_first_words(world):
    post = "The port of Velmar stays closed until Wednesday. Ships call the pilot on channel 12. #velmar https://ex.example/a"
    world.sites["post"].page("/@harbour/1", status=403)
    world.serve(
        "post",
        "/feed",
        rss(item("{post}/@harbour/1", guid="1", title="", text=post), title="Harbour (@harbour)"),
    )
    await world.follow("post")
    await world.app.ingest()
    (article,) = await world.articles()
    assert (
        article.title
        == "The port of Velmar stays closed until Wednesday. Ships call the pilot on channel 12."
    )


@pytest.mark.parametrize(
    "form", ["{}", "{}?utm_source=chat", "{}#comments", "redirect", "canonical", "wrapped"]
)
async def test_a_feeds_own_article_that_is_pasted_is_that_article(world, form):
    await publish(world)
    (article,) = await world.articles()
    there = world.sites["post"].url("/a")
    url = form.format(there)
    if form == "redirect":
        world.sites["links"].page("/go", status=301, Location=there)
        url = world.sites["links"].url("/go")
    elif form == "canonical":
        world.serve("post", "/other", page(*CRANE, head=f"<link rel='canonical' href='{there}'>"))
        url = world.sites["post"].url("/other")
    elif form == "wrapped":
        url = world.sites["links"].url(f"/url?url={there}")
    asked = len(world.sites["post"].requests)
    world.clock[0] += timedelta(hours=1)
    (brief,) = await world.app.link([url], scope=CONSOLE)
    assert (brief.failure, brief.reprint_of) == ("", "")
    assert brief.known_since == article.fetched_at
    assert {s.article_id for s in brief.sources} == {article.id}
    assert brief.brief.corroboration.originators == ("Harbour Post",)
    if form in {"{}", "{}?utm_source=chat", "{}#comments", "wrapped"}:
        assert len(world.sites["post"].requests) == asked
    world.clock[0] += timedelta(hours=1)
    (again,) = await world.app.link([url], scope=CONSOLE)
    assert again.stored
    assert [a.id for a in await world.articles(by=CONSOLE)] == [article.id]
    (story,) = await world.app.store.stories.recent(NOW - timedelta(days=9), by=CONSOLE)
    assert story.article_ids == (article.id,)
    (told,) = (await world.app.brief_channel("console")).stories
    assert {c.article_id for c in told.headline.citations} == {article.id}


@pytest.mark.one_engine
async def test_a_pasted_article_whose_page_no_feed_could_read_is_read_and_stays_one_source(world):
    world.sites["post"].page("/a", status=503)
    world.serve("post", "/feed", rss(item("{post}/a", guid="a", text=CRANE[0])))
    await world.follow("post")
    await world.app.ingest()
    url = world.sites["post"].url("/a")
    (brief,) = await world.app.link([url], scope=CONSOLE)
    assert brief.failure == ""
    world.serve("post", "/a", page(*CRANE))
    (fresh,) = await world.app.link([url], scope=CONSOLE, fresh=True)
    assert (fresh.failure, fresh.reprint_of) == ("", "")
    briefing = await world.app.brief_channel("console")
    assert [len(s.corroboration.originators) for s in briefing.stories] == [1]


@pytest.mark.one_engine
async def test_a_feed_of_a_pack_is_named_as_it_calls_itself(world):
    world.serve("post", "/a", page(*CRANE))
    world.serve(
        "post", "/feed", rss(item("{post}/a", guid="a"), title="World | Harbour Post", link="{post}/")
    )
    await world.follow("post", title="harbour-post.example")
    for hour in range(2):
        world.clock[0] = NOW + timedelta(hours=hour)
        await world.app.ingest(everything=True)
    (article,) = await world.articles()
    assert article.outlet == "Harbour Post"


RAIL = "Rail workers ended a nine-day strike on Monday after the union SNTF accepted a pay rise of 4.5 percent, the infrastructure ministry of Velmar said."


@pytest.mark.one_engine
@pytest.mark.parametrize(
    "other", [RAIL, RAIL.replace("ministry of Velmar said", "ministry said in a statement")]
)
async def test_what_two_articles_print_is_told_once_and_a_quoted_status_is_not_printed(world, other):
    rest = "Trains will run normally from Friday."
    for site, said in (("post", RAIL), ("wire", other)):
        text = f"{said} {rest}"
        world.serve(
            site, "/feed", rss(item(title="Rail strike of Velmar ends", guid=site, text=text), title=site)
        )
        await world.follow(site)
    await world.app.ingest()
    (story,) = (await world.app.brief_channel("test")).stories
    assert story.status is not None
    assert story.status.line.startswith("Rail workers ended a nine-day strike")
    assert [b.text for b in story.bullets] == [RAIL, rest]


FORMS = (
    "http://www.tide.example/2031/rail/amp",
    "http://m.tide.example/2031/rail?amp=1",
    "http://amp.tide.example/2031/rail?outputType=amp",
    "https://mobile.tide.example/amp/2031/rail",
)


@pytest.mark.one_engine
async def test_forms_of_a_page_that_nobody_can_read_are_one_article_and_one_source(world):
    title = "Rail strike ends after deal on pay"
    for site, link in zip(world.sites, FORMS, strict=True):
        world.serve(site, "/feed", rss(item(link, title=title, guid=site), title=f"List of {site}"))
        await world.follow(site)
        report = await world.app.ingest(everything=True)
    assert (report.articles_new, report.folded) == (0, 1)
    (article,) = await world.articles()
    assert article.title == title
    (story,) = (await world.app.brief_channel("test")).stories
    assert len(story.corroboration.originators) == 1


@pytest.mark.one_engine
async def test_feeds_that_say_different_things_of_a_page_nobody_can_read_stay_apart(world):
    titles = ("Rail strike ends after deal on pay", "Harbour chief accused of taking bribes")
    for site, link, title in zip(world.sites, FORMS, titles, strict=False):
        world.serve(site, "/feed", rss(item(link, title=title, guid=site), title=f"List of {site}"))
        await world.follow(site)
    await world.app.ingest()
    assert {a.title for a in await world.articles()} == set(titles)


@pytest.mark.one_engine
@pytest.mark.parametrize("tail", [" - Harbour Post", " | Harbour Post", " — Harbour Post", ""])
async def test_a_title_with_the_sites_name_is_no_sentence_of_its_article(world, tail):
    title = "Crane collapses at the port of Velmar"
    told = page(f"{title}{tail}", *CRANE, title=f"{title}{tail}", site="Harbour Post")
    world.serve("post", "/a", told)
    entry = item("{post}/a", guid="a", title=f"{title}{tail}")
    own = item(
        "{post}/b",
        guid="b",
        title=f"Nurses strike{tail}",
        text=f"&lt;h1>Nurses strike{tail}&lt;/h1>&lt;p>{' '.join(STRIKE)}&lt;/p>",
    )
    world.serve("post", "/feed", rss(entry, own, link="{post}/"))
    await world.follow("post")
    await world.app.ingest()
    found = {a.title: [s.text for s in a.sentences] for a in await world.articles()}
    assert found == {title: list(CRANE), "Nurses strike": list(STRIKE)}
    (linked,) = await world.app.link([world.sites["post"].url("/a")], scope=CONSOLE)
    assert "Harbour Post" not in {actor.name for actor in linked.brief.actors}


@pytest.mark.one_engine
async def test_each_release_of_a_project_is_a_story_of_its_own(world):
    def release(version, text):
        return item(f"{{post}}/acme/mixer/releases/tag/{version}", title=version, guid=version, text=text)

    first = release("v1.2", "Mixer adds an equaliser and fixes a crash when a file is saved to a disk.")
    second = release("v1.3", "Mixer adds a compressor and fixes a crash when a file is opened on a disk.")
    world.serve("post", "/feed", rss(first, title="Release notes from mixer"))
    await world.follow("post")
    await world.app.ingest()
    (story,) = (await world.app.brief_channel("test")).stories
    assert story.headline.text == "Mixer v1.2"
    world.clock[0] += timedelta(hours=3)
    world.serve("post", "/feed", rss(second, first, title="Release notes from mixer"))
    await world.app.ingest(everything=True)
    (story,) = (await world.app.brief_channel("test")).stories
    assert story.headline.text == "Mixer v1.3"
    assert not any("equaliser" in b.text for b in story.bullets)


@pytest.mark.one_engine
async def test_what_a_project_announces_of_two_versions_is_two_stories(world):
    first = item(
        "{post}/1-9", title="Announcing Mixer 1.9", text="Mixer 1.9 adds an equaliser and drops old systems."
    )
    second = item(
        "{post}/1-10", title="Mixer 1.10 released", text="Mixer 1.10 adds a compressor and drops old systems."
    )
    world.serve("post", "/feed", rss(first, second, title="Mixer blog"))
    await world.follow("post")
    await world.app.ingest()
    assert len(await world.app.stories(since=NOW - timedelta(days=2), limit=9)) == 2

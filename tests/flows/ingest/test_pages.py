"""Pages that are no articles, through feeds and pasted links on both engines: nothing of them becomes news."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.model.chat import Channel
from bot.model.news import PageKind, TextSource
from tests.flows.world import CRANE, STRIKE, world_of_news

pytestmark = pytest.mark.slow
DESK = Channel(platform="slack", workspace="T1", id="C1").scope
PAGES = Path(__file__).parents[2] / "feeds" / "judge" / "pages"


@pytest.fixture(params=["sqlite", "postgresql"])
async def world(request):
    url = request.getfixturevalue("postgres_url" if request.param == "postgresql" else "sqlite_url")
    async with world_of_news(url) as opened:
        yield opened


def item(number, title, text, *, link=None):
    return (
        f"<item><title>{title}</title><link>{{post}}{link or f'/{number}'}</link><guid isPermaLink='false'>{number}</guid>"
        f"<pubDate>Tue, 04 Mar 2031 0{number % 7}:00:00 +0000</pubDate><description><![CDATA[{text}]]></description></item>"
    )


def rss(*items):
    return f"<rss version='2.0'><channel><title>Harbour Post</title><language>en</language>{''.join(items)}</channel></rss>"


def article(title, *sentences, more=""):
    paragraphs = "".join(f"<p>{s}</p>" for s in sentences)
    return f"<html lang='en'><head><title>{title}</title>{more}</head><body><article><h1>{title}</h1>{paragraphs}</article></body></html>"


def own(language, kind):
    return (PAGES / language / f"{kind}-1.html").read_text("utf-8")


async def briefed(world):
    """Return all that a briefing of what came says, as one text."""
    return str(await world.app.brief_channel("C1"))


async def test_walls_leave_the_feeds_own_text_and_fold_no_stories(world):
    walls = [("en", "consent"), ("de", "bot_check"), ("fr", "login"), ("nl", "not_found"), ("it", "consent")]
    news = [
        CRANE[0],
        STRIKE[0],
        *(f"{w} was elected mayor of {w}ville on Monday." for w in ("Alma", "Bela", "Cora")),
    ]
    titles = ["Crane collapses at Velmar", "Nurses vote to strike", "Alma wins", "Bela wins", "Cora wins"]
    for number, (language, kind) in enumerate(walls):
        world.serve("post", f"/{number}", own(language, kind))
    world.serve("post", "/feed", rss(*(item(i, titles[i], news[i]) for i in range(5))))
    await world.follow("post")
    await world.app.ingest()
    found = {a.title: a for a in await world.articles()}
    for number, title in enumerate(titles):
        one = found[title]
        assert [s.text for s in one.sentences] == [news[number]]
        assert one.text_source is TextSource.FEED_ONLY
        assert one.page_kind is PageKind(walls[number][1].replace("_", " "))
        assert one.text_note.startswith("The page ")
    placed = await world.app.store.stories.of_articles([a.id for a in found.values()])
    assert placed[found[titles[0]].id] != placed[found[titles[1]].id]
    assert len({a.text_group for a in found.values()}) == 5


WALL = "842 entries of the store belong to the list below, which may be read or left. Whoever goes on has read it, and so it is kept for thirteen months in a small file."


@pytest.mark.one_engine
async def test_a_wall_that_no_rule_knows_is_known_by_what_it_does_not_say(world):
    world.serve("post", "/1", article("Crane collapses at Velmar port", WALL))
    world.serve("post", "/feed", rss(item(1, "Crane collapses at Velmar port", CRANE[0])))
    await world.follow("post")
    await world.app.ingest()
    (one,) = await world.articles()
    assert [s.text for s in one.sentences] == [CRANE[0]]
    assert one.page_kind is PageKind.NOT_FOUND
    assert one.text_note == "The page's text does not speak of what the feed announces."


SAME = "At the port, at the hospital and at the court: what you came for is kept on the other side of this list of stores. Nine of them are near you, and each is open until late on workdays and on Saturdays."


@pytest.mark.one_engine
async def test_one_text_at_several_addresses_of_a_site_is_nobodys_article(world):
    for number in (1, 2, 3):
        world.serve("post", f"/{number}", article("Harbour Post", SAME))
    entries = [
        item(1, "Crane collapses at port of Velmar", ""),
        item(2, "Nurses at Sunde hospital vote to strike", STRIKE[0]),
        item(3, "Brask Telecom fined by Halden court", ""),
    ]
    world.serve("post", "/feed", rss(entries[0]))
    await world.follow("post")
    await world.app.ingest()
    world.serve("post", "/feed", rss(*entries[:2]))
    world.clock[0] += timedelta(hours=2)
    await world.app.ingest(everything=True)
    world.serve("post", "/feed", rss(*entries))
    world.clock[0] += timedelta(hours=2)
    await world.app.ingest(everything=True)
    found = await world.articles()
    assert len(found) == 3
    assert {a.page_kind for a in found} == {PageKind.NOT_FOUND}
    assert not any("stores" in s.text for a in found for s in a.sentences)
    assert {a.text_note for a in found} == {"The site gives the same text at other addresses, too."}


@pytest.mark.one_engine
async def test_one_article_at_two_addresses_stays_an_article(world):
    for number in (1, 2):
        world.serve("post", f"/{number}", article("Crane collapses at Velmar", *CRANE))
    entries = [
        item(1, "Crane collapses at port of Velmar", ""),
        item(2, "Velmar crane kills two workers", ""),
    ]
    world.serve("post", "/feed", rss(*entries))
    await world.follow("post")
    await world.app.ingest()
    assert {(a.page_kind, len(a.sentences)) for a in await world.articles()} == {(PageKind.ARTICLE, 4)}


ROUNDUP = (
    "Good morning. Here is what you need to know.",
    CRANE[0],
    STRIKE[0],
    "A court in Halden fined Brask Telecom 40 million euros for selling location data.",
)


@pytest.mark.one_engine
@pytest.mark.parametrize("where", ["feed", "page"])
async def test_a_roundup_is_kept_and_found_and_is_part_of_no_story(world, where):
    title = "Morning briefing: crane collapse, nurses strike, telecom fine"
    text = "".join(f"<p>{line}</p>" for line in ROUNDUP)
    if where == "page":
        world.serve("post", "/1", article(title, *ROUNDUP))
    entries = [
        item(1, title, text if where == "feed" else ""),
        item(2, "Crane collapses at port of Velmar", f"<p>{CRANE[0]}</p><p>{CRANE[1]}</p>"),
        item(3, "Nurses vote to strike", STRIKE[0]),
    ]
    world.serve("post", "/feed", rss(*entries))
    await world.follow("post")
    for _ in range(2):
        await world.app.ingest(everything=True)
        world.clock[0] += timedelta(hours=1)
    found = {a.title: a for a in await world.articles()}
    assert found[title].page_kind is PageKind.ROUNDUP
    assert len(found[title].sentences) >= 4
    placed = await world.app.store.stories.of_articles([a.id for a in found.values()])
    assert set(placed) == {a.id for a in found.values() if a.title != title}
    assert len(set(placed.values())) == 2
    said = await briefed(world)
    assert "Velmar" in said
    assert title not in said
    assert "Brask" not in said


async def test_an_opinion_piece_is_kept_and_moves_no_story(world):
    world.serve("post", "/opinion/1", article("Cranes and other follies", *CRANE))
    entries = [
        item(1, "Cranes and other follies", CRANE[0], link="/opinion/1"),
        item(2, "Crane collapses at port of Velmar", f"<p>{CRANE[0]}</p><p>{CRANE[1]}</p>"),
    ]
    world.serve("post", "/feed", rss(*entries))
    await world.follow("post")
    await world.app.ingest(everything=True)
    found = {a.title: a for a in await world.articles()}
    piece = found["Cranes and other follies"]
    assert (piece.page_kind, piece.text_note[:24]) == (PageKind.OPINION, "This is an opinion piece")
    placed = await world.app.store.stories.of_articles([a.id for a in found.values()])
    assert set(placed) == {found["Crane collapses at port of Velmar"].id}
    assert "follies" not in await briefed(world)


async def test_an_old_page_with_a_new_time_stamp_is_kept_and_moves_no_story(world):
    old = "The crane of Velmar will be shown to visitors until 30 June 2019. A second crane will follow on 4 May 2020."
    entries = [
        item(1, "Cranes of Velmar to be shown", f"<p>{old}</p>"),
        item(2, "Crane collapses at port of Velmar", f"<p>{CRANE[0]}</p><p>{CRANE[1]}</p>"),
    ]
    world.serve("post", "/feed", rss(*entries))
    await world.follow("post")
    await world.app.ingest(everything=True)
    found = {a.title: a for a in await world.articles()}
    piece = found["Cranes of Velmar to be shown"]
    assert piece.page_kind is PageKind.OLD
    placed = await world.app.store.stories.of_articles([a.id for a in found.values()])
    assert set(placed) == {found["Crane collapses at port of Velmar"].id}
    assert "shown" not in await briefed(world)


@pytest.mark.parametrize("where", ["entry", "entries"])
async def test_a_live_blog_that_grows_is_one_article_with_revisions(world, where):
    head = '<script type="application/ld+json">{"@type":"LiveBlogPosting"}</script>'
    story = "Two workers were killed at the port of Velmar."
    for step in range(3):
        posts = [f"At {9 + i} o'clock, {line}" for i, line in enumerate(CRANE[: step + 2])]
        world.serve(
            "post", "/live", article("Live: crane collapses at port of Velmar", *reversed(posts), more=head)
        )
        # Some feeds give each update an identifier of its own, and some edit the entry they have.
        number = 0 if where == "entry" else step
        entries = [item(number, f"Live: Velmar port crane, update {step}", story, link="/live")]
        world.serve("post", "/feed", rss(*entries))
        if not step:
            await world.follow("post")
        world.clock[0] += timedelta(hours=1)
        await world.app.ingest(everything=True)
    found = await world.articles()
    assert len({a.id for a in found}) == 1
    (one,) = found
    assert (one.page_kind, one.revision) == (PageKind.LIVE_BLOG, 3)
    assert len(await world.app.store.stories.of_articles([one.id])) == 1


LINKS = {
    ("en", "consent"): "The page asks to accept cookies before it shows its article.",
    ("pl", "bot_check"): "The page asks for JavaScript or a check for robots before it shows its article.",
    ("ja", "login"): "The page asks for a login.",
    ("uk", "not_found"): "The page says that there is no article at this address.",
    ("ar", "video"): "The page holds a video or sound and no article text.",
    ("it", "list"): "The page is a list of links and not one article.",
    ("pt", "roundup"): "The page is a roundup of several events and not one article.",
    ("es", "empty"): "There is no article text on the page.",
}


@pytest.mark.one_engine
async def test_a_pasted_link_to_no_article_is_answered_with_one_sentence(world):
    for (language, kind), sentence in LINKS.items():
        world.serve("post", f"/{kind}", own(language, kind))
        (brief,) = await world.app.link([world.sites["post"].url(f"/{kind}")], scope=DESK)
        said = brief.failure.rstrip(".").partition("; its preview says")[0]
        assert (f"{said}.", brief.brief) == (sentence, None)
    assert await world.articles(by=DESK) == []


@pytest.mark.one_engine
async def test_a_link_that_leads_away_is_named_for_where_it_leads(world):
    world.serve("post", "/", article("Harbour Post", *CRANE))
    world.serve("post", "/news/crane", "", Location="/")
    world.sites["post"].page("/news/crane", "", status=302, Location="/")
    (brief,) = await world.app.link([world.sites["post"].url("/news/crane")], scope=DESK)
    assert brief.failure == "The page is a list of links and not one article."


@pytest.mark.one_engine
async def test_the_free_part_of_a_paid_article_is_told_with_a_note(world):
    world.serve("post", "/1", own("de", "paywall"))
    (brief,) = await world.app.link([world.sites["post"].url("/1")], scope=DESK)
    assert brief.note == "The page is behind a paywall; this is what is free to read."
    assert "Nordkran" in str(brief.brief)
    assert "Euro" not in str(brief.brief)


@pytest.mark.one_engine
async def test_an_article_whose_rest_is_paid_is_told_as_an_article_with_a_note(world):
    free = [
        *CRANE,
        "The crane at Velmar had been inspected in March, when a bolt was replaced and its cables were found to be worn.",
        "Divers will look at the arm of the crane on Tuesday, and a floating crane is expected on Thursday night.",
        "The owner of the crane, Brask Lifting, has stopped its eleven others at Velmar until the cause is known.",
        "Ferries leave from the southern pier, and freight for Velmar is landed at Sunde for the rest of the week.",
    ]
    stated = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
    )
    world.serve("post", "/1", article("Crane collapses at Velmar", *free, more=stated))
    world.serve("post", "/feed", rss(item(1, "Crane collapses at Velmar", "The crane fell.")))
    note = "The page is behind a paywall; this is what is free to read."
    (brief,) = await world.app.link([world.sites["post"].url("/1")], scope=DESK)
    assert brief.note == note
    await world.follow("post")
    await world.app.ingest()
    (one,) = [a for a in await world.articles() if a.scope != DESK]
    assert (one.page_kind, one.text_source, one.text_note) == (PageKind.ARTICLE, TextSource.PAGE, note)
    assert "Brask Lifting" in " ".join(s.text for s in one.sentences)


POST = """<html><head><title>Harbour Authority</title><meta property="og:title" content="Harbour Authority (@harbour)">
<meta property="og:description" content="The port of Velmar stays closed until Monday. <!channel> 40 ships &amp; a ferry are waiting."></head>
<body><noscript><p>Please enable JavaScript to continue.</p></noscript><div id="root"></div></body></html>"""


@pytest.mark.one_engine
async def test_a_post_that_only_scripts_show_is_named_and_its_preview_quoted(world):
    world.serve("post", "/1", POST)
    (brief,) = await world.app.link([world.sites["post"].url("/1")], scope=DESK)
    assert brief.failure == (
        "The page asks for JavaScript or a check for robots before it shows its article; its preview says “Harbour Authority"
        " (@harbour): The port of Velmar stays closed until Monday. <!channel> 40 ships & a ferry are waiting”."
    )
    assert brief.brief is None
    assert await world.articles(by=DESK) == []

"""What a page says of itself: its title without the site, its date and its authors, wherever they are stated."""

from __future__ import annotations

import html
import json
from datetime import UTC, date, datetime

import lxml.html
import pytest

from bot.feeds.page.extract import extract_page
from bot.feeds.page.facts import read_facts
from bot.feeds.page.title import Titles, page_title
from tests.support.running.rows import each_row

PORT = "Port of Velmar closes after crane collapse"
URL = "https://www.harbourpost.com/news/port"
TEXT = "".join(
    f"<p>Paragraph {i} tells how the harbour council met in Selin and talked at length.</p>" for i in range(4)
)


def facts(head: str = "", body: str = "", *, url: str = URL, lang: str = "en"):
    tree = lxml.html.document_fromstring(f"<html lang={lang}><head>{head}</head><body>{body}</body></html>")
    return read_facts(tree, url=url)


def ld(*nodes: object) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes)


def article(**more: object) -> dict[str, object]:
    return {"@context": "https://schema.org", "@type": "NewsArticle", "headline": PORT, **more}


@each_row(
    ("window", "site", "url", "title"),
    [
        (f"{PORT} | Harbour Post", "Harbour Post", URL, PORT),
        (f"{PORT} - Harbour Post", "Harbour Post", URL, PORT),
        (f"{PORT} — The Harbour Post", "Harbour Post", URL, PORT),
        (f"{PORT} | Ports | Business | Harbour Post", "Harbour Post", URL, PORT),
        (f"Harbour Post: {PORT}", "", URL, f"Harbour Post: {PORT}"),
        (f"Harbour Post | {PORT}", "Harbour Post", URL, PORT),
        (f"Harbour Post - {PORT}", "", URL, PORT),
        (f"{PORT} - harbourpost.com", "", URL, PORT),
        (f"{PORT} :: Harbour Post", "", URL, PORT),
        (f"{PORT} · Harbour Post News", "Harbour Post", URL, PORT),
        (f"{PORT} - BBC Sport", "BBC", "https://www.bbc.co.uk/1", PORT),
        (f"{PORT} - The New York Times", "", "https://www.nytimes.com/1", PORT),
        (f"{PORT} - Wall Street Journal", "", "https://www.wsj.com/1", PORT),
        (f"{PORT} | Space", "Space.com", "https://www.space.com/1", PORT),
        (f"{PORT} | Express.co.uk", "", "https://www.express.co.uk/1", PORT),
        ("クレーンが倒れ2人死亡｜沿岸日報", "沿岸日報", "https://engan.jp/1", "クレーンが倒れ2人死亡"),
        ("Порт Вельмара закрито — Узбережжя", "Узбережжя", "https://uzb.ua/1", "Порт Вельмара закрито"),
        # A headline's own dashes and bars
        ("Crane collapse - what we know so far", "Harbour Post", URL, "Crane collapse - what we know so far"),
        ("Velmar v Sunde – as it happened", "Harbour Post", URL, "Velmar v Sunde – as it happened"),
        ("Trade talks resume | China", "China Daily", "https://www.chinadaily.com.cn/1", "Trade talks resume | China"),
        ("Port closes: two dead", "Harbour Post", URL, "Port closes: two dead"),
        ("Harbour Post sold to rival - unions protest", "Harbour Post", URL, "Harbour Post sold to rival - unions protest"),
        ("Harbour Post", "Harbour Post", URL, "Harbour Post"),
    ],
)  # fmt: skip
def test_the_sites_name_is_no_part_of_a_title(window, site, url, title):
    assert (
        page_title(Titles(stated=(), headings=(), window=window, sites=[site] if site else [], url=url))
        == title
    )
    assert page_title(Titles(stated=[window], headings=(), sites=[site] if site else [], url=url)) == title


@each_row(
    ("stated", "headings", "window", "title"),
    [
        ([f"{PORT} - Expert how-to"], [PORT], "", PORT),
        ([f"Opinion | {PORT}"], [PORT], "", PORT),
        (["Port of Velmar closes after crane…"], [PORT], "", PORT),
        (["Port of Velmar closes after crane"], [PORT], "", PORT),
        ([], ["Harbour Post"], f"{PORT} | Harbour Post", PORT),
        ([], [PORT], "Harbour Post", PORT),
        (["Harbour Post", PORT], [], "", PORT),
        ([], [], "", ""),
    ],
)
def test_the_titles_of_a_page_are_compared(stated, headings, window, title):
    found = Titles(stated=stated, headings=headings, window=window, sites=["Harbour Post"], url=URL)
    assert page_title(found) == title


@pytest.mark.parametrize(
    "written",
    [
        "Workers&#8217; strike: 5 &lt; 6 &amp; more",
        "Workers&amp;#8217; strike: 5 &amp;lt; 6 &amp;amp; more",
        "Workers&#146; strike: 5 &lt; 6 &amp; more",
        "&lt;em&gt;Workers&lt;/em&gt;’ strike: 5 &lt; 6 &amp; more",
    ],
)
def test_entities_in_every_title_are_decoded_also_doubly(written):
    once = html.unescape(written)
    for head, body in (
        (f'<meta property="og:title" content="{written}">', ""),
        (f'<meta name="twitter:title" content="{written}">', ""),
        (f"<title>{written}</title>", ""),
        (ld(article(headline=once)), ""),
        ("", f"<h1>{written}</h1>"),
    ):
        assert facts(head, body).title == "Workers’ strike: 5 < 6 & more"


MAY_3 = datetime(2031, 5, 3, 8, 15, tzinfo=UTC)
DAY = datetime(2031, 5, 3, tzinfo=UTC)
OTHER = '<li><a href=/b><time datetime="2029-01-01T00:00:00Z">1 January 2029</time> Dam near Osby overflows</a></li>'


@each_row(
    ("head", "body", "moment", "offset"),
    [
        (ld(article(datePublished="2031-05-03T10:15:00+02:00")), "", MAY_3, 120),
        (ld({"@graph": [{"@type": "WebPage"}, article(datePublished="2031-05-03T08:15:00Z")]}), "", MAY_3, 0),
        (ld([{"@type": ["Article", "NewsArticle"], "datePublished": "2031-05-03 08:15"}]), "", MAY_3, 0),
        (ld({"@type": "WebPage", "mainEntity": article(datePublished="2031-05-03T08:15:00Z")}), "", MAY_3, 0),
        (ld({"@type": "LiveBlogPosting", "datePublished": "2031-05-03T08:15:00Z", "liveBlogUpdate": [
            {"@type": "BlogPosting", "datePublished": "2031-05-04T01:00:00Z"}]}), "", MAY_3, 0),
        (ld({"@type": "ItemList", "itemListElement": [article(datePublished="2029-01-01")]}), "", None, 0),
        (ld(article(datePublished="0001-01-01T00:00:00Z")), '<time datetime="2031-05-03T08:15:00Z">x</time>', MAY_3, 0),
        (ld(article(datePublished="2099-01-01T00:00:00Z", dateModified="2031-05-04T00:00:00Z")),
         '<time datetime="2031-05-03T08:15:00Z">x</time>', MAY_3, 0),
        (ld(article(datePublished="some day in May")), "", None, 0),
        ("<script type='application/ld+json'><!-- {\"@type\": \"NewsArticle\", \"datePublished\": \"2031-05-03T08:15:00Z\"} --></script>", "", MAY_3, 0),
        ('<meta property="article:published_time" content="2031-05-03T08:15:00Z">', "", MAY_3, 0),
        ('<meta property="article:published" content="2031-05-03T08:15:00Z">', "", MAY_3, 0),
        ('<meta name="publish-date" content="Sat, 03 May 2031 10:15:00 +0200">', "", MAY_3, 120),
        ('<meta itemprop="datePublished" content="2031-05-03T08:15:00Z">', "", MAY_3, 0),
        ("", '<span itemprop="datePublished" content="2031-05-03T08:15:00Z">yesterday</span>', MAY_3, 0),
        ("", '<time itemprop="datePublished" datetime="2031-05-03T08:15Z">x</time>', MAY_3, 0),
        ("", '<p itemprop="datePublished">3 May 2031 08:15 UTC</p>', MAY_3, 0),
        ("", '<span property="schema:datePublished" content="2031-05-03T08:15:00Z"></span>', MAY_3, 0),
        ("", f'<article><h1>x</h1><time datetime="2031-05-03T08:15:00Z">x</time></article><ul class="related">{OTHER}</ul>', MAY_3, 0),
        ("", f'<ul class="latest">{OTHER}</ul><aside>{OTHER}</aside><article><h1>x</h1><time datetime="2031-05-03T08:15:00Z">x</time></article>', MAY_3, 0),
        ("", f"<nav>{OTHER}</nav><main>{OTHER}</main>", None, 0),
        ("", '<time class="updated" datetime="2031-05-04T08:15:00Z">x</time><time datetime="2031-05-03T08:15:00Z">x</time>', MAY_3, 0),
        ("", '<a rel="bookmark" href=x><time class="entry-date" datetime="2031-05-03T08:15:00Z">May 3, 2031</time></a>', MAY_3, 0),
        ("", '<span class="date">Published: May 3, 2031</span>', DAY, 0),
        ("", '<div class="comments"><time datetime="2031-05-03T08:15:00Z">x</time></div>', None, 0),
        ("", "<p>The port closed on 3 May 2031.</p>", None, 0),
    ],
)  # fmt: skip
def test_a_pages_date_is_found_wherever_it_is_stated(head, body, moment, offset):
    found = facts(head, body)
    assert (found.published, found.utc_offset) == (moment, offset)


def test_of_several_articles_the_one_that_names_the_page_is_its_own():
    others = [
        article(url=f"https://www.harbourpost.com/{i}", headline=f"Other {i}", datePublished="2029-01-01")
        for i in range(4)
    ]
    own = article(
        mainEntityOfPage={"@id": "http://harbourpost.com/news/port/"}, datePublished="2031-05-03T08:15:00Z"
    )
    assert facts(ld(*others, own)).published == MAY_3
    assert facts(ld(*others)).published is None
    assert facts(ld(*others[:1])).title == "Other 0"


@each_row(
    ("url", "moment"),
    [
        ("https://a.example/2031/05/03/port", DAY),
        ("https://a.example/news/20310503-port", DAY),
        ("https://a.example/news/port-2031-05-03", DAY),
        ("https://a.example/2031/may/03/port", DAY),
        ("https://a.example/2031/5/3/port.html", DAY),
        ("https://a.example/2031/13/03/port", None),
        ("https://a.example/2031/02/30/port", None),
        ("https://a.example/2031/05/port", None),
        ("https://a.example/news/120310503123", None),
        ("https://a.example/port?d=2031-05-03", None),
    ],
)
def test_the_day_in_an_address_is_the_last_resort(url, moment):
    assert facts(url=url).published == moment
    stated = facts(ld(article(datePublished="2031-05-02T20:00:00Z")), url=url)
    assert stated.published == datetime(2031, 5, 2, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lang", "printed", "moment"),
    [
        ("de", "3. Mai 2031, 10:15 Uhr", datetime(2031, 5, 3, 10, 15, tzinfo=UTC)),
        ("fr", "Publié le 3 mai 2031", DAY),
        ("en-US", "05/03/2031", DAY),
        ("en-GB", "03/05/2031", DAY),
        ("en", "05/03/2031", None),
        ("ja", "2031年5月3日", DAY),
    ],
)
def test_a_printed_date_is_read_by_the_pages_language(lang, printed, moment):
    assert facts(body=f"<time>{printed}</time>", lang=lang).published == moment


@each_row(
    ("head", "body", "author"),
    [
        (ld(article(author={"name": "Ida Renn"})), "", "Ida Renn"),
        (ld(article(author=[{"name": "Ida Renn"}, {"name": "Jan Olsen"}])), "", "Ida Renn, Jan Olsen"),
        (ld(article(author={"@type": "Person", "name": ["Ida Renn", "Jan Olsen"]})), "", "Ida Renn, Jan Olsen"),
        (ld({"@graph": [article(author={"@id": "#ida"}), {"@id": "#ida", "@type": "Person", "name": "Ida Renn"}]}), "", "Ida Renn"),
        (ld(article(author=[{"@id": "#ida"}, {"@id": "#jan"}]), {"@id": "#ida", "name": "Ida Renn"}, {"@id": "#jan", "name": "Jan Olsen"}), "",
         "Ida Renn, Jan Olsen"),
        (ld(article(author={"@id": "#nobody"})), "", ""),
        (ld(article(author="By Ida Renn")), "", "Ida Renn"),
        ('<meta name="author" content="https://a.example/ida"><meta name="parsely-author" content="Ida Renn">', "", "Ida Renn"),
        ("", '<span itemprop="author"><span itemprop="name">Ida Renn | Harbour Post</span></span>', "Ida Renn"),
        ("", '<a rel="author" href=x>Ida Renn</a>', "Ida Renn"),
    ],
)  # fmt: skip
def test_authors_are_found_by_name_and_by_reference(head, body, author):
    assert facts(head, body).author == author


def test_the_publisher_behind_a_reference_names_the_site():
    graph = {
        "@graph": [
            article(publisher={"@id": "#org"}),
            {"@id": "#org", "@type": "Organization", "name": "Harbour Post"},
        ]
    }
    assert facts(ld(graph)).site == "Harbour Post"
    assert (
        facts('<meta property="og:site_name" content="https://post.example">' + ld(graph)).site
        == "Harbour Post"
    )


def test_a_whole_page_tells_its_head():
    page = f"""<html lang=en><head><title>{PORT} | Harbour Post</title>{
        ld(
            {
                "@graph": [
                    article(
                        headline=f"{PORT} &amp; more | Harbour Post",
                        datePublished="2031-05-03T08:15:00Z",
                        author={"@id": "#a"},
                    ),
                    {"@id": "#a", "name": "Ida Renn"},
                ]
            }
        )
    }
    <meta property="og:site_name" content="Harbour Post"></head><body><article><h1>{PORT} &amp; more</h1>{
        TEXT
    }</article></body></html>"""
    found = extract_page(page.encode(), url=URL)
    assert (found.title, found.author, found.published) == (f"{PORT} & more", "Ida Renn", MAY_3)


PUBLISHED = "2025-03-04T08:00:00Z"


@pytest.mark.parametrize(
    ("head", "day"),
    [
        (ld(article(datePublished=PUBLISHED)), date(2025, 3, 4)),
        (f'<meta property="article:published_time" content="{PUBLISHED}">', date(2025, 3, 4)),
        # A page that was changed lately is no old page.
        (ld(article(datePublished=PUBLISHED, dateModified="2026-01-02T10:00:00Z")), date(2026, 1, 2)),
        (
            f'<meta property="article:published_time" content="{PUBLISHED}">'
            '<meta property="article:modified_time" content="2026-01-02T10:00:00Z">',
            date(2026, 1, 2),
        ),
        # Under a vague name stands the day of a template as often as that of the text.
        (f'<meta name="date" content="{PUBLISHED}">', None),
        (ld(article(dateModified=PUBLISHED)), None),
        (ld(article(datePublished="soon", dateModified=5)), None),
    ],
)
def test_the_last_day_of_a_page_is_what_it_tells_machines(head, day):
    assert facts(head).last_dated == day

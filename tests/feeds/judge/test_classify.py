"""What a page is: our own set in eleven languages, real pages and real texts, and what a wall must not take with it."""

from __future__ import annotations

import gzip
import html
import json
from pathlib import Path

import lxml.html
import pytest

from bot.feeds.judge.classify import judge_text
from bot.feeds.judge.signs import led_to
from bot.feeds.judge.words import warm
from bot.feeds.page.extract import extract_page
from bot.language.rules import languages_with, load_rules
from bot.model.news import PageKind
from tests.support.sizes import sized

FOLDER = Path(__file__).parent / "pages"
OWN = sorted(FOLDER.glob("*/*.html"))
LANGUAGES = {"ar", "de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt", "uk"}
URL = "https://paper.example/news/a"


def kind_in_name(path):
    return PageKind(path.stem.rpartition("-")[0].replace("_", " "))


OTHERS = [path for path in OWN if kind_in_name(path) is not PageKind.ARTICLE]
ARTICLES = [path for path in OWN if kind_in_name(path) is PageKind.ARTICLE]


def read(path):
    return extract_page(path.read_bytes(), url=URL)


def plain_page(title, text, language="en"):
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines())
    return f"<html lang='{language}'><head><title>{html.escape(title)}</title></head><body><h1>{html.escape(title)}</h1>{paragraphs}</body></html>"


def test_the_set_and_the_rules_cover_eleven_languages():
    assert {path.parent.name for path in OTHERS} == {path.parent.name for path in ARTICLES} == LANGUAGES
    assert set(languages_with("pages")) >= LANGUAGES
    # An opinion is known by its address and title (test_section), an old page by its days (test_old); both are articles.
    told_elsewhere = {PageKind.ARTICLE, PageKind.OPINION, PageKind.OLD}
    assert {kind_in_name(path) for path in OTHERS} == set(PageKind) - told_elsewhere


@pytest.mark.slow
def test_pages_that_are_no_articles_are_known_by_their_kind():
    tried = OTHERS[:: sized(3, 1)]
    missed = [
        (f"{path.parent.name}/{path.name}", found.value)
        for path in tried
        if (found := read(path).kind) is not kind_in_name(path)
    ]
    assert len(OTHERS) >= 400
    assert {path.parent.name for path in tried} == LANGUAGES
    assert len(missed) <= 0.05 * len(tried), missed


@pytest.mark.slow
@pytest.mark.parametrize("path", ARTICLES, ids=[f"{p.parent.name}-{p.stem}" for p in ARTICLES])
def test_an_article_about_walls_is_an_article_and_loses_no_sentence(path):
    page = read(path)
    assert page.kind is PageKind.ARTICLE
    paragraphs = lxml.html.document_fromstring(path.read_text("utf-8")).xpath("//article/p")
    assert page.text.splitlines() == [" ".join(p.text_content().split()) for p in paragraphs]


@pytest.mark.data
def test_real_articles_are_articles(data):
    truth = json.loads((data / "pages" / "ground_truth.json").read_text("utf-8"))
    found = {}
    every = sized(6, 1)
    for key, page in list(truth.items())[::every]:
        body = gzip.decompress((data / "pages" / "html" / f"{key}.html.gz").read_bytes())
        found[page["url"]] = extract_page(body, url=page["url"])
    others = {url: page.kind for url, page in found.items() if page.kind is not PageKind.ARTICLE}
    assert (len(found), others) == (102 // every, {})
    assert all(page.text for page in found.values())
    # Two pages say themselves that they are not free, and hold the beginning of their article alone.
    cut = {url.split("/")[2] for url, page in found.items() if page.note}
    assert cut == {"www.wsj.com"} or (every > 1 and cut < {"www.wsj.com"})


@pytest.mark.data
def test_real_texts_are_articles(data):
    lines = (data / "news_events" / "articles.jsonl").read_text("utf-8").splitlines()
    for record in map(json.loads, lines[:: sized(18, 1)]):
        body = plain_page(record["title"], record["text"]).encode()
        assert extract_page(body, url=record["url"]).kind is PageKind.ARTICLE, record["url"]
        assert judge_text(record["text"], title=record["title"]) is PageKind.ARTICLE, record["url"]


@pytest.mark.parametrize(
    ("url", "asked", "kind"),
    [
        ("https://paper.example/", "https://paper.example/news/a", PageKind.LIST),
        ("https://paper.example/login?next=/news/a", "https://paper.example/news/a", PageKind.LOGIN),
        ("https://consent.paper.example/x", "https://paper.example/news/a", PageKind.CONSENT),
        ("https://paper.example/error/404", "https://paper.example/news/a", PageKind.NOT_FOUND),
        ("https://paper.example/news/login-data-stolen", "https://paper.example/?p=12", None),
        ("https://paper.example/news/a", "https://paper.example/news/a", None),
        ("https://paper.example/login", "https://paper.example/login", None),
    ],
)
def test_the_address_a_page_was_led_to_says_what_it_is(url, asked, kind):
    assert led_to(url, asked=asked) is kind


@pytest.mark.slow
def test_a_notice_around_an_article_is_dropped_and_the_article_kept():
    text = "The pier of Selin closed on Monday after a crane fell into the water, the port said.\nTwo workers were injured, and ferries leave from the southern pier."
    notice = "\nPlease enable JavaScript to see all parts of this page.\nWe and our 300 partners use cookies to show you personalised ads. Accept all"
    page = extract_page(plain_page("Crane falls at Selin", text + notice).encode(), url=URL)
    assert (page.kind, page.text) == (PageKind.ARTICLE, text)


@pytest.mark.slow
def test_an_article_behind_a_paywall_is_told_as_far_as_it_is_free():
    text = "The pier of Selin closed on Monday after a crane fell into the water, the port said."
    offer = "\nThis story is reserved for our subscribers. Choose a plan from 2 euros a month."
    page = extract_page(plain_page("Crane falls at Selin", text + offer).encode(), url=URL)
    assert (page.kind, page.text) == (PageKind.PAYWALL, text)


PARAGRAPHS = (
    "The pier of Selin closed on Monday after a crane fell into the water, the port said.",
    "Two workers were injured, and ferries to Sunde leave from the southern pier until the crane is lifted.",
    "The crane had been inspected in March, when a bolt was replaced and its cables were found to be worn.",
    "Divers will look at its arm on Tuesday, and a floating crane from Velmar is expected on Thursday night.",
    "The owner of the crane, Brask Lifting, has stopped its eleven others until the cause is known.",
)
OFFER = "This story is reserved for our subscribers. Choose a plan from 2 euros a month."
NOT_FREE = (
    '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
)


@pytest.mark.slow
@pytest.mark.parametrize(("head", "below"), [(NOT_FREE, ""), ("", OFFER), (NOT_FREE, OFFER)])
def test_a_page_with_enough_of_its_article_is_an_article_whose_rest_is_behind_a_paywall(head, below):
    text = "\n".join(PARAGRAPHS)
    body = plain_page("Crane falls at Selin", f"{text}\n{below}").replace("</head>", f"{head}</head>")
    page = extract_page(body.encode(), url=URL)
    assert (page.kind, page.text) == (PageKind.ARTICLE, text)
    assert "paywall" in page.note
    stub = plain_page("Crane falls at Selin", f"{PARAGRAPHS[0]}\n{below}").replace(
        "</head>", f"{head}</head>"
    )
    assert extract_page(stub.encode(), url=URL).kind is PageKind.PAYWALL


LEAD = "<h1>Crane falls at Selin</h1><p>The pier of Selin closed on Monday after a crane fell into the water, and no ferry can land there.</p>"


def kind_of(body, head=""):
    page = f"<html lang='en'><head><title>Selin Post</title>{head}</head><body>{body}</body></html>"
    return extract_page(page.encode(), url=URL).kind


def test_a_price_in_a_box_of_its_own_within_an_article_is_an_offer():
    price = "<p>Get every story we write for 2 euros a month.</p>"
    assert kind_of(f"<article>{LEAD}<div>{price}</div></article>") is PageKind.PAYWALL


def test_a_price_that_an_article_tells_is_no_offer():
    reports = (
        "<p>A ticket of the ferry to Sunde cost 2 euros, and subscribers of the line paid half of that.</p>"
    )
    assert kind_of(f"<article>{LEAD}{reports}</article>") is PageKind.ARTICLE


def test_an_offer_beside_an_article_does_not_make_it_a_paywall():
    aside = "<div><p>Already a subscriber? Sign in</p></div><div><p>Subscribe for $1 a week</p></div>"
    assert (
        kind_of(f"<article>{LEAD}<p>Two cranes are on their way from Velmar.</p></article>{aside}")
        is PageKind.ARTICLE
    )


def test_a_link_to_a_login_does_not_make_a_page_a_login():
    links = "".join(f"<h3><a href='/{n}'>Headline number {n} of the day</a></h3>" for n in range(6))
    assert kind_of(f"<div><a href='/login'>Sign in</a></div>{links}") is PageKind.LIST


def test_the_puzzle_of_a_guarding_service_is_a_bot_check_whatever_its_words():
    head = "<script src='https://challenges.cloudflare.com/turnstile/v0/api.js'></script>"
    assert kind_of("<p>Nur noch ein Schritt, dann geht es los.</p>", head) is PageKind.BOT_CHECK


def test_a_notice_of_repairs_or_of_another_country_holds_nothing_to_read():
    assert kind_of("<h1>We'll be right back</h1><p>Our site is down for maintenance.</p>") is PageKind.EMPTY
    assert kind_of("<p>Sorry, this content is not available in your country.</p>") is PageKind.EMPTY


def test_warming_reads_the_rules_of_every_language(monkeypatch):
    read = set()

    def noted(language, name):
        read.add((language, name))
        return load_rules(language, name)

    # What is read is kept for the other tests: to read and compile it anew takes seconds.
    monkeypatch.setattr("bot.feeds.judge.words.load_rules", noted)
    warm()
    assert {(language, "pages") for language in LANGUAGES} <= read


ITEMS = {
    "en": "Good morning. Here is what you need to know.\nTwo workers were killed when a crane collapsed at the port of Velmar.\nNurses in Sunde voted to strike for five days over pay.\nA court fined Brask Telecom for selling location data.",
    "de": "Guten Morgen, das ist heute wichtig.\nZwei Arbeiter starben, als ein Kran im Hafen von Velmar umstürzte.\nPflegekräfte in Sunde streiken fünf Tage lang für höhere Löhne.\nEin Gericht verurteilt Brask Telecom wegen verkaufter Daten.",
}


@pytest.mark.parametrize("language", ITEMS)
def test_a_feeds_own_text_on_several_events_is_a_roundup(language):
    title = {"en": "Morning briefing: crane, strike, fine", "de": "Das Wichtigste am Morgen"}[language]
    assert judge_text(ITEMS[language], title=title, language=language) is PageKind.ROUNDUP


def test_a_text_on_one_event_is_no_roundup_whatever_its_title_says():
    text = "The crane fell on Friday, the port said in its morning briefing.\nThe crane had been inspected in March.\nThe port will close until the crane is removed.\nTwo workers stood below the crane."
    assert judge_text(text, title="Morning briefing: what we know of the crane") is PageKind.ARTICLE

"""Clustering: one event one story, in any order, over days, and never two events for their words alone."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.language.sentences.split import split_sentences
from bot.model.ids import derive_id
from bot.model.news import Article
from bot.stories.clustering.cluster import Clusterer
from bot.stories.clustering.features import features_of
from bot.stories.clustering.profiles import Corpus, StoryProfile
from bot.stories.dedupe import (
    Known,
    ReprintIndex,
    fingerprint,
    pack_fingerprint,
    smallest_prints,
    unpack_fingerprint,
)
from bot.stories.rank import Candidate, rank
from tests.support.running.rows import each_row

NOW = datetime(2025, 7, 7, 9, tzinfo=UTC)
TEXTS = {
    "strike": [
        "Dockers in Selin end strike|Dock workers in Selin ended their strike on Monday after the port raised pay by 6 percent. Union leader Mara Lund praised the deal.",
        "Pay deal ends Selin port strike|The strike at the port of Selin is over. Dockers and port director Hugo Brandt agreed on a pay rise of 6 percent.",
        "Selin: cranes move again|Cranes moved again in Selin after dockers accepted the pay offer of the port. Mara Lund of the union called it fair.",
    ],
    "eclipse": [
        "Astronomers watch eclipse over Tarn|Astronomers in Tarn watched a total eclipse of the sun. Professor Ida Moss measured the corona.",
        "Total eclipse draws crowds to Tarn|Crowds filled Tarn for the eclipse of the sun, which lasted four minutes. Ida Moss said the corona was bright.",
        "Sun goes dark in Tarn|The sun went dark over Tarn in a total eclipse. Telescopes followed the corona.",
    ],
}


def article(name, text, hours=0, group=""):
    title, _, body = text.partition("|")
    return Article(
        id=name, title=title, published_at=NOW + timedelta(hours=hours), fetched_at=NOW, language="en",
        sentences=split_sentences(body), text_group=group,
    )  # fmt: skip


ARTICLES = [
    (article(f"{event}-{i}", text, hours=i * 20), event)
    for event, texts in TEXTS.items()
    for i, text in enumerate(texts)
]


@each_row("order", list(itertools.permutations(range(6)))[::37])
def test_articles_of_one_event_are_one_story_in_any_order(order):
    clusterer = Clusterer(Corpus())
    placed = {}
    for i in order:
        one, event = ARTICLES[i]
        placed.setdefault(event, set()).add(clusterer.assign(features_of(one)).story_id)
    assert all(len(stories) == 1 for stories in placed.values())
    assert placed["strike"] != placed["eclipse"]


def test_memory_survives_being_stored():
    straight, stored = Clusterer(Corpus()), Clusterer(Corpus())
    for one, _ in ARTICLES:
        features, corpus = features_of(one), stored.corpus
        profiles = [StoryProfile.from_bytes(k, p.to_bytes()) for k, p in stored.profiles.items()]
        stored = Clusterer(corpus, profiles, asked=frozenset(features.terms))
        assert stored.assign(features) == straight.assign(features)


def test_another_flight_is_another_story():
    clusterer = Clusterer(Corpus())
    first = clusterer.assign(
        features_of(
            article(
                "1",
                "Flight LX12 diverted|Flight LX12 was diverted after smoke in the cabin. Nobody was hurt.",
            )
        )
    )
    second = clusterer.assign(
        features_of(
            article(
                "2",
                "Flight LX98 diverted|Flight LX98 was diverted after smoke in the cabin. Nobody was hurt.",
            )
        )
    )
    assert first.story_id != second.story_id
    assert any("LX" in reason for reason in second.why)


def test_a_reprint_goes_where_its_original_is():
    clusterer = Clusterer(Corpus())
    first = clusterer.assign(features_of(article("1", "A|One thing happened in Selin today.", group="g")))
    second = clusterer.assign(
        features_of(article("2", "Z|Other words entirely, cut from the wire.", group="g"))
    )
    assert second.story_id == first.story_id


WIRE = " ".join(
    f"Sentence {i} of the wire tells what minister number {i * 7} did in town {i * 3} yesterday."
    for i in range(30)
)


@pytest.mark.parametrize("cut", [1.0, 0.8, 0.6])
def test_a_copy_is_found_also_when_it_is_cut(cut):
    copy = WIRE[: int(len(WIRE) * cut)]
    index = ReprintIndex(
        [
            Known(
                article_id="o",
                published_at=NOW,
                fingerprint=fingerprint(WIRE),
                text_group="o",
                originator="AP",
            )
        ]
    )
    assert index.find(fingerprint(copy)).article_id == "o"


@pytest.mark.parametrize(
    ("text", "days", "is_copy"),
    [
        (WIRE, 0, True),
        (WIRE.replace("minister number 21 ", "mayor "), 0, True),
        (WIRE, 1, False),  # the other is not as old
        (WIRE[: len(WIRE) * 4 // 5], 0, False),  # a cut one may go with news
        (f"{WIRE} {' '.join(f'On day {i} judge {i * 5} fined port {i * 9}.' for i in range(20))}", 0, False),
        (WIRE[:90], 0, False),  # too short to tell
    ],
)
def test_a_whole_text_again_is_told_from_news_that_carries_it(text, days, is_copy):
    known = Known(
        article_id="o", published_at=NOW, fingerprint=fingerprint(WIRE), text_group="o", originator="AP"
    )
    until = NOW - timedelta(days=days)
    assert ReprintIndex([known]).holds_copy(fingerprint(text), share=0.9, until=until) is is_copy


def test_the_smallest_prints_of_a_text_are_found_in_its_packed_ones():
    values = sorted(fingerprint(WIRE))
    packed = pack_fingerprint(frozenset(values))
    assert [int.from_bytes(one, "big") for one in smallest_prints(packed)] == values[:2]
    assert [len(smallest_prints(packed[:size])) for size in (0, 8, 16)] == [0, 1, 2]


def test_own_words_about_one_event_are_no_reprint():
    one, other = (fingerprint(text * 4) for text in TEXTS["strike"][:2])
    known = Known(article_id="o", published_at=NOW, fingerprint=one, text_group="o", originator="AP")
    assert ReprintIndex([known]).find(other) is None
    assert unpack_fingerprint(pack_fingerprint(one)) == one


def test_rank_puts_interests_and_many_sources_first_and_says_why():
    def candidate(name, originators, text=""):
        return Candidate(
            story_id=name, originators=originators, new_articles=1, first_at=NOW, last_at=NOW, text=text
        )

    ranked = rank(
        [candidate("a", 1), candidate("b", 4), candidate("c", 1, "A truce at last")],
        now=NOW,
        interests=["truce"],
    )
    assert [r.story_id for r in ranked] == ["c", "b", "a"]
    assert "matches your interest truce" in ranked[0].why[0]
    assert "4 independent sources" in ranked[1].why[0]


def placed(articles):
    clusterer = Clusterer(Corpus())
    return [clusterer.assign(features_of(one)).story_id for one in articles]


FAIR = "What the spring fair in Selin is, and when|The spring fair in Selin opens in April {year}. Stalls fill the old market for a week, and the harbour is lit at night."
FAIR_AGAIN = "The spring fair in Selin: when it opens|In April {year} the spring fair opens in Selin. The old market is full of stalls, and at night the harbour is lit."


def yearly(*texts):
    years = (2025, 2026)
    return [
        replace(
            article(f"{i}", text.format(year=year)),
            published_at=datetime(year, 4, 3, 9, tzinfo=UTC),
        )
        for i, (text, year) in enumerate(zip(texts, years, strict=True))
    ]


def test_what_comes_again_every_year_is_told_in_the_same_words_and_another_story():
    one, other = placed(yearly(FAIR, FAIR_AGAIN))
    assert one != other


def test_a_year_of_the_past_keeps_no_article_out_of_its_story():
    texts = [
        "Bridge over the Tarn closed|The bridge over the Tarn, which opened in 1987, was closed on Monday after a barge hit a pier.",
        "Tarn bridge stays closed|The bridge over the Tarn stays closed after a barge hit a pier. Its last repair was in 2011.",
    ]
    one, other = placed([article(f"{i}", text, hours=i) for i, text in enumerate(texts)])
    assert one == other


def test_a_story_that_slept_for_weeks_goes_on():
    texts = [
        "Barge hits bridge over the Tarn|A barge hit a pier of the bridge over the Tarn on Monday. Skipper Olav Brekke was unhurt.",
        "Skipper fined for hitting Tarn bridge|Skipper Olav Brekke, whose barge hit a pier of the bridge over the Tarn, was fined.",
    ]
    one, other = placed([article(f"{i}", text, hours=i * 24 * 50) for i, text in enumerate(texts)])
    assert one == other


@pytest.mark.parametrize("host", ["127.0.0.1:8001", "127.0.0.1:65000", "news.example"])
def test_the_same_news_under_another_address_gives_the_same_stories_in_the_same_order(host):
    def stories(host):
        articles = [
            replace(
                one,
                id=derive_id("art", f"http://{host}/{one.id}"),
                published_at=NOW if "strike" in one.id else one.published_at,
            )
            for one, _ in ARTICLES
        ]
        clusterer, found = Clusterer(Corpus()), {}
        for one in sorted(articles, key=lambda a: a.sort_key):
            found.setdefault(clusterer.assign(features_of(one)).story_id, []).append(one.title)
        ranked = rank(
            [
                Candidate(
                    story_id=key, originators=1, new_articles=1, first_at=NOW, last_at=NOW, text=titles[0]
                )
                for key, titles in found.items()
            ],
            now=NOW,
        )
        return list(found.values()), [found[one.story_id][0] for one in ranked]

    assert stories(host) == stories("other.example")

"""The gold events: what their gold says stands in their articles, and matches its own words."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date, datetime
from typing import Any

import pytest

from bot.kinds import load_kinds
from bot.model.update import OTHER_KIND
from tests.golden.gather import gather, read_events

EVENTS = read_events()
PHASES = {"expected", "under way", "turned", "outcome known", "aftermath", "no news"}
WRITTEN_HERE = {"negotiation", "legislation", "election", "protest", "inquiry", "legal", "conflict"}
MARKS = str.maketrans("’‘“”„", '\'\'"""')
each_event = pytest.mark.parametrize(("gold", "articles"), EVENTS.values(), ids=list(EVENTS))


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.lower().translate(MARKS))


def met(text: str, groups: list[list[str]]) -> bool:
    return all(any(plain(word) in plain(text) for word in group) for group in groups)


def days_with_texts(gold: Any, articles: Any) -> list[tuple[dict[str, Any], dict[str, str]]]:
    """Return each day with the texts of its articles by address."""
    texts = {article["url"]: f"{article['title']}\n{article['text']}" for article in articles}
    return [(day, {url: texts[url] for url in day["urls"]}) for day in gold["days"]]


def test_each_kind_that_no_other_gold_covers_has_two_events_here():
    kinds = Counter(gold["kind"] for gold, _ in EVENTS.values())
    assert {kind: kinds[kind] for kind in WRITTEN_HERE} == dict.fromkeys(WRITTEN_HERE, 2)
    assert kinds.keys() <= load_kinds().keys()


@pytest.mark.data
def test_every_shipped_kind_has_two_events_of_gold_here_or_in_the_reference_data(data):
    others = [json.loads(path.read_text("utf-8")) for path in (data / "gold").glob("event-*.json")]
    kinds = Counter(gold["kind"] for gold in [*others, *(gold for gold, _ in EVENTS.values())])
    assert [kind for kind in load_kinds() if kind != OTHER_KIND and kinds[kind] < 2] == []
    assert [kind for kind, count in kinds.items() if count > 1 and kind not in load_kinds()] == []


def test_events_and_articles_have_numbers_and_addresses_of_their_own():
    numbers = [gold["event"] for gold, _ in EVENTS.values()]
    addresses = [article["url"] for _, articles in EVENTS.values() for article in articles]
    assert len(set(numbers)) == len(numbers)
    assert len(set(addresses)) == len(addresses)


@each_event
def test_an_article_has_all_that_a_backtest_reads(gold, articles):
    for article in articles:
        assert article["event"] == gold["event"]
        assert article["url"] == f"https://{article['source']}/" + article["url"].split("/", 3)[3]
        assert article["source"].endswith(".example")
        assert datetime.fromisoformat(article["published_at"]).tzinfo is None
        assert 150 <= len(article["text"].split()) <= 500
        assert article["title"]


@each_event
def test_an_event_lasts_several_days_and_no_article_is_left_out_of_them(gold, articles):
    dated = {article["url"]: article["published_at"][:10] for article in articles}
    told = [(url, day["date"]) for day in gold["days"] for url in day["urls"]]
    assert [day["date"] for day in gold["days"]] == sorted({day for _, day in told})
    assert 3 <= len(gold["days"]) <= 6
    assert Counter(told) == Counter(item for item in dated.items() if item[0] not in gold["wrong_event"])
    assert set(gold["wrong_date"]) <= {url for url, _ in told}
    assert set(gold["wrong_event"]) <= dated.keys()


@each_event
def test_a_day_has_a_phase_and_a_status_that_its_own_rule_accepts(gold, articles):
    assert gold["days"][0]["changed"] is False
    for day in gold["days"]:
        status = day["status"]
        assert day["phase"] in PHASES
        assert len(status["line"].split()) <= 14
        assert met(status["line"], status["all"]), day["date"]
        assert not [word for word in status["never"] if plain(word) in plain(status["line"])], day["date"]


@each_event
def test_a_fact_is_carried_by_a_sentence_of_that_day_word_for_word(gold, articles):
    for day, texts in days_with_texts(gold, articles):
        for fact in day["facts"]:
            assert fact["sentence"] in texts[fact["url"]], (day["date"], fact["id"])
            assert fact["claimant"] == "" or len(fact["claimant"]) < 60


@each_event
def test_a_fact_matches_the_words_that_are_asked_of_it_and_no_other_fact_of_the_day_does(gold, articles):
    for day in gold["days"]:
        assert 3 <= len(day["facts"]) <= 8
        assert [fact["id"] for fact in day["facts"]] == [f"f{n}" for n in range(1, len(day["facts"]) + 1)]
        for fact in day["facts"]:
            assert fact["importance"] in {1, 2, 3}
            assert len(fact["text"]) <= 200
            assert 1 <= len(fact["all"]) <= 3
            for group in fact["all"]:
                assert group == [word.lower() for word in group]
                assert met(fact["text"], [group]), (day["date"], fact["id"], group)
            others = [other["id"] for other in day["facts"] if met(other["text"], fact["all"])]
            assert others == [fact["id"]], day["date"]


@each_event
def test_a_new_fact_does_not_rest_on_a_sentence_that_was_told_before(gold, articles):
    told: set[str] = set()
    for day in gold["days"]:
        new = {fact["sentence"] for fact in day["facts"] if fact["new"]}
        assert not new & told, day["date"]
        assert not (new and day["phase"] == "no news"), day["date"]
        told |= {fact["sentence"] for fact in day["facts"]}


@each_event
def test_actors_roles_figures_and_sides_are_printed_that_day(gold, articles):
    for day, texts in days_with_texts(gold, articles):
        text = plain("\n".join(texts.values()))
        assert len(day["actors"]) <= 6
        for actor in day["actors"]:
            assert any(plain(name) in text for name in (actor["name"], *actor["aliases"])), actor
            assert plain(actor["role"]) in text, actor
        for figure in day["figures"]:
            assert any(plain(value) in text for value in figure["any"]), figure
            assert figure["counts"]
        for disagreement in day["disagreements"]:
            assert len(disagreement["sides"]) > 1
            for side in disagreement["sides"]:
                assert any(plain(words) in text for words in side["any"]), side


@each_event
def test_an_announcement_is_printed_that_day_and_due_no_earlier(gold, articles):
    for day, texts in days_with_texts(gold, articles):
        for expected in day["expectations"]:
            assert any(expected["sentence"] in text for text in texts.values()), expected
            assert met(expected["what"], expected["all"]), expected
            due = expected["due"] and date.fromisoformat(expected["due"])
            end = expected["due_end"] and date.fromisoformat(expected["due_end"])
            assert due is None or due >= date.fromisoformat(day["date"])
            assert end is None or end >= due


@each_event
def test_an_outcome_is_one_of_something_announced_on_an_earlier_day(gold, articles):
    announced: set[str] = set()
    for day in gold["days"]:
        for settled in day["settled"]:
            assert settled["what"] in announced, (day["date"], settled)
            assert settled["outcome"] in {"happened", "did not happen"}
        announced |= {expected["what"] for expected in day["expectations"]}


@each_event
def test_junk_stands_in_the_texts_of_that_day_and_in_no_fact(gold, articles):
    for day, texts in days_with_texts(gold, articles):
        text = plain("\n".join(texts.values()))
        for junk in day["junk"]:
            assert 8 <= len(junk) <= 40, junk
            assert plain(junk) in text, junk
            assert not [fact for fact in day["facts"] if plain(junk) in plain(fact["sentence"])], junk


def test_one_event_is_not_in_english():
    languages = {article.get("language", "en") for _, articles in EVENTS.values() for article in articles}
    assert languages == {"en", "de"}


def test_all_events_are_gathered_for_one_backtest(tmp_path):
    gather(tmp_path)
    lines = (tmp_path / "articles.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == sum(len(articles) for _, articles in EVENTS.values())
    assert len(list((tmp_path / "gold").glob("event-*.json"))) == len(EVENTS)

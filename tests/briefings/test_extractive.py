import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.briefings.extractive import MAX_HEADLINE_WORDS, clean_headline, write_story
from bot.briefings.select import MAX_BULLET_CHARS
from bot.language.sentences.clauses import word_count
from bot.model.briefing import StoryBrief, Writer
from bot.model.news import Article
from bot.model.story import Corroboration, Ledger, StorySupport
from bot.stories.ledger import corroborate, read_ledger
from tests.servers.written import MONDAY, article
from tests.sizes import sized

TALKS = (
    "The ferry union and the port of Bergen held a second round of pay talks on Monday.\n"
    "The session ended with “no progress,” a union official close to the talks told Nordic Wire.\n"
    "Negotiators are due to resume the talks on Wednesday.\n"
    "The union wants 6 percent more pay for 900 deckhands, harbour board chair Anna Berg said.\n"
    "Two ferries to the islands stayed in port for a fourth day.\n"
    "Shopkeepers on the islands reported empty shelves for milk and bread."
)
ALONE = Corroboration(support=StorySupport.SINGLE, originators=("Nordic Wire",))


def brief_of(*articles: Article, today: date = date(2031, 3, 10), sent: tuple[str, ...] = ()) -> StoryBrief:
    ledger = read_ledger("sto-1", articles, today=today)
    return write_story(articles, ledger, corroborate(articles), sent=sent, today=today)


def words(text: str) -> str:
    return " " + " ".join(re.findall(r"[^\W_]+", text.lower())) + " "


def test_the_whole_schema_is_filled_from_the_articles_own_sentences() -> None:
    brief = brief_of(article(TALKS, title="Ferry pay talks end without progress - Nordic Wire"))
    assert brief.writer is Writer.EXTRACTS
    assert brief.headline.text == "Ferry pay talks end without progress"
    assert brief.status is not None
    assert brief.status.state == "stalled"
    assert brief.status.line == "The session ended with “no progress”"
    assert brief.status.said_by == "a union official close to the talks"
    assert len(brief.bullets) >= 3
    assert [e.due for e in brief.next] == [date(2031, 3, 12)]
    assert brief.unknown == ()


def test_no_bullet_repeats_the_status_line_or_what_was_told() -> None:
    sent = ("Two ferries to the islands stayed in port for a fourth day.",)
    brief = brief_of(article(TALKS), sent=sent)
    texts = [b.text for b in brief.bullets]
    assert sent[0] not in texts
    assert not any("no progress" in text for text in texts)


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Ferry talks stall in Bergen - BBC News", "Ferry talks stall in Bergen"),
        ("LIVE: Ferry talks stall in Bergen | Nordic Wire", "Ferry talks stall in Bergen"),
        ("WATCH: Ferry talks stall in Bergen", "Ferry talks stall in Bergen"),
        ("Ferry talks stall in Bergen: what the union wants, what the port offers and what may follow now", "Ferry talks stall in Bergen"),
        ("Ferry talks stall in Bergen after the union walks out and the port closes its gates", "Ferry talks stall in Bergen"),
    ],
)  # fmt: skip
def test_a_headline_is_the_title_without_its_decoration(title: str, headline: str) -> None:
    assert clean_headline(title, outlet="Nordic Wire") == headline


def test_a_question_is_no_headline_when_another_title_states_the_fact() -> None:
    question = article(TALKS, title="Will you ever get your milk again?")
    plain = article(
        TALKS,
        title="Ferry talks stall in Bergen",
        published=MONDAY - timedelta(hours=3),
        outlet="Harbour Post",
    )
    assert brief_of(question, plain).headline.text == "Ferry talks stall in Bergen"


def test_the_same_articles_in_any_order_give_the_same_brief() -> None:
    one = article(TALKS)
    two = article(
        "The port of Bergen hired buses for islanders on Monday.",
        title="Port hires buses",
        outlet="Harbour Post",
    )
    assert brief_of(one, two) == brief_of(two, one)


def test_a_story_without_known_facts_leaves_them_out() -> None:
    plain = article("Ein Museum in Kiel zeigt seltene Marken.", title="Museum zeigt Marken", language="de")
    brief = write_story([plain], Ledger(story_id="sto-1"), ALONE)
    assert brief.status is None
    assert brief.actors == brief.figures == brief.next == ()


@pytest.mark.data
@pytest.mark.slow
def test_every_line_of_every_real_story_is_a_part_of_its_sentence(data: Path) -> None:
    events: dict[int, list[Article]] = {}
    for line in (data / "news_events" / "articles.jsonl").read_text().splitlines():
        row = json.loads(line)
        published = datetime.fromisoformat(row["published_at"]).replace(tzinfo=UTC)
        events.setdefault(row["event"], []).append(
            article(row["text"], title=row["title"], outlet=row["source"], published=published)
        )
    full = 0
    tried = list(events.values())[:: sized(4, 1)]
    for articles in tried:
        brief = brief_of(*articles, today=max(a.published_at for a in articles).date())
        by_id = {a.id: a for a in articles}
        assert word_count(brief.headline.text.removesuffix(" …")) <= MAX_HEADLINE_WORDS
        assert len({b.text for b in brief.bullets}) == len(brief.bullets)
        lines = [(b.text, b.citations[0]) for b in brief.bullets]
        lines += [(brief.status.line, brief.status.citation)] if brief.status else []
        for text, citation in lines:
            assert words(text) in words(by_id[citation.article_id].sentence(citation.sentences[0]).text)
        assert all(len(b.text) <= MAX_BULLET_CHARS for b in brief.bullets)
        full += len(brief.bullets) >= 3
    assert full >= len(tried) * 0.9

import json
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.language.sentences.clauses import word_count
from bot.language.sentences.titles import bare_title
from bot.model.briefing import SentStory, StoryBrief, Writer
from bot.model.news import Article
from bot.updates.by_rules.headline import MAX_SENTENCE_WORDS, headline_from, short_title
from bot.updates.by_rules.read import updates_by_rules
from bot.updates.by_rules.sentences import LEAD_SENTENCES, MAX_BULLET_CHARS, MAX_TITLE_LEAD_CHARS
from tests.servers.written import MONDAY, article
from tests.support.running.rows import each_row
from tests.support.sizes import sized
from tests.support.told import told_by_rules

TALKS = (
    "The ferry union and the port of Bergen held a second round of pay talks on Monday.\n"
    "The session ended with “no progress,” a union official close to the talks told Nordic Wire.\n"
    "Negotiators are due to resume the talks on Wednesday.\n"
    "The union wants 6 percent more pay for 900 deckhands, harbour board chair Anna Berg said.\n"
    "Two ferries to the islands stayed in port for a fourth day.\n"
    "Shopkeepers on the islands reported empty shelves for milk and bread."
)


def brief_of(*articles: Article, today: date = date(2031, 3, 10), sent: tuple[str, ...] = ()) -> StoryBrief:
    known = SentStory(story_id="sto-1", sent_at=MONDAY - timedelta(days=1), statements=sent) if sent else None
    brief = told_by_rules(articles, today=today, sent=known)
    assert brief
    return brief


def words(text: str) -> str:
    return " " + " ".join(re.findall(r"[^\W_]+", text.lower())) + " "


def test_the_whole_schema_is_filled_from_the_articles_own_sentences() -> None:
    brief = brief_of(article(TALKS, title="Ferry pay talks end without progress - Nordic Wire"))
    assert brief.writer is Writer.EXTRACTS
    assert brief.headline.text == "Ferry pay talks end without progress"
    assert brief.status is None  # the lead does not say what the title says
    assert len(brief.bullets) >= 3
    assert [e.due for e in brief.next] == [date(2031, 3, 12)]
    assert brief.actors == ()  # her words are told as a bullet
    assert brief.unknown == ()


def test_no_bullet_repeats_the_status_line_or_what_was_told() -> None:
    sent = ("Two ferries to the islands stayed in port for a fourth day.",)
    title = "Ferry union and port of Bergen hold second round of pay talks"
    brief = brief_of(
        article(TALKS, title=title), article(TALKS, title="Ferry talks stall in Bergen"), sent=sent
    )
    texts = [b.text for b in brief.bullets]
    assert sent[0] not in texts
    assert brief.status is not None
    assert not any("second round" in text for text in texts)


def test_a_status_older_than_the_newest_article_by_days_is_told_no_more() -> None:
    old = article(TALKS, title="Ferry union and port of Bergen hold second round of pay talks")
    new = article("Rain fell on Bergen.", title="Rain in Bergen", published=MONDAY + timedelta(days=3))
    assert brief_of(old, new).status is None


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Ferry talks stall in Bergen - BBC News", "Ferry talks stall in Bergen"),
        ("LIVE: Ferry talks stall in Bergen | Nordic Wire", "Ferry talks stall in Bergen"),
        ("WATCH LIVE: Ferry talks stall in Bergen", "Ferry talks stall in Bergen"),
        ("UPDATE 3-Ferry talks stall in Bergen", "Ferry talks stall in Bergen"),
        ("FERRY talks stall in Bergen (VIDEO)", "Ferry talks stall in Bergen"),
        ("Ferry talks stall in Bergen: what the union wants, what the port offers and what may follow now", "Ferry talks stall in Bergen"),
        ("Ferry talks stall in Bergen after the union walks out and the port closes its gates", "Ferry talks stall in Bergen after the union walks out and the port closes its gates"),
        ("Ferry talks stall in Bergen after the union walks out and the port closes its gates for one whole week", "Ferry talks stall in Bergen"),
    ],
)  # fmt: skip
def test_a_headline_is_the_title_without_its_decoration(title: str, headline: str) -> None:
    assert short_title(bare_title(article(TALKS, title=title))) == headline


def test_a_title_that_was_cut_within_a_word_is_completed_from_its_article() -> None:
    assert bare_title(article(TALKS, title="Union and port hold a second round of pay ta")).endswith(
        " pay talks"
    )
    assert bare_title(article(TALKS, title="Union and port hold a second round of pay")).endswith(" pay")
    assert bare_title(article(TALKS, title="Union wants more for a deck")).endswith(" a deck")
    # A word with an ending in the article is whole without it.
    assert bare_title(article("It got a mayor booster.", title="Union banks on mayor boost")).endswith(
        "boost"
    )


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
    plain = article(
        "Un museo a Siena mostra francobolli rari.", title="Il museo mostra rarità", language="it"
    )
    brief = brief_of(plain)
    assert brief.status is None
    assert brief.actors == brief.figures == brief.next == ()


LONG_LEAD_EVENT = 68  # whose lead says what its title says in 294 characters


def max_chars(sentence: int) -> int:
    """Return how long a sentence may be of which nothing but its place is known."""
    return MAX_TITLE_LEAD_CHARS if sentence <= LEAD_SENTENCES else MAX_BULLET_CHARS


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
    tried = {*list(events)[:: sized(4, 1)], LONG_LEAD_EVENT}
    for whole in map(events.__getitem__, sorted(tried)):
        days = Counter(a.published_at.date() for a in whole)
        articles = [a for a in whole if a.published_at.date() == max(days, key=days.__getitem__)]
        brief = brief_of(*articles, today=max(a.published_at for a in articles).date())
        by_id = {a.id: a for a in articles}
        assert word_count(brief.headline.text.removesuffix(" …")) <= MAX_SENTENCE_WORDS
        assert len({b.text for b in brief.bullets}) == len(brief.bullets)
        lines = [(b.text, b.citations[0]) for b in brief.bullets]
        for text, citation in lines:
            assert words(text) in words(by_id[citation.article_id].sentence(citation.sentences[0]).text)
        if brief.status:
            told = by_id[brief.status.citation.article_id]
            sentence = told.sentence(brief.status.citation.sentences[0]).text
            assert any(words(brief.status.line) in words(text) for text in (sentence, told.title))
        assert all(len(text) <= max_chars(citation.sentences[0]) for text, citation in lines)
        full += bool(brief.bullets)
    assert full >= len(tried) * 0.8


@each_row(
    ("title", "headline"),
    [
        ("Ferry talks end in Bergen. Latest on tickets, routes ...", "Ferry talks end in Bergen"),
        ("Ferry talks may end soon. Updates on when", "Ferry talks may end soon"),
        ("Ferry talks end in Bergen, union and port ...", "Ferry talks end in Bergen"),
        ("After a long night of talks, the ferry union and the port of Bergen agree", "The ferry union and the port of Bergen agree"),
        ("‘It was too much’: Ferry union walks out of the pay talks in Bergen with anger", "Ferry union walks out of the pay talks in Bergen with anger"),
        ("Ferry strike 2031: union and port of Bergen end nine days of bitter pay talks", "Union and port of Bergen end nine days of bitter pay talks"),
        ("Strike stops ferries of the line to the islands in Bergen, Osby, and Velmar", "Strike stops ferries of the line to the islands in Bergen, Osby, and Velmar"),
        ("St. Olav ferry sinks off Bergen", "St. Olav ferry sinks off Bergen"),
        ("WHO says the fever spreads on two ferries", "WHO says the fever spreads on two ferries"),
    ],
)  # fmt: skip
def test_a_headline_is_a_whole_clause_with_its_point(title: str, headline: str) -> None:
    text = TALKS + "\nDoctors of the WHO are on board, and nobody who is ill may leave."
    assert short_title(bare_title(article(text, title=title))) == headline


def test_where_no_title_tells_news_a_first_sentence_names_the_story() -> None:
    text = "The ferry union, which speaks for 900 deckhands, is on strike.\n" + TALKS.split("\n", 1)[1]
    lead = "Negotiators of the ferry union are holding pay talks in Bergen, a port of 300,000 people, for a third day.\n"
    cut, guide = "New talks on ferry pay ...", "What you need to know about the ferry pay talks"
    named = lead.strip().removesuffix(".")
    assert brief_of(article(lead + text, title=cut)).headline.text == named
    # Below a guide only a sentence with a day of the news is news.
    assert brief_of(article(lead + text, title=guide)).headline.text != named
    dated = lead.replace(" are holding", " on Monday held")
    assert brief_of(article(dated + text, title=guide)).headline.text == named.replace(
        " are holding", " on Monday held"
    )


def test_a_story_keeps_its_headline_where_only_a_guide_is_new() -> None:
    first = article(TALKS, title="Ferry talks stall in Bergen", outlet="Harbour Post")
    guide = article(
        "Passengers with a ticket for the islands get their money back.\nThe line says how on its page.",
        title="Ferry talks: how to get your money back",
        published=MONDAY + timedelta(days=1),
    )
    old, new = updates_by_rules("sto-1", [[first], [guide]])
    assert old.headline is not None
    assert old.headline.text == "Ferry talks stall in Bergen"
    assert new.headline is None


def test_a_story_that_returns_has_a_new_headline_or_is_not_told() -> None:
    first = article(TALKS, title="Ferry talks stall in Bergen", outlet="Harbour Post")
    later = MONDAY + timedelta(days=30)
    lead = "The ferry union signed a deal with the port of Bergen on Wednesday.\nDeckhands get 4 percent more pay."
    guide = article(lead, title="Ferry talks: what the deal means for you", published=later)
    timeless = article(lead.replace(" on Wednesday", ""), title="How ferry talks are held", published=later)
    _, told = updates_by_rules("sto-1", [[first], [guide]])
    assert told.headline is not None
    assert told.headline.text == "The ferry union signed a deal with the port of Bergen on Wednesday"
    assert told.facts
    _, untold = updates_by_rules("sto-1", [[first], [timeless]])
    assert (untold.headline, untold.facts) == (None, ())


def test_of_new_articles_that_come_together_only_those_of_the_last_days_are_quoted():
    new = article(TALKS, title="Ferry talks stall in Bergen", published=MONDAY + timedelta(days=10))
    old = article(
        "Two hundred deckhands of the ferry line marched through Bergen with drums.",
        title="Deckhands march through Bergen",
        outlet="Harbour Post",
    )
    (update,) = updates_by_rules("sto-1", [[old, new]])
    assert update.facts
    assert {c.article_id for fact in update.facts for c in fact.citations} == {new.id}


def test_a_shop_has_no_headline_of_news():
    shop = article("Tickets for the islands cost 90 crowns.", title="Ferry tickets: how to buy yours now")
    (update,) = updates_by_rules("sto-1", [[shop]])
    assert update.headline is None


def test_a_label_of_many_words_gives_way_to_what_happened() -> None:
    title = "Winter timetable of the ferries to Osby: Mayor Lund was told of ten cuts, and now resigns"
    assert short_title(title) == "Mayor Lund was told of ten cuts, and now resigns"


def test_a_title_does_not_lose_its_condition() -> None:
    assert short_title(
        "Council of Osby shuts the old harbour after ten ferries of three lines failed the winter inspection of the port"
    ) == ("Council of Osby shuts the old harbour")
    assert "only if" in short_title(
        "Mayor Lund says he will step down as head of Osby harbour only if the council votes"
    )


def test_a_story_whose_title_was_cut_off_is_named_by_the_first_sentence_that_can_be_quoted():
    lead = "The harbour board of Osby on Tuesday evening dismissed a plan floated hours earlier to move the ferries of the northern pier to Velmar."
    cut = article(lead, title="Harbour board says plan to move ferries of pier to Velmar to ...")
    assert headline_from([cut]).text == lead.removesuffix(".")
    guide = article(lead, title="How to move ferries of the pier to Velmar to ...")
    assert headline_from([guide]).text != lead.removesuffix(".")


LINE = "Orsund Line has ended its service between Osby and Velmar and sold both of its ferries."
PLAIN = "Orsund Line has ended its service between Osby and Velmar and sold both of its ferries"


@each_row(
    ("title", "text", "headline"),
    [
        # It keeps back whom it means or was cut off: its first sentence tells.
        ("This ferry line ended its service between Osby and Velmar", LINE, PLAIN),
        # It goes on all day and names what the first sentence does not tell of.
        ("Ferry strike: harbours, islands latest", LINE, ""),
        ("Ferry strike: harbours, islands latest", LINE.replace(" and sold", " on Monday and sold"), PLAIN.replace(" and sold", " on Monday and sold")),
        ("Orsund Line ends service between Osby and Velmar for the ...", LINE, PLAIN),
        # A word for the sort of the page is taken from it.
        ("2031 ferry recap: Orsund Line ends its winter service", LINE, "Orsund Line ends its winter service"),
        ("Orsund Line ends its summer service in Osby with a loss: Recap", LINE, "Orsund Line ends its summer service in Osby with a loss"),
        # It judges or asks: only a sentence with a day of the news is news.
        ("Velmar’s ferries are a lifeline of Osby", LINE, ""),
        ("Velmar’s ferries are a lifeline of Osby", LINE.replace(" and sold", " on Monday and sold"), PLAIN.replace(" and sold", " on Monday and sold")),
        ("How Velmar lost its ferries", LINE, ""),
        ("Orsund Line is on a buying binge in Osby", "Orsund Line bought two ferries in Osby on Monday.", "Orsund Line bought two ferries in Osby on Monday"),
        # Who claims it is named.
        ("Mayor says Osby’s ferries are a lifeline", LINE, "Mayor says Osby’s ferries are a lifeline"),
        # A guide whose first sentence names no day of the news, and one whose does.
        ("Ferry draw 2031: See seats, dates and fares", "Many people like to sail in May.", ""),
        ("Ferry draw 2031: See seats, dates", "The ferry draw gave 90 people seats and dates in Osby.", ""),
        ("Ferry draw 2031: See seats, dates", "The ferry draw on Monday gave 90 people seats in Osby.", "The ferry draw on Monday gave 90 people seats in Osby"),
        # What is or may be is no event.
        ("Ferry strike: harbours, islands latest", "The height of the water is two metres in Osby.", ""),
        ("Ferry strike: harbours, islands latest", "The strike could be the longest of all in Osby.", ""),
        # What somebody says on a day of the news is one, whatever may follow.
        ("Ferry line loses data of its riders", "Orsund Line said on Monday that data of 90,000 riders may have been stolen.", "Ferry line loses data of its riders"),
        # A label says that the page comments, checks or shows.
        ("Fact check: No, Orsund Line did not end its service", LINE, ""),
        ("Orsund Line ends its service | Opinion", LINE, ""),
        ("Photos: Orsund Line ends its service", LINE, ""),
        ("Orsund Line: The service in pictures", LINE, ""),
        ("Osby ferry festival: 6 best ships of Orsund Line", LINE, ""),
        ("Osby’s ferry film airs tonight", "The ferry film of Osby airs tonight at 8 p.m. on two channels.", ""),
    ],
)  # fmt: skip
def test_a_title_that_cannot_be_the_headline_is_replaced_by_a_sentence_or_nothing(
    title: str, text: str, headline: str
) -> None:
    (update,) = updates_by_rules("sto-1", [[article(text, title=title)]])
    assert (update.headline.text if update.headline else "") == headline


LONG_LEAD = (
    "Orsund Line on Monday ended its service between Osby and Velmar, sold both of its ferries to a line of the north, "
    "gave notice to all of its 40 deckhands and told those who had bought tickets to ask for their money at the port."
)


def test_a_lead_that_is_too_long_for_a_headline_says_that_the_title_reports() -> None:
    (told,) = updates_by_rules("sto-1", [[article(LONG_LEAD, title="Orsund Line ends its service")]])
    assert told.headline is not None
    assert told.headline.text == "Orsund Line ends its service"
    # Only as a lead, and only below a title that can be one.
    late = article(
        "The council of Osby met at the old port.\n" * 3 + LONG_LEAD, title="Orsund Line ends its service"
    )
    (untold,) = updates_by_rules("sto-1", [[late]])
    assert untold.headline is None


def test_a_live_page_reports_behind_its_newest_entries() -> None:
    entry = "Ida Renn walks along the pier."
    lead = "Orsund Line ended its service to Velmar on Monday."
    page = "\n".join([*[entry] * 12, lead])
    (live,) = updates_by_rules("sto-1", [[article(page, title="Orsund Line ends its service: Live updates")]])
    (plain,) = updates_by_rules("sto-1", [[article(page, title="Orsund Line ends its service")]])
    assert live.headline
    assert plain.headline is None


def test_a_known_story_whose_only_fact_passes_that_day_is_told_by_its_lead() -> None:
    known = article(TALKS, title="Ferry talks stall in Bergen")
    day = MONDAY + timedelta(days=1)
    lead = "The ferry union reopened its old office in Osby after two years."
    again = article(
        f"{lead}\nThe doors are due to open this evening.",
        title="Ferry union reopens its office",
        published=day,
    )
    _, told = updates_by_rules("sto-1", [[known], [again]])
    assert told.facts[0].text == lead


def test_what_an_untold_article_announces_is_kept_for_a_known_story_only() -> None:
    day = MONDAY + timedelta(days=1)
    page = article(
        "Ida Renn walks along the pier.\nThe council of Osby will vote on the ferries on Friday.",
        title="How the ferries of Osby were lost",
        published=day,
    )
    known = article(TALKS, title="Ferry talks stall in Bergen")
    (alone,) = updates_by_rules("sto-1", [[page]])
    _, beside = updates_by_rules("sto-1", [[known], [page]])
    assert (beside.headline, beside.facts) == (None, ())
    assert [one.due for one in beside.announcements] == [date(2031, 3, 14)]
    assert alone.announcements == ()


def test_a_long_page_that_begins_as_no_report_does_names_no_story() -> None:
    scene = "Old men of Osby sit on the pier with nets, as their fathers did, and look at the sea."
    title = "Osby fights back with dancing frogs"
    long = [article("\n".join([scene] * 70), title=title, published=MONDAY)]
    assert updates_by_rules("sto-1", [long])[0].headline is None
    dated = scene.replace("sit", "sat on Monday")
    for told in (
        article("\n".join([scene] * 20), title=title),
        article("\n".join([dated, *[scene] * 70]), title=title),
        article("\n".join([scene] * 70), title=f"{title}: Recap"),
    ):
        assert updates_by_rules("sto-1", [[told]])[0].headline


@pytest.mark.parametrize(
    "note",
    [
        "Editor’s note: Ida Renn is the chief economist of the Osby bank.",
        "On the Monday episode of The Osby podcast: the ferries.",
        "A version of this story appeared in our ferry newsletter.",
    ],
)
def test_a_comment_a_recording_and_a_newsletter_name_no_story(note: str) -> None:
    title = "Orsund Line ends its long winter service"
    (update,) = updates_by_rules("sto-1", [[article(f"{note}\n{LINE}", title=title)]])
    assert update.headline is None
    both = [article(f"{note}\n{LINE}", title=f"{title} at last"), article(LINE, title=title)]
    assert updates_by_rules("sto-1", [both])[0].headline.text == title  # type: ignore[union-attr]


def test_a_page_without_a_name_adds_nothing_to_a_known_story() -> None:
    known = article(LINE, title="Orsund Line ends its service")
    later = "Orsund Line sold 40 buses in Osby for 9 million euros on Tuesday, the council said."
    day = MONDAY + timedelta(days=1)
    comment = article(f"Editor’s note: Ida Renn is a writer.\n{later}", title="Buses sold", published=day)
    report = article(later, title="Buses sold", published=day)
    assert updates_by_rules("sto-1", [[known], [comment]])[1].facts == ()
    told = updates_by_rules("sto-1", [[known], [report]])[1]
    assert told.facts or told.status


@each_row(
    ("lead", "retold"),
    [
        (
            "The ferry union of Bergen ended its pay talks with the port after a long night of tired speeches and cold coffee.",
            False,
        ),
        ("The ferry union of Bergen ended its pay talks with the port, and 40 crews went home.", True),
        (
            "The ferry union of Bergen ended its ‘useless and endless’ pay talks with the port after a long night of tired speeches and cold coffee.",
            True,
        ),
        (
            "The ferry union of Bergen ended its pay talks with the port, and crews of all islands will vote on longer strikes against fares, rosters and cold cabins on 3 May.",
            True,
        ),
    ],
)
def test_a_lead_stands_below_its_title_only_if_it_has_a_figure_a_quotation_or_a_day_ahead(lead, retold):
    page = f"{lead}\nTwo ferries to the islands stayed in port for a fourth day.\nShopkeepers reported empty shelves."
    title = "Ferry union of Bergen ends pay talks with port"
    brief = brief_of(article(page, title=title))
    assert brief.headline.text == title
    assert (lead in [bullet.text for bullet in brief.bullets]) is retold


def test_a_lead_that_cannot_be_quoted_says_that_the_title_reports() -> None:
    lead = "As one enters the port of Bergen, where the ferry union ends its talks, one can feel the cold.\nIt is late."
    (told,) = updates_by_rules("sto-1", [[article(lead, title="Ferry union of Bergen ends talks")]])
    assert told.headline is not None
    assert told.headline.text == "Ferry union of Bergen ends talks"
    assert told.facts == ()
    (untold,) = updates_by_rules("sto-1", [[article(lead, title="Mayor of Osby sells two cranes")]])
    assert untold.headline is None

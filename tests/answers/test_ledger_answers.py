"""What a ledger says to a question: by the sentence each row rests on, the right rows first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.answers.ledger_answers import from_ledger
from bot.model.news import Citation
from bot.model.story import (
    Actor,
    Announcement,
    Claim,
    Disagreement,
    Figure,
    Ledger,
    LedgerEntry,
    LedgerTopic,
    Status,
)
from tests.support.passages import NOW, article, asked, weights

ARTICLE = article(
    "Talks in Doha ended without a breakthrough. The agency said 19 people were dead. Police spoke of 16 dead. "
    "The talks resume on Friday. Judith Amsel, president of the union, welcomed it.",
    title="Doha talks",
)
KEY = (ARTICLE.id, 1)


def at(number):
    return Citation(article_id=ARTICLE.id, sentences=(number,))


STATUS = Status(
    kind="negotiation", state="stalled", line="Talks ended without a breakthrough",
    as_of=NOW, since=NOW, citation=at(1),
)  # fmt: skip
AGENCY = Figure(value="19", counts="people dead", claimant="the agency", citation=at(2), as_of=NOW)
POLICE = Figure(value="16", counts="dead", claimant="police", citation=at(3), as_of=NOW - timedelta(hours=1))
RESUME = Announcement(
    what="The talks resume on Friday", when="Friday", due=(NOW + timedelta(2)).date(), citation=at(4), as_of=NOW
)  # fmt: skip
AMSEL = Actor(name="Judith Amsel", role="president of the union", citation=at(5), as_of=NOW)
DIFFER = Disagreement(
    issue="dead", claims=(Claim(by="the agency", text="19", citation=at(2)), Claim(by="police", text="16", citation=at(3)))
)  # fmt: skip
LEDGER = Ledger(
    story_id="sto-a", kind="negotiation", statuses=(STATUS,), actors=(AMSEL,), figures=(AGENCY, POLICE),
    expectations=(RESUME,), disagreements=(DIFFER,),
)  # fmt: skip


def row(fact, value, number=1, **more):
    return LedgerEntry(
        story_id="sto-a", number=number, fact=fact, key=str(number), as_of=value.as_of, recorded_at=NOW, value=value, **more
    )  # fmt: skip


def told(question, *rows, ledger=LEDGER, articles=None):
    understood = asked(question)
    return from_ledger(
        understood,
        ledger,
        rows,
        weights=weights(understood),
        articles={KEY: ARTICLE} if articles is None else articles,
        today=NOW.date(),
    )


def texts(question, *rows, **more):
    return [s.text for s in told(question, *rows, **more).statements]


def test_where_it_stands_is_told_by_the_status_and_nothing_else():
    assert texts("Where do the Doha talks stand?") == ["Talks in Doha ended without a breakthrough."]


def test_how_many_is_told_by_each_claimant_newest_first_with_the_disagreement():
    found = told("How many people are dead in Doha?")
    assert [s.text for s in found.statements] == [
        "The agency said 19 people were dead.",
        "Police spoke of 16 dead.",
    ]
    assert found.disagreements == (DIFFER,)


def test_a_figure_that_counts_something_else_is_no_answer():
    assert texts("How many boats came to Doha?") == []


def test_what_comes_next_is_what_is_announced_and_still_ahead():
    assert texts("When do the talks resume?") == ["The talks resume on Friday."]
    past = replace(LEDGER, expectations=(replace(RESUME, due=NOW.date() - timedelta(3)),))
    assert texts("When do the talks resume?", ledger=past) == []


def test_who_somebody_is_is_told_by_the_sentence_that_prints_the_role():
    assert texts("Who is Judith Amsel?") == ["Judith Amsel, president of the union, welcomed it."]


def test_what_changed_since_a_day_is_only_what_was_learned_since():
    old = replace(STATUS, as_of=NOW - timedelta(days=9), citation=at(4))
    rows = (
        row(LedgerTopic.STATUS, old),
        row(LedgerTopic.STATUS, STATUS, 2),
        row(LedgerTopic.FIGURE, POLICE, 3, withdrawn=True),
    )
    assert texts("What has changed since Monday?", *rows) == ["Talks in Doha ended without a breakthrough."]


def test_other_questions_are_left_to_the_passages():
    assert told("Why did the talks fail?").statements == ()


def test_a_row_whose_article_is_not_at_hand_is_left_out():
    assert texts("Where do the Doha talks stand?", articles={}) == []

"""The second look: each sentence is shown once, and no call is made that could change nothing."""

from __future__ import annotations

from dataclasses import replace

from bot.evidence.labels import LabelledFact
from bot.evidence.second_look import AskedStatement, Doubt
from bot.model.record import Checked, Disposition, Verdict
from bot.stories.fold import fold
from bot.updates.by_model.look import (
    Doubts,
    SecondLookReply,
    article_lines,
    doubts_of,
    matters,
    repeated,
    statement_lines,
    worth_asking,
)
from bot.updates.by_model.pairs import KnownLine, Pair
from bot.updates.by_model.reply import read_update, with_known_texts
from bot.updates.material import header_line
from tests.flows.ferry import ARTICLES
from tests.support.running.rows import each_row
from tests.updates.by_model.test_short_form import SHORT
from tests.updates.made import STORY, fact, status, update
from tests.updates.readings import reading_of

READING = reading_of(*ARTICLES)
SENTENCE = "Tove Lind said 1,100 voted."


def asked(field, *sentences, text="Somebody voted."):
    return AskedStatement(field=field, doubt=Doubt.SOFT, text=text, sentences=sentences)


def test_a_sentence_that_several_statements_cite_is_written_once():
    doubts = Doubts(asked=(asked("facts[0]", SENTENCE), asked("facts[1]", "Another one.", SENTENCE)))
    assert statement_lines(doubts, fields=(), before={}).splitlines() == [
        "facts[0]: Somebody voted.",
        f"  > 1 {SENTENCE}",
        "facts[1]: Somebody voted.",
        "  > 2 Another one.",
        "  > 1",
    ]


def test_a_look_that_is_only_about_a_known_state_or_a_fact_that_was_named_again_is_not_made():
    ledger = fold(STORY, [update("u1", state="talking", status=status("x"), facts=(fact("f1", "Known."),))])
    known = {"F1": ledger.current_facts[0]}
    reading = replace(READING, ledger=ledger, known=replace(READING.known, facts=known))
    reply = with_known_texts(read_update(SHORT), {"F1": known["F1"].fact})
    state, named, other = asked("state", SENTENCE), asked("facts[1]", SENTENCE), asked("facts[0]", SENTENCE)
    assert not worth_asking(Doubts(asked=(state, named)), reply, reading)
    assert worth_asking(Doubts(asked=(state, named, other)), reply, reading).asked == (state, other)
    unknown = replace(reading, ledger=fold(STORY, ()))
    assert worth_asking(Doubts(asked=(state, named)), reply, unknown).asked == (state,)


@each_row(
    ("field", "worth"),
    [
        *((name, True) for name in ("status", "headline", "facts[0]", "state", "figures[0]", "settled[0]")),
        *((name, True) for name in ("announcements[0].what", "contradictions[0].sides[1]")),
        *((name, False) for name in ("actors[0].role", "actors[1].position", "background[0]")),
    ],
)
def test_a_look_is_made_for_what_is_told_or_shown_later_and_not_for_actors_alone(field, worth):
    doubt = asked(field, SENTENCE)
    assert matters(Doubts(asked=(doubt,))) is worth
    assert matters(Doubts(asked=(asked("actors[0].role", SENTENCE), doubt))) is worth


def pair(field, *known):
    lines = tuple(KnownLine(id=name, label=LabelledFact(text=f"Of {name}.")) for name in known)
    return Pair(field=field, new=LabelledFact(text=SENTENCE), known=lines)


def test_a_fact_that_is_told_again_restates_the_known_line_most_like_it():
    doubts = Doubts(pairs=(pair("facts[0]", "f1", "f2"), pair("facts[1]", "lin-a")))
    answers = [
        {"field": "facts[0]", "again": True},
        {"field": "facts[1]", "again": False},
        {"field": "facts[7]", "again": True},
    ]
    assert repeated(doubts, SecondLookReply.model_validate({"repeats": answers})) == {"facts[0]": "f1"}
    assert matters(doubts)
    assert doubts.texts == (f"{SENTENCE} / Of f1. / Of f2.", f"{SENTENCE} / Of lin-a.")


def test_nothing_is_asked_about_a_fact_that_was_refused_for_good():
    def checked(field, *, passed):
        verdict = Verdict(passed=passed, reason="" if passed else "number")
        return Checked(field=field, text=SENTENCE, verdict=verdict)

    results = [checked("facts[0]", passed=False), checked("facts[1]", passed=True)]
    pairs = [pair("facts[0]", "f1"), pair("facts[1]", "f1")]
    assert doubts_of(results, pairs=pairs, articles={}).pairs == (pairs[1],)


def test_the_articles_of_what_is_asked_stand_above_it_with_day_and_title():
    one, other = ARTICLES[:2]
    doubts = Doubts(asked=(asked("facts[0]", SENTENCE), asked("facts[1]", SENTENCE)))
    checked = [
        Checked(
            field=field,
            text="x",
            verdict=Verdict(passed=True, citations=(article.cite(1),)),
            disposition=Disposition.KEPT,
        )
        for field, article in (("facts[0]", one), ("facts[1]", one), ("facts[2]", other))
    ]
    assert article_lines(doubts, checked, READING.articles) == header_line(one)
    assert one.title in header_line(one)
    assert f"{one.published_at:%d %B %Y}" in header_line(one)
    assert article_lines(Doubts(), checked, READING.articles) == "none"

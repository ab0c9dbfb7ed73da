"""What stands of an update: for a channel that reads only some of its articles, and after an article was edited."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.language.sentences.split import split_sentences
from bot.model.story import Claim
from bot.model.update import AnnouncementOutcome, Contradiction, SettledAnnouncement
from bot.stories.fold import fold
from bot.stories.still_carried import AvailableArticles, limited
from bot.stories.view import public_ledger
from tests.flows.ferry import ARTICLES, TEXTS
from tests.updates.made import STORY, actor, announcement, cite, fact, figure, headline, status, update

BOTH = ("art-0", "art-1")
ONLY_FIRST = AvailableArticles(ARTICLES[:1])
OPENED, WANTED, OFFERED = (s.text for s in ARTICLES[0].sentences)


def lim(**fields):
    return limited(update("u1", articles=BOTH, **fields), ONLY_FIRST)


def test_a_channel_that_reads_all_articles_of_an_update_gets_all_of_it():
    whole = update("u1", articles=BOTH, facts=(fact("f1", article="art-1"),), questions=("Why?",))
    assert limited(whole, AvailableArticles(ARTICLES)) is whole


def test_rule_3_what_only_other_articles_carry_is_left_out_in_every_field():
    other = cite("art-1")
    claim = Claim(by="A", text="x", citation=other)
    left = lim(
        headline=headline("Talks begin", "art-1"),
        status=status("Talks have begun", article="art-1"),
        state="stalled",
        state_citations=(other,),
        facts=(fact("f1", article="art-1"),),
        actors=(actor("Karin Moe", article="art-1"),),
        figures=(figure("9,000", article="art-1"),),
        announcements=(announcement("a1", "a vote", article="art-1"),),
        settled=(
            SettledAnnouncement(announcement="a0", outcome=AnnouncementOutcome.HAPPENED, citations=(other,)),
        ),
        contradictions=(Contradiction(question="How many?", sides=(claim, claim)),),
        background=(headline("They last long", "art-1"),),
        questions=("Why?",),
    )
    assert left == lim()


def test_rule_3_a_line_that_one_read_article_carries_alone_stays_with_that_article_as_its_source():
    both = (cite("art-0", 1), cite("art-1", 1))
    line = "Wage talks between ferry crews and Orsund Line opened in Brekk on Monday."
    left = lim(facts=(fact("f1", line, citations=both),), status=status(line, citations=both))
    assert left.facts[0].citations == (both[0],)
    assert left.status.citations == (both[0],)


@pytest.mark.parametrize(
    ("now", "stands"),
    [
        ({}, ((0,),)),
        ({"title": "Talks end in Brekk"}, ()),  # the title was changed
        ({"title": "Talks end", "sentences": split_sentences("So it is. Ferry talks.")}, ((2,),)),
    ],
)
def test_what_cites_a_title_stands_as_long_as_the_article_says_it(now, stands):
    second = replace(ARTICLES[0], revision=2, **now)
    told = update("u1", facts=(fact("f1", citations=(cite("art-0", 0),)),))
    left = limited(told, AvailableArticles([ARTICLES[0], second]))
    assert tuple(f.citations[0].sentences for f in left.facts) == stands


def test_a_line_that_needs_an_article_the_channel_does_not_read_is_not_told():
    needs_both = fact(
        "f1",
        "The union wants 8 percent more pay, and Orsund Line carries 9,000 passengers a day.",
        citations=(cite("art-0", 2), cite("art-1", 2)),
    )
    assert lim(facts=(needs_both,)).facts == ()


def edited(text, article=ARTICLES[0], *, revision=2):
    """Return a later revision of an article."""
    return replace(
        article,
        revision=revision,
        fetched_at=article.fetched_at + timedelta(hours=revision),
        sentences=split_sentences(text),
    )


def after(*revisions, **fields):
    """Return an update of both articles as far as it stands once ``revisions`` came."""
    return limited(update("u1", articles=BOTH, **fields), AvailableArticles((*ARTICLES, *revisions)))


def test_rule_13_a_fact_whose_sentence_is_gone_is_withdrawn_and_the_others_stay():
    told = (fact("f1", OPENED, sentence=1), fact("f2", WANTED, sentence=2), fact("f3", OFFERED, sentence=3))
    left = after(edited(f"{OPENED} {OFFERED}"), facts=told)
    assert [f.id for f in left.facts] == ["f1", "f3"]


def test_rule_13_a_sentence_that_stands_elsewhere_keeps_its_fact_with_the_new_number():
    left = after(
        edited(f"Update: a ferry is late. {OFFERED} {WANTED}"), facts=(fact("f2", WANTED, sentence=2),)
    )
    (kept,) = left.facts
    assert kept.citations == (replace(cite("art-0", 3), revision=2),)


@pytest.mark.parametrize(
    "said",
    [
        WANTED.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}"),
        WANTED.replace(" wants ", "  wants "),
        WANTED.replace("8 percent", "8\N{NO-BREAK SPACE}percent"),
    ],
)
def test_rule_13_the_same_words_in_other_quotation_marks_or_spaces_are_the_same_sentence(said):
    assert after(edited(f"{OPENED} {said} {OFFERED}"), facts=(fact("f2", WANTED, sentence=2),)).facts


@pytest.mark.parametrize(
    "said",
    [WANTED.replace("8", "9"), WANTED.replace("wants", "no longer wants"), WANTED.replace("Tove", "Tuva")],
)
def test_rule_13_another_number_denial_or_name_is_another_sentence(said):
    assert not after(edited(f"{OPENED} {said} {OFFERED}"), facts=(fact("f2", WANTED, sentence=2),)).facts


def test_rule_13_a_line_of_two_sentences_falls_with_either():
    two = fact("f1", f"{OPENED} {OFFERED}", citations=(cite("art-0", 1, 3),))
    assert after(edited(f"{OPENED} {WANTED}"), facts=(two,)).facts == ()
    (kept,) = after(edited(f"{OFFERED} {OPENED}"), facts=(two,)).facts
    assert kept.citations == (replace(cite("art-0", 1, 2), revision=2),)


def test_rule_13_every_field_that_rests_on_the_old_sentence_falls():
    claim = Claim(by="A", text="x", citation=cite("art-0", 2))
    old = (cite("art-0", 2),)
    left = after(
        edited(f"{OPENED} {OFFERED}"),
        headline=replace(headline("The union wants more"), citations=old),
        status=status("The union wants more", citations=old),
        state="stalled",
        state_citations=old,
        facts=(fact("f1", sentence=2),),
        actors=(actor("Tove Lind", "leads", citations=old),),
        figures=(figure("1,250", "crew members", citations=old),),
        announcements=(announcement("a1", "a vote", due=date(2025, 3, 7), citations=old),),
        settled=(
            SettledAnnouncement(announcement="a0", outcome=AnnouncementOutcome.HAPPENED, citations=old),
        ),
        contradictions=(Contradiction(question="How many?", sides=(claim, replace(claim, by="B"))),),
        background=(replace(headline("They quarrel since January"), citations=old),),
        questions=("Why?",),
    )
    assert left == after(edited(f"{OPENED} {OFFERED}"), questions=("Why?",))


def test_rule_13_what_another_article_carries_as_well_stays_with_that_article_alone():
    line = "Negotiations over pay for the crews of Orsund Line began in Brekk on Monday."
    both = (cite("art-0", 1), cite("art-1", 1))
    left = after(
        edited(f"{WANTED} {OFFERED}"),
        facts=(fact("f1", line, citations=both), fact("f2", "Orsund Line is old.", citations=both)),
        status=status("Negotiations over pay began in Brekk on Monday", citations=both),
    )
    assert [(f.id, f.citations) for f in left.facts] == [("f1", (both[1],))]
    assert left.status.citations == (both[1],)


def test_rule_13_a_figure_an_actor_and_an_announcement_that_two_articles_carry_stay_with_one():
    words = "Police said 27 people were injured. Mayor Anna Berg will open the bridge on Friday."
    one, two = (replace(a, sentences=split_sentences(words)) for a in ARTICLES)
    first, second = (cite("art-0", 1), cite("art-1", 1)), (cite("art-0", 2), cite("art-1", 2))
    told = update(
        "u1",
        articles=BOTH,
        figures=(figure("27", "people injured", claimant="Police", citations=first),),
        actors=(actor("Anna Berg", "Mayor Anna Berg will open the bridge on Friday.", citations=second),),
        announcements=(
            announcement("a1", "Mayor Anna Berg will open the bridge", when="on Friday", citations=second),
        ),
    )
    left = limited(told, AvailableArticles((one, two, edited("The bridge is closed.", one))))
    assert [f.citations for f in left.figures] == [(first[1],)]
    assert [a.citations for a in left.actors] == [(second[1],)]
    assert [a.citations for a in left.announcements] == [(second[1],)]


def test_rule_13_what_was_said_anew_in_the_newest_revision_stands_and_an_edit_taken_back_brings_the_fact_back():
    gone, back = edited(f"{OPENED} {OFFERED}"), edited(TEXTS[0], revision=3)
    told = update("u1", facts=(fact("f2", WANTED, sentence=2),))
    assert limited(told, AvailableArticles((ARTICLES[0], gone))).facts == ()
    (again,) = limited(told, AvailableArticles((ARTICLES[0], gone, back))).facts
    assert again.citations == (replace(cite("art-0", 2), revision=3),)


def test_rule_13_of_a_revision_whose_text_is_not_kept_nothing_stands():
    assert limited(update("u1", facts=(fact("f1"),)), AvailableArticles([edited(TEXTS[0])])).facts == ()


def test_rule_13_a_withdrawn_status_gives_way_to_the_one_before_and_a_withdrawn_outcome_opens_its_announcement():
    first = update(
        "u1",
        articles=("art-1",),
        status=status("Talks have opened", article="art-1"),
        headline=headline("Talks open", "art-1"),
        announcements=(announcement("a1", "a vote", due=date(2025, 3, 3), article="art-1"),),
    )
    done = SettledAnnouncement(
        announcement="a1", outcome=AnnouncementOutcome.HAPPENED, citations=(cite("art-0", 2),)
    )
    second = update(
        "u2",
        day=1,
        status=status("A deal is reached", day=1, citations=(cite("art-0", 2),)),
        headline=replace(headline("A deal"), citations=(cite("art-0", 2),)),
        settled=(done,),
    )
    before, _ = public_ledger(STORY, [first, second], ARTICLES)
    assert (before.now.status.text, before.unreported_announcements) == ("A deal is reached", ())
    ledger, public = public_ledger(STORY, [first, second], (*ARTICLES, edited(f"{OPENED} {OFFERED}")))
    assert (ledger.now.status.text, public.status.line) == ("Talks have opened", "Talks have opened")
    assert ledger.headline.text == "Talks open"
    assert [a.id for a in ledger.unreported_announcements] == ["a1"]


def test_rule_13_what_replaced_a_fact_and_is_withdrawn_lets_the_fact_stand_again():
    old = update("u1", articles=("art-1",), facts=(fact("f1", "27 were hurt.", article="art-1"),))
    new = update("u2", day=1, facts=(fact("f2", "29 were hurt.", sentence=2, supersedes="f1"),))
    available = AvailableArticles((*ARTICLES, edited(f"{OPENED} {OFFERED}")))
    ledger = fold(STORY, [limited(one, available) for one in (old, new)])
    assert [known.fact.id for known in ledger.current_facts] == ["f1"]


def test_what_is_not_at_hand_stands_where_others_may_read_it():
    told = update("u1", articles=BOTH, facts=(fact("f1"), fact("f2", article="art-1")), questions=("Why?",))
    available = AvailableArticles((ARTICLES[0], edited(f"{WANTED} {OFFERED}")), others_stand=True)
    left = limited(told, available)
    assert ([f.id for f in left.facts], left.questions) == (["f2"], ("Why?",))

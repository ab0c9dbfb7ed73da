"""What one channel gets of a story's ledger: what it was not sent, most important first, beside the line it replaces."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.briefings.from_ledger import MAX_BULLETS, LedgerView, brief_of
from bot.briefings.memory import ChannelMemory, announcement_id, figure_id, sent_ids
from bot.model.briefing import Section, SentStory, Writer
from bot.model.ledger import line_id
from bot.model.news import sentences_of
from bot.model.story import Claim
from bot.model.update import ChangeKind, Contradiction, Importance, Phase
from bot.stories.sources import corroborate
from bot.stories.view import public_ledger
from tests.flows.ferry import ARTICLES
from tests.support.running.rows import each_row
from tests.updates.made import (
    MONDAY,
    STORY,
    actor,
    announcement,
    cite,
    fact,
    figure,
    headline,
    status,
    update,
)

FALLBACK = headline("Ferry talks")
FIRST = update(
    "u1",
    headline=headline("Talks open"),
    status=status("Wage talks have opened"),
    facts=(
        fact(
            "f1", "The seafarers' union wants 8 percent more pay.", sentence=2, importance=Importance.USEFUL
        ),
        fact("f2", "Orsund Line has offered 3 percent.", sentence=3, importance=Importance.KEY),
        fact("f3", "State mediator Karin Moe is leading the negotiations.", article="art-1", sentence=3),
    ),
    articles=("art-0", "art-1"),
    questions=("When do they meet again?",),
)
EARLIER = SentStory(story_id=STORY, sent_at=MONDAY, headline="Talks open")
SENT = SentStory(story_id=STORY, sent_at=MONDAY + timedelta(hours=3), headline="Talks open")


def brief(*updates, memory=None, articles=ARTICLES, today=date(2025, 3, 4), fallback=FALLBACK, titles=None):
    ledger, public = public_ledger(STORY, updates, articles)
    view = LedgerView(ledger=ledger, public=public, corroboration=corroborate(articles), titles=titles or {})
    return brief_of(view, memory or ChannelMemory(), fallback=fallback, today=today)


def sent(**changes):
    return replace(SENT, **changes)


def test_a_new_story_is_told_from_its_facts_most_important_first():
    made = brief(FIRST)
    assert (made.section, made.writer, made.headline.text) == (Section.NEW, Writer.MODEL, "Talks open")
    assert [b.fact for b in made.bullets] == ["f2", "f1", "f3"]
    assert made.unknown == ("When do they meet again?",)
    assert made.previous_status is None


def test_a_question_has_the_date_of_its_day_and_is_asked_until_then():
    asking = replace(FIRST, questions=("Will the crews vote on Thursday?", "Who leads the talks?"))
    (vote, who), told = brief(asking).unknown, brief(asking, today=date(2025, 3, 6)).unknown
    assert (vote, who) == told == ("Will the crews vote on Thursday 6 March?", "Who leads the talks?")
    assert brief(asking, today=date(2025, 3, 7)).unknown == (who,)
    # A later update without a question asks nothing.
    assert brief(asking, update("u2", day=1)).unknown == ()


def test_of_equally_important_facts_those_of_the_channels_interests_come_first():
    useful = replace(FIRST, facts=tuple(replace(f, importance=Importance.USEFUL) for f in FIRST.facts))
    made = brief(useful, memory=ChannelMemory(interests=("Karin Moe", "sailing")))
    assert [b.fact for b in made.bullets] == ["f3", "f1", "f2"]
    made = brief(FIRST, memory=ChannelMemory(interests=("Karin Moe",)))
    assert [b.fact for b in made.bullets] == ["f2", "f3", "f1"]  # importance decides first


def test_a_facts_claimant_stands_beside_it():
    claimed = update("u1", facts=(fact("f1", "8 percent is fair, many say.", claimant="Tove Lind"),))
    assert [b.said_by for b in brief(claimed).bullets] == ["Tove Lind"]


def test_without_a_headline_of_its_own_a_story_has_the_quoted_one():
    assert brief(replace(FIRST, headline=None)).headline == FALLBACK


def test_a_quoted_headline_that_is_cut_off_gives_way_to_the_status():
    cut = replace(FALLBACK, text="Ferry talks open in Brekk and the line offers to ...")
    untold = replace(FIRST, headline=None)
    assert brief(untold, fallback=cut).headline.text == "Wage talks have opened"
    assert brief(replace(untold, status=None), fallback=cut).headline == cut


def test_a_headline_that_was_sent_gives_way_to_what_came_after_it():
    agreed = update("u2", day=1, status=status("Union and line agree on 5 percent", day=1), facts=())
    known = brief(FIRST).status
    memory = ChannelMemory(story=replace(EARLIER, status=known))
    assert brief(FIRST, agreed, memory=memory).headline.text == "Union and line agree on 5 percent"
    # Another headline was read with it, or the line is somebody's claim.
    other = replace(agreed, headline=headline("Ferry line and union agree"))
    assert brief(FIRST, other, memory=memory).headline.text == "Ferry line and union agree"
    claimed = replace(agreed, status=replace(agreed.status, said_by="the line"))
    assert brief(FIRST, claimed, memory=memory).headline.text == "Talks open"
    speaker = replace(agreed, status=replace(agreed.status, said_by="Union"))
    assert brief(FIRST, speaker, memory=memory).headline.text == "Union and line agree on 5 percent"


def test_a_fact_that_says_only_a_headline_again_is_told_to_who_was_not_sent_that():
    again = fact("f9", "Crews and company sat down for talks.", restates=line_id("Talks open"))
    later = update("u2", day=1, facts=(again, fact("f8", "The mayor of Brekk welcomed them.", sentence=2)))
    was_sent = ChannelMemory(story=SENT, facts=frozenset({line_id("Talks open"), "f1", "f2", "f3"}))
    assert [b.fact for b in brief(FIRST, later, memory=was_sent).bullets] == ["f8"]
    others = ChannelMemory(story=SENT, facts=frozenset({"f1", "f2", "f3"}))
    assert {b.fact for b in brief(FIRST, later, memory=others).bullets} == {"f8", "f9"}


def test_rule_9_what_was_sent_by_id_or_by_every_sentence_is_not_told_again():
    memory = ChannelMemory(
        story=EARLIER, facts=frozenset({"f1"}), sentences=sentences_of([cite("art-0", 3), cite("art-1", 1)])
    )
    assert [b.fact for b in brief(FIRST, memory=memory).bullets] == ["f3"]


def test_rule_9_a_fact_of_which_one_sentence_was_not_sent_is_told():
    two = update("u1", facts=(fact("f1", citations=(cite("art-0", 1, 2),)),))
    memory = ChannelMemory(story=EARLIER, sentences=sentences_of([cite("art-0", 1)]))
    assert [b.fact for b in brief(two, memory=memory).bullets] == ["f1"]


def test_what_found_no_room_is_no_news_on_a_later_day_but_for_key_facts():
    later = update("u2", day=1, facts=(fact("f9", "The crews voted.", article="art-1", sentence=2),))
    memory = ChannelMemory(story=SENT)  # sent after the first update was made, without its facts
    assert [b.fact for b in brief(FIRST, later, memory=memory).bullets] == ["f2", "f9"]


def test_figures_and_actors_of_earlier_days_that_found_no_room_are_not_shown_later():
    first = replace(
        FIRST, figures=(figure("1,250"),), actors=(actor("Tove Lind", "The union wants 8 percent"),)
    )
    later = update("u2", day=2, facts=(fact("f9", "The crews voted.", article="art-1", sentence=2),))
    made = brief(first, later, memory=ChannelMemory(story=sent(sent_at=MONDAY + timedelta(days=1))))
    assert (made.figures, made.actors) == ((), ())


def test_nothing_unsent_and_no_change_is_nothing():
    ids = frozenset({"f1", "f2", "f3"})
    assert brief(FIRST, memory=ChannelMemory(story=SENT, facts=ids)) is None
    # Also where the channel was sent it in another story, or so long ago that it no longer follows it.
    assert brief(FIRST, memory=ChannelMemory(facts=ids)) is None


def test_a_story_of_which_only_the_status_is_known_is_told_once():
    bare = update("u1", status=status("Wage talks have opened"))
    assert brief(bare).bullets == ()
    assert brief(bare, memory=ChannelMemory(story=SENT)) is None
    assert brief(update("u1")) is None


def test_a_change_shows_the_line_that_was_sent_beside_the_new_one():
    later = update(
        "u2",
        day=1,
        phase=Phase.DECIDED,
        status=status("A deal on pay is reached", day=1),
        change=ChangeKind.PHASE,
    )
    known = brief(FIRST).status
    memory = ChannelMemory(story=sent(status=known), facts=frozenset({"f1", "f2", "f3"}))
    made = brief(FIRST, later, memory=memory)
    assert (made.previous_status, made.status.line) == (known, "A deal on pay is reached")
    assert made.section is Section.CHANGED
    assert "status changed" in made.why


def test_a_newer_line_without_a_change_has_no_line_beside_it():
    later = update(
        "u2", day=1, status=status("Talks go on in Brekk", day=1), facts=(fact("f9", "A new fact."),)
    )
    memory = ChannelMemory(story=sent(status=brief(FIRST).status), facts=frozenset({"f1", "f2", "f3"}))
    made = brief(FIRST, later, memory=memory)
    assert (made.previous_status, made.status.line) == (None, "Talks go on in Brekk")
    assert made.changed == made.bullets


def test_a_change_from_before_the_channel_was_sent_the_story_is_none():
    old = update("u2", day=0, status=status("A deal is reached"), change=ChangeKind.PHASE)
    memory = ChannelMemory(
        story=sent(sent_at=MONDAY + timedelta(days=2)), facts=frozenset({"f1", "f2", "f3"})
    )
    assert brief(FIRST, old, memory=memory) is None


def test_what_the_status_says_is_no_bullet_then_or_later():
    same = update(
        "u1",
        status=status("The seafarers' union wants 8 percent more pay"),
        facts=(
            fact("f1", "The seafarers' union wants 8 percent more pay."),
            fact("f2", "Nine ferries stay in port."),
        ),
    )
    made = brief(same)
    assert [b.fact for b in made.bullets] == ["f2"]
    moved = update(
        "u2", day=1, status=status("The union has lowered its demand", day=1), change=ChangeKind.ACT
    )
    memory = ChannelMemory(
        story=sent(status=made.status, statements=(made.status.line, made.bullets[0].text)),
        facts=frozenset(sent_ids(made)),
    )
    assert brief(same, moved, memory=memory).bullets == ()


def test_details_are_told_only_where_little_else_is():
    detail = fact("f4", "The talks are held in a hotel.", importance=Importance.DETAIL)
    assert "f4" not in [b.fact for b in brief(replace(FIRST, facts=(*FIRST.facts, detail))).bullets]
    assert [b.fact for b in brief(replace(FIRST, facts=(detail,))).bullets] == ["f4"]


def test_no_more_facts_are_told_than_fit_and_each_once():
    things = ("harbours", "meals", "tolls", "ploughs", "meters", "shelters", "plots")
    many = tuple(
        fact(f"f{i}", f"Crews spoke about {thing}.", sentence=i + 1) for i, thing in enumerate(things)
    )
    made = brief(replace(FIRST, facts=(*many, replace(many[0], id="again"))))
    assert len(made.bullets) == MAX_BULLETS
    assert len({b.text for b in made.bullets}) == MAX_BULLETS


def test_what_only_old_articles_say_is_no_news():
    memory = ChannelMemory(background=frozenset({"art-0"}))
    assert [b.fact for b in brief(FIRST, memory=memory).bullets] == ["f3"]


def test_of_an_article_that_tells_a_story_over_again_only_key_facts_are_news():
    memory = ChannelMemory(retold=frozenset({"art-0"}))
    assert [b.fact for b in brief(FIRST, memory=memory).bullets] == ["f2", "f3"]
    both = ChannelMemory(retold=frozenset({"art-0", "art-1"}))
    assert [b.fact for b in brief(FIRST, memory=both).bullets] == ["f2"]


def test_what_had_been_read_when_the_story_was_sent_and_found_no_room_is_no_news_from_another_article():
    later = update(
        "u2",
        made_at=MONDAY + timedelta(hours=5),
        facts=(
            fact(
                "f4",
                "Karin Moe, the state mediator, is leading the negotiations.",
                importance=Importance.USEFUL,
            ),
            fact("f5", "Orsund Line had offered 3 percent.", importance=Importance.KEY),
            fact("f6", "Orsund Line has offered 4 percent.", importance=Importance.USEFUL),
            fact("f7", "Orsund Line is not leading the negotiations.", importance=Importance.USEFUL),
        ),
    )
    ids = frozenset({"f1", "f2", "f3"})
    unread = ChannelMemory(story=SENT, facts=ids)
    assert [b.fact for b in brief(FIRST, later, memory=unread).bullets] == ["f5", "f4", "f6", "f7"]
    earlier = ("Orsund Line has offered 3 percent.", "State mediator Karin Moe is leading the negotiations.")
    read = replace(unread, earlier=earlier)
    assert [b.fact for b in brief(FIRST, later, memory=read).bullets] == ["f5", "f6", "f7"]


def test_a_position_that_had_been_read_when_the_story_was_sent_is_no_news():
    said = update(
        "u2",
        made_at=MONDAY + timedelta(hours=5),
        actors=(actor("Karin Moe", "leads the negotiations", article="art-1"),),
        facts=(fact("f4", "Orsund Line has offered 4 percent.", importance=Importance.KEY),),
    )
    memory = ChannelMemory(story=SENT, facts=frozenset({"f1", "f2", "f3"}))
    assert [one.name for one in brief(FIRST, said, memory=memory).actors] == ["Karin Moe"]
    read = replace(memory, earlier=("State mediator Karin Moe leads the negotiations.",))
    assert brief(FIRST, said, memory=read).actors == ()


def test_figures_and_announcements_are_told_once_and_only_while_they_lie_ahead():
    told = replace(
        FIRST,
        figures=(figure("9,000", "passengers a day"),),
        announcements=(
            announcement("a1", "a vote", due=date(2025, 3, 7)),
            announcement("a2", "a meeting", due=date(2025, 3, 3)),
        ),
    )
    made = brief(told)
    assert [e.what for e in made.next] == ["a vote"]
    ids = {figure_id(made.figures[0]), announcement_id(made.next[0])}
    assert ids <= set(sent_ids(made))
    again = brief(told, memory=ChannelMemory(facts=frozenset(ids)))
    assert (again.figures, again.next) == ((), ())


def test_what_was_announced_before_the_channel_was_last_sent_the_story_is_not_announced_later():
    told = replace(FIRST, announcements=(announcement("a1", "a vote", due=date(2025, 3, 7)),))
    later = update("u2", day=2, facts=(fact("f9", "The crews voted.", article="art-1", sentence=2),))
    assert brief(told, later, memory=ChannelMemory(story=sent(sent_at=MONDAY))).next
    assert not brief(told, later, memory=ChannelMemory(story=sent(sent_at=MONDAY + timedelta(days=1)))).next


def test_an_announcement_that_moved_is_told_with_its_new_day():
    one = announcement("a1", "a vote", due=date(2025, 3, 7))
    first = brief(replace(FIRST, announcements=(one,)))
    moved = brief(replace(FIRST, announcements=(replace(one, due=date(2025, 3, 9)),)), memory=ChannelMemory(
        facts=frozenset(sent_ids(first)) - {"f1", "f2", "f3"}
    ))  # fmt: skip
    assert [e.due for e in moved.next] == [date(2025, 3, 9)]


def test_an_actor_is_named_again_only_with_another_position():
    first = replace(FIRST, actors=(actor("Tove Lind", "The union wants 8 percent"),))
    named = brief(first)
    known = ChannelMemory(story=SENT, facts=frozenset(sent_ids(named)))
    later = update("u2", day=1, facts=(fact("f9", "The crews voted."),))
    assert brief(first, later, memory=known).actors == ()
    moved = replace(later, actors=(actor("Tove Lind", "She has left the talks"),))
    assert [a.position for a in brief(first, moved, memory=known).actors] == ["She has left the talks"]


def test_a_disagreement_is_shown_again_only_when_a_side_says_something_else():
    def sides(number):
        return Contradiction(
            question="How many crews?",
            sides=(
                Claim(by="The union", text=f"{number} crews stayed at home", citation=cite()),
                Claim(by="Orsund Line", text="Two crews stayed at home", citation=cite()),
            ),
        )

    first = replace(FIRST, contradictions=(sides("Nine"),))
    known = ChannelMemory(story=SENT, facts=frozenset(sent_ids(brief(first))))
    later = update("u2", day=1, facts=(fact("f9", "The crews voted."),))
    assert brief(first, later, memory=known).disagreements == ()
    moved = replace(later, contradictions=(sides("Ten"),))
    assert len(brief(first, moved, memory=known).disagreements) == 1


def test_a_story_that_returns_is_told_with_a_line_of_background_and_never_as_new():
    said = headline("Ferry crews and Orsund Line have argued about pay since January.")
    first = replace(FIRST, background=(said,))
    ids = frozenset(sent_ids(brief(first)))
    later = update("u2", day=40, facts=(fact("f9", "The crews walked out.", article="art-1"),))
    memory = ChannelMemory(story=sent(status=brief(first).status), facts=ids)
    back = brief(first, later, memory=memory, today=date(2025, 4, 12))
    assert (back.section, back.background) == (Section.CHANGED, said)
    assert back.last_sent_at == memory.story.sent_at
    assert "it returns after 3 March 2025" in back.why
    soon = brief(first, later, memory=memory, today=date(2025, 3, 10))
    assert (soon.background, soon.last_sent_at, "returns" in soon.why) == (None, None, False)


def test_of_a_known_story_details_alone_are_no_news():
    details = update(
        "u2",
        facts=(fact("f4", "The mediator drinks tea.", sentence=2, importance=Importance.DETAIL),),
        day=1,
    )
    memory = ChannelMemory(story=sent(), facts=frozenset({"f1", "f2", "f3"}))
    assert brief(FIRST, details, memory=memory) is None
    told = replace(details, facts=(replace(details.facts[0], importance=Importance.USEFUL),))
    assert [b.fact for b in brief(FIRST, told, memory=memory).bullets] == ["f4"]


def test_a_key_fact_that_found_no_room_is_not_told_weeks_later():
    later = update("u2", facts=(fact("f4", "The ferries sail again.", sentence=2),), day=8)
    within = update("u2", facts=(fact("f4", "The ferries sail again.", sentence=2),), day=7)
    memory = ChannelMemory(story=sent(), facts=frozenset({"f1", "f3"}))
    assert [b.fact for b in brief(FIRST, later, memory=memory).bullets] == ["f4"]
    assert "f2" in [b.fact for b in brief(FIRST, within, memory=memory).bullets]


@each_row("writer", list(Writer))
def test_what_a_fact_says_will_happen_is_no_news_once_its_day_is_gone(writer):
    coming = fact("q1", "Mediator Karin Moe will meet both sides on Wednesday.", sentence=2)
    before = fact("q2", "The ferry was scheduled to leave on Wednesday and is late.", sentence=3)
    beside = fact("q3", "The crews elected Tove Lind, who will take office on Wednesday.", sentence=3)
    read = update("u9", headline=headline("Talks open"), facts=(coming, before, beside), written_by=writer)
    assert coming.text in [b.text for b in brief(read, today=date(2025, 3, 5)).bullets]
    later = [b.text for b in brief(read, today=date(2025, 3, 6)).bullets]
    assert coming.text not in later
    assert before.text in later
    # A model says what is news in it; a sentence is quoted as it stands.
    assert (beside.text in later) is (writer is Writer.MODEL)


@each_row(
    ("span", "today", "told"),
    [
        ("this month", date(2025, 3, 31), True),
        ("this month", date(2025, 4, 1), False),
        ("earlier this week", date(2025, 3, 9), True),
        ("earlier this week", date(2025, 3, 10), False),
        ("this year", date(2025, 4, 1), True),
    ],
)
def test_a_quoted_sentence_of_this_month_is_no_news_in_the_next(span, today, told):
    quoted = replace(fact("f1", f"Two ferries of the Orsund Line sank {span}."), importance=Importance.KEY)
    made = brief(replace(FIRST, facts=(quoted,), written_by=Writer.EXTRACTS), today=today)
    assert bool(made.bullets) is told


def test_of_many_actors_those_whom_a_line_names_come_first_and_four_are_told():
    names = ("Tove Lind", "Arne Holt", "Karin Moe", "Ola Berg", "Siri Dahl", "Per Vik")
    told = update(
        "u1",
        headline=headline("Siri Dahl leads the talks"),
        status=status("Wage talks have opened"),
        facts=(fact("f1", "Per Vik wants 8 percent more pay.", importance=Importance.KEY),),
        actors=tuple(actor(name, "says the talks go on") for name in names),
    )
    assert [one.name for one in brief(told).actors] == ["Siri Dahl", "Per Vik", "Tove Lind", "Arne Holt"]


GUIDES = {"art-0": "What ferry crews earn", "art-1": "Ferries are a lifeline of the islands"}


def test_facts_of_no_day_below_titles_that_tell_no_news_are_a_feature():
    assert brief(FIRST, titles=GUIDES).feature
    assert not brief(FIRST, titles={**GUIDES, "art-1": "Ferry line offers 3 percent"}).feature
    assert not brief(FIRST, titles={"art-0": GUIDES["art-0"]}).feature


def test_a_key_fact_of_the_day_is_news_also_in_a_guide():
    def on(day):
        key = replace(FIRST.facts[1], happened_on=day)
        return brief(replace(FIRST, facts=(FIRST.facts[0], key, FIRST.facts[2])), titles=GUIDES).feature

    assert on(MONDAY.date() - timedelta(days=5))
    assert not on(MONDAY.date())


def test_what_rules_quote_is_no_feature():
    assert not brief(replace(FIRST, written_by=Writer.EXTRACTS), titles=GUIDES).feature


def test_a_figure_is_not_told_again_because_it_is_known_by_now_who_claims_it():
    claimed = replace(FIRST, figures=(figure("9,000", "passengers a day", claimant="Orsund Line"),))
    assert brief(claimed).figures
    memory = ChannelMemory(facts=frozenset({"figure 9,000 passengers a day "}))
    assert brief(claimed, memory=memory).figures == ()


@each_row(
    ("counts", "line", "told"),
    [
        ("people dead", "21 people were killed.", False),
        ("people dead", "21 people were hurt.", True),
        ("people dead", "19 people were killed.", True),
        ("children of Osby dead", "21 people were killed.", True),
        ("people dead", "Police said 12 of the dead were children.", True),
        ("people dead", "A vigil for the dead is held on Thursday 20 March.", True),
        ("people dead", "Ann Lee, 34, was killed at the quay.", True),
    ],
)
def test_a_toll_is_not_told_beside_a_later_one(counts, line, told):
    earlier = update("u1", headline=headline("Ferry sinks"), figures=(figure("19", counts),))
    later = update("u2", articles=("art-1",), facts=(fact("f1", line, article="art-1"),), day=1)
    assert bool(brief(earlier, later).figures) is told
    same_time = update("u2", facts=(fact("f1", line),))
    assert brief(earlier, same_time).figures


def test_a_count_by_rules_is_told_only_if_it_says_what_is_counted():
    counts = (figure("9,000", "homes"), figure("23", "people missing"), figure("7", "Tote"))
    quoted = replace(FIRST, figures=counts, written_by=Writer.EXTRACTS)
    assert [one.counts for one in brief(quoted).figures] == ["Tote", "people missing"]
    assert len(brief(replace(quoted, written_by=Writer.MODEL)).figures) == len(counts)


def test_what_an_actor_was_told_to_say_is_not_told_again():
    read = replace(FIRST, actors=(actor("Tove Lind", "wants 8 percent more pay for the seafarers"),))
    before = sent(statements=("The seafarers' union wants 8 percent more pay for the seafarers.",))
    assert brief(read, memory=ChannelMemory(story=before)).actors == ()
    assert brief(read, memory=ChannelMemory(story=sent(statements=("Talks open.",)))).actors

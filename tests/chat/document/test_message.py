"""Briefings in words: the lines beside the news."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.chat.discord.render.text import markdown
from bot.chat.document.claims import according_to, before_full_stop
from bot.chat.document.lines import DocumentLines, lines_with, support_line
from bot.chat.document.message import _before_alone, to_message
from bot.chat.document.notices import draft_line, notice
from bot.chat.document.story_rows import inline_row, status_rows
from bot.kinds.carried import says_state
from bot.kinds.load import shipped_kinds
from bot.language.locale.phrases import ENGLISH, phrases
from bot.model.briefing import (
    Briefing,
    Coverage,
    Section,
    Source,
    Statement,
    StoryAnnouncement,
    StoryBrief,
    Writer,
)
from bot.model.message import Cite, Line, Part, StoryBlock
from bot.model.news import Citation, DateSource, TextSource
from bot.model.story import Actor, Announcement, Corroboration, Outcome, Status, StorySupport
from tests.support.running.rows import each_row

NOW = datetime(2025, 7, 6, tzinfo=UTC)
CITED = Citation(article_id="a", sentences=(1,))
WORDS = DocumentLines(
    numbers={("a", 1): 1}, days={("a", 1): NOW.date()}, zone=ZoneInfo("UTC"), today=date(2025, 7, 7)
)


SOURCE = Source(
    number=1,
    article_id="a",
    revision=1,
    outlet="Post",
    title="",
    url="https://post.example/a",
    published_at=NOW,
    date_source=DateSource.FEED,
    text_source=TextSource.PAGE,
    sentences=(),
)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_a_quiet_day_says_that_nothing_changed_only_where_all_was_read(language):
    def said(**coverage):
        read = Coverage(until=NOW, **coverage)
        return notice(Briefing(id="bri-1", title="Morning", made_at=NOW, language=language, coverage=read))

    say = phrases(language)
    assert said(stories=3) == said(stories=4, followed=3) == say.quiet[1].format(count=3)
    assert said(stories=1, followed=0) == say.quiet_new
    assert said(stories=3, followed=2, unclear=2) == say.quiet_unclear[1].format(count=2)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_a_draft_says_what_to_type_only_where_it_has_no_buttons(language):
    pressed, typed = (
        draft_line("dlv-1", channel="webhook:news", buttons=buttons, language=language)
        for buttons in (True, False)
    )
    assert "wirebrief" not in pressed
    assert "wirebrief approve dlv-1" in typed
    assert "wirebrief reject dlv-1" in typed
    assert typed.startswith(pressed)


@pytest.mark.parametrize(
    ("names", "says"),
    [
        ("ABCD", "4 independent sources: A, B, C, D"),
        ("ABCDE", "5 independent sources: A, B, C, D and 1 more"),
        ("ABCDEFGH", "8 independent sources: A, B, C, D and 4 more"),
    ],
)
def test_sources_that_are_counted_are_named_or_counted_as_more(names, says):
    assert support_line(Corroboration(support=StorySupport.CONFIRMED, originators=tuple(names))) == says


@each_row(
    ("claimant", "text"),
    [
        ("Prosecutor Joseph T. Deters", "No charges will be brought, Deters said."),
        ("the commission", "The commission said that the count is over."),
        ("a spokesman in Berlin", "All staff are safe, the spokesman said."),
        ("Ministry of Health", "Forty people fell ill, the Health Ministry said."),
        ("Osund Ferries Ltd", "No ship is late, Osund said."),
        ("World Weather Office", "The storm will pass, according to the WWO."),
        ("Tate Reeves", "The state asked for help, the governor said on Tuesday."),
        ("", "The count is over."),
    ],
)
def test_who_the_text_has_say_it_is_not_named_a_second_time(claimant, text):
    assert according_to(claimant, beside=text) == ""


@each_row(
    ("claimant", "text", "named"),
    [
        ("Davor Colm", "The German teenager says that he opened doors.", "Davor Colm"),
        (
            "Alliance for Ferry Work, of all yards",
            "Half of them qualify, according to the trade group.",
            "Alliance for Ferry Work",
        ),
        (
            "Department of the Coast",
            "A department spokesperson told the Osby Post that it looks at it.",
            "Department of the Coast",
        ),
    ],
)
def test_where_the_text_has_only_the_role_of_who_says_it_the_name_stands_behind_it(claimant, text, named):
    assert according_to(claimant, beside=text) == f" ({named})"


@pytest.mark.parametrize(
    ("claimant", "text"),
    [
        ("Prosecutor Joseph T. Deters", "No charges will be brought."),
        ("Prosecutor Joseph T. Deters", "The office of Deters was searched."),
        ("Ministry of Health", "The Ministry of Defence said that it would help."),
        ("World Weather Office", "The WWO was searched."),
    ],
)
def test_a_claim_whose_text_does_not_say_who_says_it_names_him(claimant, text):
    assert according_to(claimant, beside=text) == f" (according to {claimant})"


@each_row(
    ("claimant", "named"),
    [
        ("grid operator", "the grid operator"),
        ("Israeli military", "the Israeli military"),
        ("Palestinian official", "a Palestinian official"),
        ("army spokesman", "an army spokesman"),
        ("two Palestinian sources", "two Palestinian sources"),
        ("police", "police"),
        ("Velmora Grid", "Velmora Grid"),
        ("the ministry", "the ministry"),
    ],
)
def test_one_of_many_is_named_with_an_article(claimant, named):
    assert according_to(claimant, beside="No ship is late.") == f" (according to {named})"


@pytest.mark.parametrize(
    ("when", "language", "lead"),
    [
        ("by October 8", "en", "by Sun 8 October"),
        ("before the signing on October 8", "en", "before Sun 8 October"),
        ("until Sunday", "en", "until Sun 8 October"),
        ("from midnight on Sunday", "en", "from Sun 8 October"),
        ("on Sunday", "en", "Sun 8 October"),
        ("by October 8", "de", "bis spätestens So. 8. Oktober"),
    ],
)
def test_a_day_that_is_no_more_than_a_bound_is_told_as_one(when, language, lead):
    words = DocumentLines(
        numbers={("a", 1): 1}, zone=ZoneInfo("UTC"), today=date(2017, 10, 3), say=phrases(language)
    )
    announced = Announcement(
        what="Equifax updates its notification",
        when=when,
        due=date(2017, 10, 8),
        citation=Citation(article_id="a", sentences=(1,)),
        as_of=datetime(2017, 10, 3, tzinfo=UTC),
    )
    assert words.announcement(announced).lead == lead


@pytest.mark.parametrize(
    ("first", "last", "language", "lead"),
    [
        (date(2017, 10, 8), date(2017, 10, 8), "en", "Sun 8 October"),
        (date(2018, 1, 8), date(2018, 1, 8), "en", "Mon 8 January 2018"),
        (date(2017, 10, 8), date(2017, 10, 10), "en", "Sun 8 October to Tue 10 October"),
        (date(2017, 11, 1), date(2017, 11, 30), "en", "November"),
        (date(2018, 2, 1), date(2018, 2, 28), "en", "February 2018"),
        (date(2018, 1, 1), date(2018, 12, 31), "en", "2018"),
        (date(2018, 5, 1), date(2018, 5, 31), "de", "Mai 2018"),
    ],
)
def test_a_month_or_a_year_is_told_as_one_and_another_year_is_named(first, last, language, lead):
    assert phrases(language).days_between(first, last, today=date(2017, 10, 3)) == lead


@pytest.mark.parametrize(
    ("when", "last", "lead"),
    [
        ("in mid-January", date(2018, 1, 20), "mid-January 2018"),
        ("in late December", date(2017, 12, 31), "late December"),
        (
            "by the end of November or early December",
            date(2017, 12, 10),
            "by the end of November or early December",
        ),
    ],
)
def test_a_part_of_a_month_is_told_in_the_words_for_it(when, last, lead):
    words = DocumentLines(numbers={("a", 1): 1}, zone=ZoneInfo("UTC"), today=date(2017, 10, 3))
    announced = Announcement(
        what="Final rosters are set",
        when=when,
        due=last - timedelta(days=9),
        due_end=last,
        citation=Citation(article_id="a", sentences=(1,)),
        as_of=datetime(2017, 10, 3, tzinfo=UTC),
    )
    assert words.announcement(announced).lead == lead


def test_a_number_behind_a_headline_in_a_line_stands_in_one_pair_of_brackets():
    line = Line(text="Toll climbs to 19", cites=(Cite(source=7, sentences=(1,)),))
    row = inline_row(Part(title="1 more", lines=(line, line), inline=True))
    assert "".join(run.text for run in row.runs) == "1 more: Toll climbs to 19 [7]; Toll climbs to 19 [7]"
    linked = markdown([row], links={7: "https://news.example/7"})
    assert linked.count("19 ([7](https://news.example/7))") == 2
    assert markdown([row], links={}).count("19 \\[7\\]") == 2


def test_a_claimant_that_begins_a_sentence_is_named_without_its_capital():
    assert according_to("The ministry", beside="No ship is late.") == " (according to the ministry)"


@pytest.mark.parametrize(
    ("who", "beside", "told"),
    [
        ("reports", "Velmar reportedly looks for a buyer.", ""),
        ("reports", "Velmar looks for a buyer.", " (according to reports)"),
        ("Ole Brandt", "Velmar announced that it will close, citing the price of fuel.", ""),
        ("Ole Brandt", "Velmar will close.", " (according to Ole Brandt)"),
        ("Ole Brandt", "Uncle says the well of Velmar is empty", ""),
    ],
)
def test_a_claimant_is_not_named_beside_a_line_that_says_whose_word_it_is(who, beside, told):
    assert according_to(who, beside=beside) == told


@each_row(
    ("was", "now", "chip"),
    [
        (
            ("negotiation", "talking", "under way"),
            ("negotiation", "stalled", "under way"),
            "in talks → stalled",
        ),
        (("contest", "running", "under way"), ("contest", "won", "decided"), "under way → won"),
        (("contest", "won", "decided"), ("contest", "discussed", "aftermath"), "reactions"),
        (("launch", "launched", "decided"), ("launch", "rumoured", "expected"), "rumoured"),
        (("launch", "launched", "decided"), ("inquiry", "under way", "under way"), "under way"),
        (("contest", "won", "decided"), ("contest", "won", "decided"), "won"),
        (("other", "", "decided"), ("other", "", "decided"), ""),
        (("other", "", "under way"), ("other", "", "decided"), ""),
        (("other", "", "under way"), ("other", "", "under way"), ""),
        (("negotiation", "talking", "under way"), ("negotiation", "", "under way"), ""),
        (("company", "going on", "under way"), ("company", "pursued", "under way"), "authorities act"),
    ],
)
def test_a_state_stands_beside_the_one_before_only_where_it_can_follow_it(was, now, chip):
    cited = Citation(article_id="a", revision=1, sentences=(1,))

    def state(kind, name, phase):
        at = datetime(2025, 7, 6, tzinfo=UTC)
        known = shipped_kinds()[kind].state(name) if name else None
        line = next((p for p in known.carried_by if says_state(kind, name, p)), "") if known else "x"
        return Status(kind=kind, state=name, phase=phase, line=line, as_of=at, since=at, citation=cited)

    brief = StoryBrief(
        story_id="sto-1",
        headline=Statement(text="x", citations=(cited,)),
        bullets=(),
        status=state(*now),
        previous_status=state(*was),
        corroboration=Corroboration(support=StorySupport.SINGLE, originators=("Post",)),
    )
    lines = DocumentLines(numbers={("a", 1): 1}, zone=ZoneInfo("UTC"), today=date(2025, 7, 7))
    assert lines.story(brief).chip == chip
    assert lines.story(replace(brief, feature=True)).chip == "background"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("A ship sank.", "A ship sank (so they say)."),
        ("A ship sank", "A ship sank (so they say)"),
        ("It sank off the U.S.", "It sank off the U.S. (so they say)"),
        ("“It sank.”", "“It sank.” (so they say)"),
        ("It sank…", "It sank… (so they say)"),
        ("It sank...", "It sank... (so they say)"),
    ],
)
def test_who_claims_a_thing_stands_within_its_sentence(text, told):
    assert before_full_stop(text, " (so they say)") == told
    assert before_full_stop(text, "") == text


@pytest.mark.parametrize(
    ("when", "end", "told"),
    [
        ("within 18 months", date(2026, 12, 31), "within 18 months from Mon 7 July"),
        ("later this year", date(2025, 12, 31), "later this year from Mon 7 July"),
        ("later this week", date(2025, 7, 11), "Tue 8 July to Fri 11 July"),
        ("until December 2026", date(2026, 12, 31), "Tue 8 July 2025 to Thu 31 December 2026"),
    ],
)
def test_a_long_span_without_a_date_of_its_own_stands_as_it_was_announced(when, end, told):
    citation = Citation(article_id="a", sentences=(1,))
    words = DocumentLines(
        numbers={("a", 1): 1}, days={("a", 1): date(2025, 7, 7)}, zone=ZoneInfo("UTC"), today=date(2025, 7, 8)
    )
    announced = Announcement(
        what="The firm moves",
        when=when,
        due=date(2025, 7, 8),
        due_end=end,
        citation=citation,
        as_of=datetime(2025, 7, 7, tzinfo=UTC),
    )
    assert words.announcement(announced).lead == told


def test_what_became_of_an_announcement_stands_within_its_sentence():
    citation = Citation(article_id="a", sentences=(1,))
    words = DocumentLines(numbers={("a", 1): 1}, zone=ZoneInfo("UTC"), today=date(2025, 7, 8))
    announced = Announcement(
        what="The firm moves.",
        due=date(2025, 7, 7),
        citation=citation,
        as_of=datetime(2025, 7, 6, tzinfo=UTC),
        outcome=Outcome.HAPPENED,
    )
    told = words.outcome(StoryAnnouncement(story_id="s", headline="Firm moves", expectation=announced))
    assert told.text == "The firm moves — happened, as announced."


def test_a_deadline_passes_and_does_not_happen():
    announced = Announcement(
        what="Deadline for a deal",
        due=date(2025, 7, 7),
        citation=CITED,
        as_of=NOW,
        outcome=Outcome.HAPPENED,
    )
    told = WORDS.outcome(StoryAnnouncement(story_id="s", headline="Talks go on", expectation=announced))
    assert told.text == "Deadline for a deal — the day has passed"


@pytest.mark.parametrize(
    ("when", "first", "told"),
    [
        ("later in July", date(2025, 7, 6), "by Thu 31 July"),
        ("in July", date(2025, 7, 1), "July"),
        ("from 6 to 31 July", date(2025, 7, 6), "Sun 6 July to Thu 31 July"),
        ("later in July", date(2025, 7, 7), "Mon 7 July to Thu 31 July"),
    ],
)
def test_of_a_span_that_had_begun_when_it_was_announced_the_end_is_told(when, first, told):
    announced = Announcement(
        what="A court rules",
        when=when,
        due=first,
        due_end=date(2025, 7, 31),
        citation=CITED,
        as_of=NOW,
    )
    assert WORDS.announcement(announced).lead == told


@pytest.mark.parametrize(
    ("status_day", "text", "told", "chip"),
    [
        (6, "Nine die in a battle", "Nine die in a battle", "fighting"),
        (4, "Nine are dead", "Nine are dead (as of Fri 4 July)", ""),
        (4, "Nine died on 4 July", "Nine died on 4 July", ""),
        (5, "Nine are dead", "Nine are dead (as of Sat 5 July)", ""),
    ],
)
def test_a_status_older_than_the_facts_beside_it_says_of_when_it_is(status_day, text, told, chip):
    at = datetime(2025, 7, status_day, 12, tzinfo=UTC)
    brief = StoryBrief(
        story_id="sto-1",
        section=Section.NEW,
        headline=Statement(text="Meta blocks a channel", citations=(CITED,)),
        bullets=(Statement(text="Meta blocks a channel.", citations=(CITED,)),),
        status=Status(kind="conflict", state="fighting", line=text, as_of=at, since=at, citation=CITED),
        corroboration=Corroboration(support=StorySupport.ONE_PARTY, originators=("Post",)),
        why="1 statement is new",
        writer=Writer.MODEL,
    )
    story = WORDS.story(brief)
    assert ([line.text for line in story.status], story.chip) == ([told], chip)
    assert story.footer == "One party's claim, told by Post"
    known = WORDS.story(replace(brief, section=Section.CHANGED))
    # The channel was sent one that is days older with the news that it belongs to.
    assert [line.text for line in known.status] == ([] if status_day == 4 else [told])
    assert known.footer == "One party's claim, told by Post · 1 statement is new"


@pytest.mark.parametrize(("hour", "offset"), [(22, 600), (2, -300), (12, 0)])
def test_a_status_and_facts_of_one_article_are_of_one_day_wherever_it_was_written(hour, offset):
    at = datetime(2025, 7, 6, hour, tzinfo=UTC)
    brief = StoryBrief(
        story_id="sto-1",
        headline=Statement(text="A battle in Osby", citations=(CITED,)),
        bullets=(Statement(text="A battle began at dawn.", citations=(CITED,)),),
        status=Status(
            kind="conflict", state="fighting", line="Nine die in a battle", as_of=at, since=at, citation=CITED
        ),
        corroboration=Corroboration(support=StorySupport.SINGLE, originators=("Post",)),
        writer=Writer.MODEL,
    )
    source = replace(SOURCE, published_at=at, utc_offset=offset)
    words = lines_with([source], zone=ZoneInfo("UTC"), today=date(2025, 7, 7))
    story = words.story(brief)
    assert ([line.text for line in story.status], story.chip) == (["Nine die in a battle"], "fighting")


@pytest.mark.parametrize(("day", "shown"), [(6, True), (7, False)])
def test_a_status_about_a_day_ahead_is_shown_until_that_day(day, shown):
    line = "The army is likely to reach Osby on Sunday 6 July"
    brief = StoryBrief(
        story_id="sto-1",
        headline=Statement(text="A battle in Osby", citations=(CITED,)),
        status=Status(kind="other", state="", line=line, as_of=NOW, since=NOW, citation=CITED),
        corroboration=Corroboration(support=StorySupport.SINGLE, originators=("Post",)),
        writer=Writer.MODEL,
    )
    source = replace(SOURCE, published_at=NOW)
    assert (
        bool(lines_with([source], zone=ZoneInfo("UTC"), today=date(2025, 7, day)).story(brief).status)
        is shown
    )


@pytest.mark.parametrize(
    ("phase", "label"),
    [("expected", "Was"), ("under way", "Was"), ("", "Was"), ("decided", "Before"), ("aftermath", "Before")],
)
def test_a_status_that_happened_stands_before_the_new_one_and_was_none(phase, label):
    def status(line, phase):
        return Status(kind="other", state="", phase=phase, line=line, as_of=NOW, since=NOW, citation=CITED)

    brief = StoryBrief(
        story_id="sto-1",
        section=Section.CHANGED,
        headline=Statement(text="Quarterback retires", citations=(CITED,)),
        bullets=(Statement(text="Ada Lind ends her career after nine seasons.", citations=(CITED,)),),
        status=status("Quarterback Ada Lind retires a day after her coach", "decided"),
        previous_status=status("The coach of the Osby Owls retires", phase),
        corroboration=Corroboration(support=StorySupport.SINGLE, originators=("Post",)),
    )
    made = Briefing(id="bri-1", title="Morning", made_at=NOW, coverage=Coverage(until=NOW), sources=(SOURCE,), stories=(brief,))  # fmt: skip
    message = to_message(made)
    (story,) = message.parts[0].stories
    assert [line.label for line in story.status] == [label, "Now"]
    (_, now), (earlier, was) = status_rows(story, phrases("en"))
    assert (now, earlier.runs[0].text, was) == (False, f"{label}: ", True)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_a_story_that_returns_says_so_before_its_headline_in_every_language(language):
    story = StoryBrief(
        story_id="sto-1",
        section=Section.CHANGED,
        headline=Statement(text="Talks resume", citations=(CITED,)),
        corroboration=Corroboration(support=StorySupport.SINGLE, originators=("Post",)),
    )
    stories = (story, replace(story, story_id="sto-2", last_sent_at=NOW - timedelta(days=60)))
    read = Coverage(until=NOW)
    made = Briefing(id="bri-1", title="Morning", made_at=NOW, language=language, coverage=read, sources=(SOURCE,), stories=stories)  # fmt: skip
    part = to_message(made).parts[0]
    assert [one.label for one in part.stories] == ["", phrases(language).returns]


def watched(what, *, fact="The ferry talks go on.", when="on Monday", until=None):
    """Return the lines below the one story of a briefing for Monday 7 July, in which ``what`` is announced for that day."""
    coming = Announcement(
        what=what, when=when, due=date(2025, 7, 7), due_end=until, citation=CITED, as_of=NOW
    )
    told = StoryBrief(
        story_id="sto-1",
        headline=Statement(text="Ferry talks go on", citations=(CITED,)),
        bullets=(Statement(text=fact, citations=(CITED,)),),
        corroboration=Corroboration(support=StorySupport.SINGLE, originators=("Post",)),
    )
    at = datetime(2025, 7, 7, 6, tzinfo=UTC)
    listed = StoryAnnouncement(story_id="sto-1", headline=told.headline.text, expectation=coming)
    briefing = Briefing(
        id="bri-1",
        title="Morning",
        made_at=at,
        coverage=Coverage(until=at),
        stories=(told,),
        watch=(listed,),
        sources=(SOURCE,),
    )
    return [
        f"{line.lead}: {line.text}" if line.lead else line.text
        for part in to_message(briefing).parts
        for line in part.lines
    ]


def test_what_is_announced_for_today_stands_before_the_story_it_was_announced_in():
    assert watched("Mayor Ann Lee lands in Osby") == ["Mayor Ann Lee lands in Osby · Ferry talks go on"]


def test_what_begins_today_or_comes_within_days_stands_behind_its_days():
    told = watched("Osby votes on the harbour", when="between 7 and 9 July", until=date(2025, 7, 9))
    assert told == ["Mon 7 July to Wed 9 July: Osby votes on the harbour · Ferry talks go on"]


def test_what_a_fact_tells_of_today_is_not_announced_below_it():
    what = "Crews vote on the offer in Osby"
    assert watched(what, fact="Crews will vote on the offer in Osby on Monday 7 July.") == []
    assert watched(what, fact="Crews will vote on the offer in Osby.") == [f"{what} · Ferry talks go on"]


@pytest.mark.parametrize(
    ("day", "was"), [(30, "The talks stalled (as of Mon 30 June)"), (4, "The talks stalled")]
)
def test_a_status_of_long_ago_that_is_replaced_says_of_when_it_is(day, was):
    def status(line, at):
        return Status(
            kind="other", state="", phase="under way", line=line, as_of=at, since=at, citation=CITED
        )

    before = datetime(2025, 6 if day > 7 else 7, day, 12, tzinfo=UTC)
    brief = StoryBrief(
        story_id="sto-1",
        section=Section.CHANGED,
        headline=Statement(text="Talks resume", citations=(CITED,)),
        status=status("The talks resumed", datetime(2025, 7, 7, 12, tzinfo=UTC)),
        previous_status=status("The talks stalled", before),
        corroboration=Corroboration(support=StorySupport.SINGLE, originators=("Post",)),
    )
    assert [line.text for line in WORDS.story(brief).status] == [was, "The talks resumed"]
    year_before = replace(brief, previous_status=status("The talks stalled", before.replace(year=2024)))
    assert WORDS.story(year_before).status[0].text.endswith(" 2024)")


@pytest.mark.parametrize(
    ("writer", "told"), [(Writer.EXTRACTS, []), (Writer.MODEL, ["Nine die in a battle"])]
)
def test_a_sentence_that_rules_took_for_a_status_is_not_shown_as_one(writer, told):
    brief = StoryBrief(
        story_id="sto-1",
        headline=Statement(text="Council of Osby blocks a channel", citations=(CITED,)),
        status=Status(
            kind="other", state="", line="Nine die in a battle", as_of=NOW, since=NOW, citation=CITED
        ),
        corroboration=Corroboration(support=StorySupport.SINGLE, originators=("Post",)),
        writer=writer,
    )
    assert [status.text for status in WORDS.story(brief).status] == told


def test_the_one_sentence_of_a_quoted_story_is_told_once_where_it_is_the_headline():
    sentence = "Two ferries of the Orsund Line sank off Osby on Monday"
    brief = StoryBrief(
        story_id="sto-1",
        headline=Statement(text=sentence, citations=(CITED,)),
        bullets=(Statement(text=f"{sentence}.", citations=(CITED,)),),
        corroboration=Corroboration(support=StorySupport.SINGLE, originators=("Post",)),
        writer=Writer.EXTRACTS,
    )
    assert WORDS.story(brief).bullets == ()


@pytest.mark.parametrize(
    ("position", "lead"),
    [
        ("Mayor Ida Renn said the port was closed.", "Ida Renn"),
        ("Renn said the port was closed.", "Ida Renn (mayor)"),
    ],
)
def test_a_role_that_an_actors_words_have_is_not_told_twice(position, lead):
    actor = Actor(name="Ida Renn", role="mayor", position=position, citation=CITED, as_of=NOW)
    assert WORDS.actor(actor).lead == lead


def test_a_state_that_no_newer_one_follows_is_what_was_before():
    was = Line(text="Talks go on", label=ENGLISH.was)
    block = StoryBlock(story_id="s", headline=Line(text="Strike begins"), status=(was,))
    assert _before_alone(block, was=ENGLISH.was, say=ENGLISH).status[0].label == ENGLISH.before
    both = replace(block, status=(was, Line(text="Strike", label=ENGLISH.now)))
    assert _before_alone(both, was=ENGLISH.was, say=ENGLISH) == both

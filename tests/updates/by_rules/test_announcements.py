"""What is announced for a day, and what became of it: nothing "happened" without a report that it did."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.model.news import DateSource
from bot.model.story import Outcome
from bot.updates.by_rules.announcements import find_announcements, outcome_of
from tests.servers.written import MONDAY, article
from tests.support.running.rows import each_row


@pytest.mark.parametrize(
    ("text", "when", "due", "due_end"),
    [
        ("Talks resume Thursday in Riga.", "Thursday", date(2031, 3, 13), None),
        ("The union is due to meet the port on Wednesday.", "Wednesday", date(2031, 3, 12), None),
        ("A hearing is scheduled for 12 May.", "12 May", date(2031, 5, 12), None),
        ("Parliament will vote on the bill next week.", "next week", date(2031, 3, 17), date(2031, 3, 23)),
        ("On Friday, the court in Riga will rule on the case.", "Friday", date(2031, 3, 14), None),
        ("The ministry said it would publish the report on Tuesday.", "Tuesday", date(2031, 3, 11), None),
        ("The port’s update is rolling out over the next few days.", "over the next few days", date(2031, 3, 10), date(2031, 3, 17)),
        ("Parliament will vote on the bill in the coming days.", "in the coming days", date(2031, 3, 10), date(2031, 3, 17)),
        ("A second ferry is already set for 3 May.", "3 May", date(2031, 5, 3), None),
        ("Orsund Line reports earnings in mid-April.", "in mid-April", date(2031, 4, 11), date(2031, 4, 20)),
        ("Ardenia will observe a day of mourning, starting on Friday.", "Friday", date(2031, 3, 14), None),
        ("Judge Moe set a date of 3 May for the trial.", "3 May", date(2031, 5, 3), None),
        ("The court in Riga listed the matter for hearing on 3 May.", "3 May", date(2031, 5, 3), None),
        ("Ida Renn, who left last week, is due to meet the port on 3 May.", "3 May", date(2031, 5, 3), None),
    ],
)  # fmt: skip
def test_an_announcement_is_kept_whole_with_its_day(text, when, due, due_end):
    (found,) = find_announcements([article(text)])
    assert (found.what, found.when, found.due, found.due_end) == (text, when, due, due_end)
    assert found.citation.sentences == (1,)


@each_row(
    "text",
    [
        "The envoy hopes talks will resume on Thursday.",
        "Talks could resume on Thursday.",
        "Will the talks resume on Thursday?",
        "The talks resumed on Thursday.",
        "The port was closed last week.",
        "Parliament will vote on the bill that it rejected on Thursday.",
        "Parliament, which met on Thursday, will vote on the bill.",
        "In May the ministry said it would publish the report.",
        "If it rains, parliament will vote on Thursday.",
        "He will leave Riga on Thursday.",
        "Ardenia, which will vote on 3 May, has the richest ministers of all.",
        "With ferry crews due to vote on 3 May, the union has put up tents.",
        "Parliament will vote in six months.",
        "The strike is set to dominate the session of parliament beginning Thursday.",
        "Parliament was due to vote on Thursday.",
        "Parliament will vote in 2032.",
        "Parliament will not vote on Thursday.",
        "We will vote on Thursday.",
        "Parliament will vote on 3 March 2031.",
        "On Sunday, the port showed what its new ferry will look like.",
        "Parliament will vote this week.",  # it may have been on Monday
        "Parliament will vote on Monday.",  # the article is of a Monday
    ],
)
def test_a_hope_a_question_the_past_and_the_day_of_another_clause_announce_nothing(text):
    assert find_announcements([article(text)]) == ()


def test_an_undated_article_and_one_of_another_language_announce_nothing():
    one = article("Parliament will vote on the bill on Thursday.")
    assert find_announcements([one])
    assert find_announcements([replace(one, date_source=DateSource.FETCHED)]) == ()
    assert find_announcements([replace(one, language="hu")]) == ()


def test_the_same_announcement_by_two_outlets_is_listed_once():
    one = article("Parliament will vote on the water bill on Thursday.")
    two = article("Parliament will vote on Thursday on the water bill.", outlet="Harbour Post")
    assert len(find_announcements([one, two])) == 1


# What is announced for Thursday, as done, as not done, and as what a careless reader could take for the report.
PLANTED = [
    (
        "Parliament will vote on the water bill on Thursday.",
        ["Parliament voted on the water bill on Thursday.", "On Thursday parliament voted for the water bill."],
        ["The vote of parliament on the water bill was postponed on Thursday.", "Parliament did not vote on the water bill on Thursday."],
        ["Parliament will vote on the water bill.", "Parliament could have voted on the water bill.", "Critics of the water bill met in parliament on Thursday.",
         "Parliament voted on the water bill on Monday."],
    ),
    (
        "The court in Riga will rule on the ferry case on Thursday.",
        ["The court in Riga ruled on the ferry case on Thursday.", "The court in Riga on Thursday ruled for the owners in the ferry case."],
        ["The court in Riga adjourned the ruling in the ferry case on Thursday."],
        ["The court in Riga has not ruled in the ferry case.", "Will the court in Riga rule on the ferry case?", "A judge of the court in Riga is ill.",
         "The court in Riga was supposed to have ruled in the ferry case."],
    ),
    (
        "The Orsund ferry will leave Brekk harbour on Thursday.",
        ["The Orsund ferry left Brekk harbour on Thursday."],
        ["The Orsund ferry's departure from Brekk harbour was cancelled on Thursday."],
        ["The Orsund ferry nearly left Brekk harbour without its captain.", "The Orsund ferry is in Brekk harbour.", "The Orsund ferry left Brekk harbour last week.",
         "The Orsund ferry is set to leave Brekk harbour."],
    ),
    (
        "Orsund Line is due to publish its yearly accounts on Thursday.",
        ["Orsund Line published its yearly accounts on Thursday."],
        ["Orsund Line delayed its yearly accounts on Thursday."],
        ["Orsund Line promised its accounts would be published.", "The yearly accounts of Orsund Line are in a safe.", "If Orsund Line published its yearly accounts, shares would fall.",
         "Orsund Line has yet to say when its yearly accounts will be published."],
    ),
    (
        "The new bridge at Tarn will be opened on Thursday.",
        ["The new bridge at Tarn was opened on Thursday.", "King Olav opened the new bridge at Tarn on Thursday."],
        ["The new bridge at Tarn did not open on Thursday.", "The opening of the new bridge at Tarn was put off on Thursday."],
        ["The new bridge at Tarn is to be opened.", "The new bridge at Tarn cost 40 million.", "Nobody opened the new bridge at Tarn.", "An old bridge at Osby was opened."],
    ),
    (
        "Dockers in Velmar will begin a strike on Thursday.",
        ["Dockers in Velmar began a strike on Thursday."],
        ["Dockers in Velmar called off their strike on Thursday."],
        ["Dockers in Velmar threatened to begin a strike.", "Dockers in Velmar had never begun a strike.", "Dockers in Velmar asked for more pay.", "Dockers in Velmar said a strike would begin."],
    ),
    (
        "The space agency will launch the Tern satellite on Thursday.",
        ["The space agency launched the Tern satellite on Thursday."],
        ["The launch of the Tern satellite by the space agency was scrapped on Thursday.", "The space agency failed to launch the Tern satellite on Thursday."],
        ["The space agency plans to launch the Tern satellite.", "The Tern satellite of the space agency is old.", "The space agency hopes the Tern satellite is launched."],
    ),
    (
        "President Dana Holt will meet envoys in Lund on Thursday.",
        ["President Dana Holt met envoys in Lund on Thursday."],
        ["President Dana Holt's meeting with envoys in Lund was cancelled on Thursday."],
        ["President Dana Holt is expected to meet envoys in Lund.", "Envoys in Lund wrote to President Dana Holt.", "President Dana Holt might have met envoys in Lund.",
         "Before President Dana Holt met envoys in Lund, shares fell."],
    ),
    (
        "The hearing on the harbour plan will start on Thursday.",
        ["The hearing on the harbour plan started on Thursday."],
        ["The hearing on the harbour plan was postponed on Thursday."],
        ["The hearing on the harbour plan is ahead.", "The hearing on the harbour plan was scheduled to have started.", "A harbour plan was drawn up for the hearing."],
    ),
    (
        "Osby council will close the swimming hall on Thursday.",
        ["Osby council closed the swimming hall on Thursday."],
        ["Osby council postponed closing the swimming hall on Thursday."],
        ["Osby council reportedly closed the swimming hall.", "Osby council wants the swimming hall closed.", "Osby council denied that it closed the swimming hall without notice."],
    ),
]  # fmt: skip
CASES = [
    (announced, report, outcome)
    for announced, done, not_done, neither in PLANTED
    for reports, outcome in (
        (done, Outcome.HAPPENED),
        (not_done, Outcome.DID_NOT_HAPPEN),
        (neither, Outcome.OPEN),
    )
    for report in reports
]


def settled(announced, report, *, after=timedelta(days=3)):
    (announcement,) = find_announcements([article(announced)])
    later = article(report, published=MONDAY + after)
    return outcome_of(announcement, [later])


def test_enough_outcomes_are_planted():
    assert len(CASES) >= 60


@each_row(("announced", "report", "outcome"), CASES)
def test_an_outcome_is_told_only_by_a_report_of_it(announced, report, outcome):
    found = settled(announced, report)
    # What is not surely reported may stay open; what did not happen may never have happened.
    assert found.outcome in {outcome, Outcome.OPEN}


def test_most_plain_reports_settle_what_was_announced():
    plain = [(a, r, o) for a, r, o in CASES if o is not Outcome.OPEN]
    right = sum(settled(a, r).outcome is o for a, r, o in plain)
    assert right >= 0.8 * len(plain)


def test_a_report_from_before_the_day_settles_nothing():
    found = settled(
        "Parliament will vote on the water bill on Thursday.",
        "Parliament voted on the water bill.",
        after=timedelta(days=2),
    )
    assert found.outcome is Outcome.OPEN

"""What one site may not do to a story over several updates, and what is about another event."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model.update import Phase
from bot.stories.fold import fold
from bot.stories.still_carried import AvailableArticles, limited
from tests.flows.ferry import ARTICLES
from tests.updates.made import STORY, cite, fact, figure, headline, status, update

AFTERMATH, OVER = Phase.AFTERMATH, Phase.OVER


def says(site, *, day, over=True, phase=AFTERMATH):
    """Return an update of one article of ``site``: that it is over, which by itself it may not say, or not."""
    return update(
        f"u{day}",
        day=day,
        articles=(f"art-{day}",),
        sites=(site,),
        phase=phase,
        said_over=over,
        status=status(f"Line {day}", day=day, article=f"art-{day}"),
    )


@pytest.mark.parametrize(
    ("sites", "phase"),
    [
        (["a"], AFTERMATH),
        (["a", "a"], AFTERMATH),
        (["a", "a", "a"], AFTERMATH),
        (["a", "b"], OVER),
        (["a", "", "b"], AFTERMATH),
        (["a", "b", "a"], OVER),
    ],
    ids=[
        "one",
        "one twice",
        "one three times",
        "two",
        "one, then it goes on, then another",
        "two and one again",
    ],
)
def test_rule_6_one_site_ends_no_story_on_however_many_days_and_two_do(sites, phase):
    updates = [
        says(site or "c", day=day, over=bool(site), phase=AFTERMATH if site else Phase.UNDER_WAY)
        for day, site in enumerate(sites)
    ]
    assert fold(STORY, updates).now.phase is phase


def test_rule_6_what_two_sites_ended_is_not_over_without_the_one_that_was_withdrawn():
    first = says("a", day=0)
    second = replace(says("b", day=1), phase=OVER, said_over=False)
    assert fold(STORY, [first, second]).now.phase is OVER
    gone = limited(
        first,
        AvailableArticles(
            [replace(ARTICLES[0], revision=2, sentences=ARTICLES[1].sentences)], others_stand=True
        ),
    )
    assert fold(STORY, [gone, second]).now.phase is AFTERMATH


def counted(name, value, *, day, sites=("a",), **changes):
    keys = tuple(f"art-{name}{n}" for n in range(len(sites)))
    told = replace(figure(value, day=day, **changes), citations=tuple(cite(key) for key in keys))
    return update(name, day=day, articles=keys, sites=sites, figures=(told,))


def newest(*updates):
    return [f.value for f in fold(STORY, updates).newest_figures]


FIRST = counted("u1", "27", day=0)


def test_rule_6_a_value_by_another_site_stands_beside_the_one_it_would_replace():
    assert newest(FIRST, counted("u2", "31", day=1, sites=("b",))) == ["27", "31"]


def test_rule_6_a_value_by_the_same_site_by_two_or_by_one_after_another_replaces_it():
    assert newest(FIRST, counted("u2", "31", day=1)) == ["31"]
    assert newest(FIRST, counted("u2", "31", day=1, sites=("b", "c"))) == ["31"]
    assert newest(
        FIRST, counted("u2", "31", day=1, sites=("b",)), counted("u3", "31", day=2, sites=("c",))
    ) == ["31"]
    assert newest(FIRST, counted("u2", "31", day=1, sites=("b",)), counted("u3", "31", day=2)) == ["31"]


def test_rule_6_a_site_replaces_its_own_value_and_leaves_the_others():
    later = counted("u2", "31", day=1, sites=("b",)), counted("u3", "33", day=2, sites=("b",))
    assert newest(FIRST, *later) == ["27", "33"]


def test_rule_6_where_it_is_not_known_whose_a_value_is_the_newest_holds():
    assert newest(replace(FIRST, sites=()), counted("u2", "31", day=1, sites=("b",))) == ["31"]


def test_rule_11_what_rests_on_nothing_but_sentences_about_another_event_is_told_nowhere():
    away = cite("art-0", 2)
    told = update(
        "u1",
        headline=replace(headline("Another event"), citations=(away,)),
        status=status("Another event goes on", citations=(away,)),
        facts=(fact("f1", sentence=2), fact("f2", sentence=1), fact("f3", citations=(cite("art-0", 1, 2),))),
        figures=(figure("27", citations=(away,)),),
        elsewhere=(away,),
    )
    ledger = fold(STORY, [told])
    assert (ledger.headline, ledger.now, ledger.figures) == (None, None, ())
    assert [known.fact.id for known in ledger.facts] == ["f2", "f3"]

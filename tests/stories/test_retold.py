"""An article that tells a story over again after a silence is found, and news after a silence is news."""

from __future__ import annotations

import pytest

from bot.stories.retold import retold
from tests.flows.ferry import article

FIRST = (
    "The ferry Halden ran aground off Brekk on Sunday with 310 people on board. "
    "All passengers were taken off by lifeboats within two hours, the coast guard said. "
    "Captain Arne Holt said the rudder had failed in the narrow channel. "
    "Orsund Line has taken the two sister ships of the Halden out of service. "
    "The accident board will read the recorder of the ship and question the crew. "
    "About 40 tonnes of fuel are in the tanks, and a barrier was laid around the ship. "
    "Divers found a hole of three metres below the waterline of the ferry."
)
AGAIN = (
    "A ferry with 310 people on board, the Halden, ran aground off Brekk on Sunday. "
    "Within two hours all passengers were taken off by lifeboats, said the coast guard. "
    "The rudder had failed in the narrow channel, captain Arne Holt said. "
    "The two sister ships of the Halden were taken out of service by Orsund Line. "
    "The cook told us how he had kept the children calm with pancakes. "
    "Holidaymakers on the beach watched the rescue through their binoculars."
)
NEWS = (
    "Captain Arne Holt was charged with negligence over the grounding of the Halden. "
    "Prosecutor Tora Lie said he had switched off the alarm an hour before. "
    "He faces up to three years in prison and has denied the charge. "
    "The trial is to open in Brekk in the autumn. "
    "The ferry Halden ran aground off Brekk with 310 people on board. "
    "The rudder had failed in the narrow channel, Holt said at the time."
)
OLD = article("first", FIRST)
DAY = 24


def test_an_article_much_of_which_was_said_is_found_as_the_first_after_a_silence():
    assert retold([OLD, article("again", AGAIN, hours=6 * DAY)], among={"again"}) == {"again"}


@pytest.mark.parametrize(
    "later",
    [
        article("again", NEWS, hours=6 * DAY),
        article("again", AGAIN, hours=4 * DAY),  # others told it in those days, too
        article("again", AGAIN[:300], hours=6 * DAY),  # too short to tell
    ],
)
def test_news_and_what_comes_soon_is_not_taken_for_it(later):
    assert retold([OLD, later], among={"again"}) == frozenset()


def test_a_story_that_begins_or_goes_on_is_told():
    again = article("again", AGAIN, hours=6 * DAY)
    assert retold([again], among={"again"}) == frozenset()
    assert retold([OLD, article("news", NEWS, hours=5 * DAY), again], among={"again"}) == frozenset()
    assert retold([OLD, again], among=set()) == frozenset()


def test_what_was_retold_ends_no_silence():
    first, second = (article(f"again-{n}", AGAIN, hours=(6 + n) * DAY) for n in range(2))
    assert retold([OLD, first, second], among={first.id, second.id}) == {first.id, second.id}

"""A role stands as printed, and its country or body there or where the text around leaves no doubt of it."""

from __future__ import annotations

import pytest

from tests.evidence.checking import check
from tests.support.running.rows import each_row


def test_a_role_without_a_name_is_printed_somewhere():
    said = "Mara Lindqvist, the harbour master of Norvik, resigned."
    assert check("harbour master of Norvik", said, field="role").passed
    assert check("mayor of Norvik", said, field="role").reason == "role"


def test_a_compound_does_not_hold_the_word_that_its_prefix_turns():
    said = "Mara Lindqvist, the ex-minister of Norvik, spoke on Monday."
    assert check("Mara Lindqvist: minister of Norvik", said, field="role").reason == "role"
    assert check("Mara Lindqvist: ex-minister of Norvik", said, field="role").passed


OPENED, MINISTER = "Japan opened talks on Monday.", "Foreign Minister Ida Roslin said they failed."
CUT, SPOKESMAN = (
    "Orsund Line cut 40 departures in Brekk.",
    "Spokesman Arne Holt called the vote irresponsible.",
)


@pytest.mark.parametrize(
    ("role", "told"),
    [
        ("Ida Roslin: foreign minister of Japan", (OPENED, MINISTER)),
        ("Ida Roslin: Japanese Foreign Minister", (OPENED, "The hall was full.", MINISTER)),
        ("Ida Roslin: Japanese foreign minister", ("Japan's Foreign Minister Ida Roslin left.",)),
        ("Arne Holt: spokesman for Orsund Line", (CUT, SPOKESMAN)),
        ("Arne Holt: Orsund Line spokesman", (CUT, SPOKESMAN)),
        ("Ida Roslin: foreign minister of Japan", (OPENED, "Foreign Minister Roslin said they failed.")),
        ("Ida Maria Roslin: foreign minister of Japan", (OPENED, MINISTER)),
        ("Arne Holt: spokesman for Orsund Line", ("Orsund Line cut 40 departures, and Orsund sold a ship.", SPOKESMAN)),
        # In another sentence of the article than the one that is cited.
        ("Ida Roslin: foreign minister of Japan", ("Japan's Foreign Minister Ida Roslin left.", "Roslin smiled.")),
    ],
)  # fmt: skip
def test_a_country_or_body_that_the_sentences_before_leave_no_doubt_of_belongs_to_a_role(role, told):
    assert check(role, *told, field="role", cited=(len(told),)).passed


@each_row(
    ("role", "told"),
    [
        ("Ida Roslin: foreign minister of Norway", (OPENED, MINISTER)),
        ("Ida Roslin: prime minister of Japan", (OPENED, MINISTER)),
        ("Ida Roslin: foreign minister of Japan", ("Japan opened talks with Norway.", MINISTER)),
        ("Ida Roslin: foreign minister of Japan", ("Talks in Japan were opened.", MINISTER)),
        ("Ida Roslin: foreign minister of Japan", (OPENED, "Norway came.", MINISTER)),
        ("Ida Roslin: foreign minister of Japan", (OPENED, "It rained.", "It snowed.", MINISTER)),
        ("Ida Roslin: foreign minister of Japan", ("Orsund Line cut departures in Japan.", MINISTER)),
        ("Ida Roslin: foreign minister of Japan", ("Norway's foreign minister, Roslin, left.", OPENED, MINISTER)),
        ("Ida Roslin: foreign minister of Japan", ("Norway's foreign minister, Ida Roslin, left.", OPENED, MINISTER)),
        ("Ida Roslin: foreign minister of Japan", (OPENED, "Foreign Minister Tom Hale met Ida Roslin.")),
        ("Ida Roslin: Japanese foreign minister", ("Foreign Minister Ida Roslin came to Japan.",)),
        ("Ida Roslin: Japanese singer", (OPENED, "Singer Ida Roslin said they failed.")),
        ("Ida Maria Roslin: foreign minister of Japan", ("Norway's foreign minister, Roslin, left.", OPENED, MINISTER)),
        ("Ida Roslin: mayor of Norvik", ("In Norvik deputy mayor Tom Hale met Ida Roslin.",)),
        ("Ida Roslin: deputy mayor at Norvik", ("In Norvik mayor Tom Hale met the deputy, Ida Roslin.",)),
        ("Arne Holt: spokesman for Orsund Line", ("Orsund Line met the Seafarers' Union.", SPOKESMAN)),
        ("Arne Holt: spokesman for Orsund Line", ("Tove Lind met Orsund Line.", SPOKESMAN)),
        ("Arne Holt: spokesman for Kestrel Line", (CUT, SPOKESMAN)),
    ],
)  # fmt: skip
def test_a_country_or_body_of_somebody_else_does_not(role, told):
    assert check(role, *told, field="role", cited=(len(told),)).reason == "role"


def test_a_title_that_begins_with_one_country_tells_whose_minister_it_is():
    role, told = "Ida Roslin: foreign minister of Japan", ("It rained.", MINISTER)
    assert check(role, *told, field="role", title="Japan pulls out of talks").passed
    assert check(role, *told, field="role", title="Japan and Norway pull out of talks").reason == "role"
    assert check(role, *told, field="role", title="Norway pulls out of talks").reason == "role"

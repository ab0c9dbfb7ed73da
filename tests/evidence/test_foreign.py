"""Words that no article has are found; statements in other languages than English are held against their own calendar."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.evidence.check import check_statement
from bot.evidence.foreign import foreign_words
from bot.evidence.proposed import FieldKind, ProposedField
from bot.evidence.update import check_fields
from bot.model.news import Citation
from tests.evidence.checking import article

TOLD = [article("Crews of the Osby harbour repaired five damaged cranes on Monday, the Ferry Union said.")]


def test_a_turn_of_phrase_may_use_words_of_its_own():
    assert foreign_words("Crews swiftly repaired the cranes.", TOLD) == ()
    assert foreign_words("Velvet thunderclap crews quietly repaired the cranes.", TOLD) == (
        "velvet",
        "thunderclap",
        "quietly",
    )


def test_no_word_is_allowed_where_none_may_be_foreign():
    assert foreign_words("Crews swiftly repaired the cranes.", TOLD, most=0) == ("swiftly",)


def test_a_word_inside_a_name_is_foreign_by_itself():
    assert foreign_words("The Ferry Velvet Union repaired the cranes.", TOLD) == ("velvet",)
    assert foreign_words("The Ferry Union repaired the cranes.", TOLD) == ()


ABROAD = [
    replace(
        article(
            "Trente-huit marins ont été blessés dans la nuit de mardi à mercredi à Norvik, a indiqué le port.",
            "Le conseil se réunira vendredi pour discuter de la grève.",
        ),
        language="fr",
    )
]


@pytest.mark.parametrize(
    ("statement", "cited", "reason"),
    [
        ("Trente-huit marins ont été blessés dans la nuit de mardi à mercredi 9 juillet à Norvik.", 1, ""),
        ("Trente-huit marins ont été blessés mardi 8 juillet à Norvik.", 1, ""),
        ("Le conseil se réunira le vendredi 11 juillet pour discuter de la grève.", 2, ""),
        ("Le conseil se réunira le samedi 12 juillet pour discuter de la grève.", 2, "date"),
        (
            "Trente-huit marins ont été blessés dans la nuit de mardi à mercredi 2 juillet à Norvik.",
            1,
            "date",
        ),
        ("Trente-huit marins ont été blessés jeudi 10 juillet à Norvik.", 1, "date"),
        ("Trente-huit marins ont été blessés le 10 juin à Norvik.", 1, "date"),
    ],
)
def test_a_day_with_its_date_in_another_language_must_be_the_day_of_its_sentence(
    statement: str, cited: int, reason: str
) -> None:
    citation = Citation(article_id="a", sentences=(cited,))
    verdict = check_statement(statement, [citation], articles={("a", 1): ABROAD[0]})
    assert verdict.reason == reason


def test_a_headline_in_another_language_may_have_a_quarter_more_words() -> None:
    words = "Le conseil du port se réunira vendredi pour discuter de la grève des marins de Norvik".split()
    texts = [" ".join(words[:15]), " ".join(words)]
    fields = [
        ProposedField(
            path="headline",
            kind=FieldKind.HEADLINE,
            text=text,
            citations=(Citation(article_id="a", sentences=(2,)),),
        )
        for text in texts
    ]
    told = replace(ABROAD[0], language="fr")
    reasons = [
        next(iter(check_fields([field], articles={("a", 1): one}))).verdict.reason
        for field in fields
        for one in (told, replace(told, language="en"))
    ]
    assert [reason == "length" for reason in reasons] == [False, True, True, True]

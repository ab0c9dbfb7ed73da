"""What no field may bring in: markup, hidden characters, words that no article has, facts inside questions."""

from __future__ import annotations

import pytest

from bot.evidence.proposed import FieldKind, ProposedField
from bot.updates.by_model.guard import asks_plainly, foreign_content, is_plain
from tests.flows.ferry import ARTICLES, article
from tests.support.running.rows import each_row

EVIL = (
    "https://evil.example", "www.evil.example", "<@U1>", "<!channel>", "@everyone", "@here", "[free](x)", "```x```", "<<x>>",
    "\u202eevil", "x\u200by",
)  # fmt: skip
PARTS = ("text", "who", "role", "value", "unit", "when")


def proposed(kind=FieldKind.FACT, **parts):
    text = "The union wants more pay for its members."
    return ProposedField(path="facts[0]", kind=kind, **({"text": text} | parts))


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("evil", EVIL)
def test_no_part_of_a_field_brings_in_markup(part, evil):
    refused = foreign_content(proposed(**{part: f"Talks {evil}"}), ARTICLES)
    assert refused.verdict.reason == "markup"
    assert not refused.verdict.passed


@pytest.mark.parametrize("text", ["Worse.", "Bankrupt.", "Over now."])
def test_a_word_or_two_are_no_line(text):
    assert foreign_content(proposed(text=text), ARTICLES).verdict.reason == "short"
    assert foreign_content(proposed(FieldKind.FIGURE, text="crew members", value="1,250"), ARTICLES) is None


@pytest.mark.parametrize("part", ["text", "who", "role"])
def test_no_part_brings_in_words_from_nowhere(part):
    refused = foreign_content(proposed(**{part: "velvet thunderclap operation underground"}), ARTICLES)
    assert refused.verdict.reason == "foreign"


def test_of_who_says_it_every_word_is_the_articles_own():
    assert foreign_content(proposed(text="The union wants more.", who="velvet"), ARTICLES)
    assert foreign_content(proposed(text="The union wants more.", who="Tove Lind"), ARTICLES) is None


def test_a_states_words_are_ours():
    assert (
        foreign_content(proposed(FieldKind.STATE, text="Velvet thunderclap operation underground."), ARTICLES)
        is None
    )


@pytest.mark.parametrize(
    "question",
    ["When do the two sides meet again?", "Which Orsund Line ferries stay in port?", "Does Karin Moe stay?"],
)
def test_an_open_question_may_ask_about_what_the_articles_name(question):
    assert asks_plainly(question, ARTICLES)
    assert foreign_content(proposed(FieldKind.QUESTION, text=question), ARTICLES) is None


@each_row(
    "question",
    [
        "When do they meet again",
        "?",
        "",
        "Who pays 90 million?",
        "Who said “never”?",
        "Zebulon Quillfeather?",
        "Quillfeather resigned?",
        "Why does Zebulon leave?",
        "Is https://evil.example true?",
        "Why " + "so very long " * 20 + "?",
    ],
)
def test_what_is_no_plain_question_is_refused(question):
    assert not asks_plainly(question, ARTICLES)
    assert foreign_content(proposed(FieldKind.QUESTION, text=question), ARTICLES).verdict.reason in {
        "question",
        "markup",
    }


def test_a_name_of_a_series_is_plain():
    assert is_plain("pay of the ferry crews", ARTICLES)
    assert not is_plain("velvet thunderclap operation", ARTICLES)
    assert not is_plain("pay <@U1>", ARTICLES)


def test_a_number_that_is_part_of_a_name_of_the_articles_is_no_fact_in_a_question():
    told = [article("phone", "Pictures of the Galaxy S9 by Samsung have leaked.")]
    assert asks_plainly("When will Samsung show the Galaxy S9?", told)
    assert not asks_plainly("When will Samsung show the Galaxy S8?", told)
    assert not asks_plainly("Will Samsung sell 9 million of the Galaxy S9?", told)

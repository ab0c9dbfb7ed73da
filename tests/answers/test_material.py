"""What a model is shown for a question: of several articles what speaks of it, with what stands beside it, once, within bounds."""

from __future__ import annotations

from bot.answers.material import MAX_MATERIAL_CHARS, MAX_MATERIAL_SENTENCES, material
from bot.model.conversation.answer import Passage
from tests.support.passages import article, asked, passage, weights

HARBOUR = (
    "The harbour strike began on Monday. Crane drivers want nine percent. "
    "The mayor opened a fair. A band played until midnight. The weather stayed dry."
)


def shown(question, *passages, first=()):
    understood = asked(question)
    return [one.text for one in material(passages, understood, weights(understood), first=first)]


def test_a_sentence_that_answers_the_one_beside_it_is_shown_though_no_passage_held_it():
    made = article(HARBOUR, title="Port")
    found = Passage(article=made, sentences=(1,), score=1.0)
    assert shown("What do the people of the harbour strike want?", found)[:2] == [
        "The harbour strike began on Monday.",
        "Crane drivers want nine percent.",
    ]


def test_every_article_gives_its_best_before_one_gives_everything():
    long = passage(" ".join(f"The harbour strike goes on, day {n}." for n in range(1, 70)), score=5.0)
    short = passage("Ferries stay in the harbour. The strike is over.", title="Ferries", score=1.0)
    told = shown("Is the harbour strike over?", long, short)
    assert "The strike is over." in told
    assert len(told) == MAX_MATERIAL_SENTENCES


def test_a_sentence_that_two_articles_print_is_shown_once():
    one, other = passage(HARBOUR, title="One"), passage(HARBOUR, title="Other")
    told = shown("When did the harbour strike begin?", one, other)
    assert len(told) == len(set(told))


def test_headings_and_bylines_are_not_shown():
    made = passage(
        "The harbour strike began on Monday.\n\nWhat is the harbour strike?\n\nRead more", title="P"
    )
    assert shown("When did the harbour strike begin?", made) == ["The harbour strike began on Monday."]


def test_what_a_ledger_says_comes_before_what_was_found():
    said = passage("The talks broke off on Sunday.", title="Talks", days=3)
    found = [passage(f"The harbour strike {n} " + "x" * 480 + ".", title=f"S{n}") for n in range(20)]
    told = shown("What of the harbour strike?", *found, first=[said])
    assert "The talks broke off on Sunday." in told
    assert sum(map(len, told)) <= MAX_MATERIAL_CHARS


def test_sentences_are_numbered_by_day_article_and_place():
    old = passage("The harbour strike began.", title="Old", days=4)
    new = passage("The harbour strike ended.", title="New")
    understood = asked("What of the harbour strike?")
    made = material([new, old], understood, weights(understood))
    assert [(one.number, one.text) for one in made] == [
        (1, "The harbour strike began."),
        (2, "The harbour strike ended."),
    ]

import pytest

from bot.updates.by_rules.introduced import has_unexplained_initials, speaks_unintroduced
from tests.servers.written import article
from tests.support.running.rows import each_row

TEXT = "The port closes on Monday, harbour master Anna Berg said.\nThe House met in the New York Hall."


@pytest.mark.parametrize(
    ("text", "title", "unknown"),
    [
        ("Berg said that both piers were full.", "Port of Osby closes", True),
        ("Both piers were full, said Berg.", "Port of Osby closes", True),
        ("Berg said that both piers were full.", "Berg closes the port of Osby", False),
        ("Harbour master Anna Berg said that both piers were full.", "Port of Osby closes", False),
        ("Berg closed both piers.", "Port of Osby closes", False),  # nobody speaks
        (
            "Moe said that both piers were full.",
            "Port of Osby closes",
            False,
        ),  # the article has no fuller name
    ],
)
def test_a_single_name_that_speaks_is_known_from_the_title_or_it_is_unintroduced(text, title, unknown):
    assert speaks_unintroduced(text, article(TEXT, title=title)) is unknown


def test_in_languages_whose_nouns_have_capitals_nothing_is_known_of_names():
    text = "Berg sagte, beide Piers seien voll."
    german = article(
        f"Hafenmeisterin Anna Berg schloss den Hafen.\n{text}", title="Hafen schließt", language="de"
    )
    assert not speaks_unintroduced(text, german)


@pytest.mark.parametrize("text", ["", " ", "A" * 100_000, "A " * 50_000, "said " * 20_000])
def test_any_text_is_read(text):
    assert not speaks_unintroduced(text, article(TEXT))


HARBOUR = "The Osby Harbour Board (OHB) closed both piers.\nThe Velmar Crane Works sold a crane to the US."
LONG = "The OHB closed both piers " + "and the road that leads to them " * 7


@each_row(
    ("text", "title", "unknown"),
    [
        ("The crane was sold by VC.", "Port of Osby closes", True),
        ("The crane was sold by VC.", "Velmar Cranes sells crane", True),
        ("The crane was sold by the VCW.", "Port of Osby closes", False),  # not in so many letters
        ("The OHB closed both piers.", "Port of Osby closes", False),  # it is spelled out
        (LONG, "Port of Osby closes", True),  # it has no room for that
        (LONG, "OHB closes port", False),
        (LONG, "Osby Harbour Board closes port", False),
        (f"{LONG} of the Osby Harbour Board (OHB).", "Port of Osby closes", False),
        ("A crane was sold to the US.", "Port of Osby closes", False),  # everybody knows it
        ("The KLM flight was late.", "Port of Osby closes", False),  # the article has no fuller name
    ],
)
def test_initials_are_known_from_the_title_or_the_sentence_or_they_are_unexplained(text, title, unknown):
    assert has_unexplained_initials(text, article(HARBOUR, title=title)) is unknown


def test_an_actors_words_are_not_spelled_out():
    page = article(HARBOUR, title="Port of Osby closes")
    assert has_unexplained_initials("The OHB closed both piers.", page, spelled_out=False)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.sentences.clauses import (
    MAX_CUT_SENTENCE_CHARS,
    attributed,
    balanced,
    finite,
    is_clause,
    lead_free,
    parts,
    tells,
    tidy,
)


@pytest.mark.parametrize(
    ("sentence", "claim", "speaker"),
    [
        (
            "The line reopened at noon, the harbour master said.",
            "The line reopened at noon",
            "the harbour master",
        ),
        (
            "The meeting ended with “no result,” a delegate close to the chair told reporters.",
            "The meeting ended with “no result”",
            "a delegate close to the chair",
        ),
        (
            "The dam held overnight, according to the water board.",
            "The dam held overnight",
            "the water board",
        ),
        ("The minister said on Tuesday that the dam had held.", "the dam had held.", "The minister"),
        ("The dam held, said the source, who asked not to be named.", "The dam held", "the source"),
    ],
)
def test_a_sentence_is_parted_into_claim_and_speaker(sentence: str, claim: str, speaker: str) -> None:
    said = attributed(sentence)
    assert said is not None
    assert (said.claim, said.speaker) == (claim, speaker)


def test_an_ordinary_comma_is_no_attribution() -> None:
    assert attributed("The ferry, an old one, sank near Bergen, killing two.") is None


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        ("The council approved the plan, but it did not fund it.", "did not fund"),
        ("The council approved the plan although no money was found.", "no money"),
        ("The council approved the plan, the mayor said.", "the mayor said"),
        ("The council approved the plan, according to its own records.", "according to"),
    ],
)
def test_no_part_loses_a_negation_or_who_claims_it(sentence: str, kept: str) -> None:
    assert all(kept in part for part in parts(sentence))


def test_a_verb_after_an_insertion_is_never_cut_off() -> None:
    sentence = "Officials said at least 84 passengers, including nine from Ghent, were rescued on Sunday."
    assert "Officials said at least 84 passengers" not in list(parts(sentence))


def test_parts_grow_shorter_and_end_cleanly() -> None:
    sentence = "The storm reached Porto on Friday after crossing the bay, tearing roofs from houses."
    found = list(parts(sentence))
    assert found[0] == sentence
    assert "The storm reached Porto on Friday" in found
    assert [len(p) for p in found] == sorted((len(p) for p in found), reverse=True)


def test_datelines_and_connectives_are_no_part_of_a_sentence() -> None:
    assert lead_free("OSLO, Norway — The bank kept its rate.") == "The bank kept its rate."
    assert lead_free("But the bank kept its rate.") == "the bank kept its rate."
    assert lead_free("Meanwhile, the bank kept its rate.") == "the bank kept its rate."


def test_a_name_with_only_a_relative_clause_is_no_clause() -> None:
    assert not is_clause("The operator, which was recently fined by the court")
    assert is_clause("The operator was fined by the court")


def test_a_mark_inside_closing_quotes_goes_with_the_cut() -> None:
    assert tidy("it ended with “no result,”") == "It ended with “no result”"
    assert not balanced("it ended with “no result")


@given(st.text(alphabet="abc ABC,.;—“”()'", max_size=200))
def test_every_part_is_an_unbroken_run_of_the_sentence(text: str) -> None:
    squeezed = " ".join(text.split()).lower().replace(",", "").replace(";", "")
    for part in list(parts(text))[1:]:
        assert part.lower().replace(",", "").replace(";", "") in squeezed


def test_an_endless_sentence_is_not_cut_at_all() -> None:
    assert list(parts("word, " * MAX_CUT_SENTENCE_CHARS)) == []


@pytest.mark.parametrize(
    "line",
    [
        "BREVON CITY (CW) ",
        "CIUDAD ALBA, Sanvera, April 15 (Continental Wire) - ",
        "KOTA LESTAR, Marang (CW) — ",
    ],
)
def test_a_dateline_is_no_part_of_its_sentence(line: str) -> None:
    assert lead_free(line + "Brevonia banned imports of wheat.") == "Brevonia banned imports of wheat."


def test_a_verb_behind_a_name_that_ends_like_an_article_is_one() -> None:
    for sentence in (
        "Mattarella dissolved the chamber.",
        "Lindan attacked the port.",
        "Velma Moe wore a hat.",
    ):
        assert tells(sentence)
    for heading in (
        "Rescue of an injured driver in Osby.",
        "Farewell to a retired teacher.",
        "Hall of the dissolved chamber.",
    ):
        assert not tells(heading)


def test_a_past_tense_behind_a_name_that_ends_like_an_article_or_of_is_finite() -> None:
    assert finite("North Korea fired a missile.")
    assert finite("Catalan deputies of Girona thereof reported it.")
    for heading in (
        "Pay of a fired clerk",
        "Care for the wounded",
        "Help for an injured driver",
        "Hall of sealed doors",
    ):
        assert not finite(heading)


def test_a_dateline_in_small_letters_goes_with_its_agency():
    assert lead_free("Port Selin (CNN Business) A storm came.") == "A storm came."
    for whole in (
        "Brandt — who resigned — spoke.",
        "Osby – Velmar ended in a draw.",
        "Osby (town hall) A storm came.",
    ):
        assert lead_free(whole) == whole

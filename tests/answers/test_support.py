"""Support: high where a passage answers, low where it only speaks of something near."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.asked import Window
from bot.answers.support import PassageFeatures, PassageSupport, features, share, support, value
from bot.config import Answers
from tests.support.passages import asked, passage, weights

STORM = passage(
    "Storm Ilsa killed 19 people in Marenga. The army sent 40 boats.", title="Storm Ilsa: 19 dead"
)
DEAL = passage(
    "Velmora Grid buys Tessel Power for $4.2 billion, Ingrid Solberg said.", title="Velmora buys Tessel"
)
THRESHOLD = Answers().threshold


def held(question, *passages):
    understood = asked(question)
    return support(passages, understood, weights(understood)).value


@pytest.mark.parametrize(
    ("question", "one"),
    [
        ("How many people died in Storm Ilsa?", STORM),
        ("How many boats did the army send to Marenga?", STORM),
        ("How much does Velmora pay for Tessel?", DEAL),
        ("Who spoke about the purchase of Tessel Power?", DEAL),
    ],
)
def test_what_a_passage_answers_is_supported(question, one):
    assert held(question, one) >= THRESHOLD


@pytest.mark.parametrize(
    ("question", "one"),
    [
        ("How many people died in Storm Karl?", STORM),
        ("How much did the boats cost?", STORM),
        ("How fast were the winds of Ilsa?", STORM),
        ("How many employees does Velmora have in Norway?", DEAL),
        ("Who won the election in Velmora's home town?", DEAL),
    ],
)
def test_what_is_only_near_is_not(question, one):
    assert held(question, one) < THRESHOLD


def test_nothing_found_is_no_support_and_says_so():
    understood = asked("Who won?")
    nothing = support((), understood, weights(understood))
    assert nothing.value == 0.0
    assert "nothing" in nothing.why[0]


def test_the_best_passage_decides_and_is_explained():
    understood = asked("How many people died in Storm Ilsa?")
    found = support((DEAL, STORM), understood, weights(understood))
    assert found == support((STORM,), understood, weights(understood))
    assert "names 1.00" in found.why[0]


unit = st.floats(0, 1)


@given(
    st.builds(PassageFeatures, passage=unit, sentence=unit, article=unit, names=unit, form=unit),
    st.sampled_from(["passage", "sentence", "article", "names", "form"]),
)
def test_more_of_anything_never_lowers_support(features, which):
    more = PassageFeatures(
        **{f: 1.0 if f == which else getattr(features, f) for f in features.__dataclass_fields__}
    )
    assert 0.0 <= value(features) <= value(more) <= 1.0


NONE = PassageFeatures(passage=0.0, sentence=0.0, article=0.0, names=0.0, form=0.0)
SHIP = "The ship lay in Vessia."
FITTED = {"passage": 2.4, "sentence": 2.8, "article": 2.35, "names": 2.6, "form": 3.1}


def logit(chance):
    return math.log(chance / (1 - chance))


@pytest.mark.parametrize(("name", "weight"), FITTED.items())
def test_each_feature_counts_as_much_as_was_fitted(name, weight):
    assert logit(value(NONE)) == pytest.approx(-10.9)
    assert logit(value(replace(NONE, **{name: 1.0}))) - logit(value(NONE)) == pytest.approx(weight)


def test_the_reasons_name_every_feature_with_two_digits():
    assert PassageSupport().why == ("support 0.00: nothing holds any of it",)
    one = PassageSupport(value=0.25, features=replace(NONE, names=0.5))
    assert one.why == ("support 0.25 (passage 0.00, sentence 0.00, article 0.00, names 0.50, form 0.00)",)


def test_only_the_five_best_passages_are_looked_at():
    understood = asked("How many people died in Storm Ilsa?")
    told = weights(understood)
    others = (DEAL,) * 5
    assert support((*others[:4], STORM), understood, told) == support((STORM,), understood, told)
    assert support((*others, STORM), understood, told) == support((DEAL,), understood, told)


@pytest.mark.parametrize(("before", "held"), [(59, 1.0), (60, 0.0)])
def test_sixty_sentences_of_the_article_are_read(before, held):
    long = passage("The quay was quiet. " * before + "Marenga.", title="Nothing")
    one = replace(long, sentences=(1,))
    assert len(one.article.sentences) == before + 1
    found = features(one, asked("Marenga?"), {"marenga": 1.0})
    assert (found.article, found.passage, found.sentence) == (held, 0.0, 0.0)


def test_another_word_for_the_one_asked_counts_four_fifths():
    assert share({"film"}, {"film": 3.0}) == 1.0
    assert share({"movi"}, {"film": 3.0}) == pytest.approx(0.8)
    assert share({"movi"}, {"film": 3.0, "harbour": 1.0}) == pytest.approx(0.6)
    assert share({"boat"}, {"film": 3.0}) == 0.0


def test_of_no_words_nothing_is_held():
    assert share({"film"}, {}) == 0.0


@pytest.mark.parametrize(
    ("names", "held"), [((), 1.0), ((("vessia",), ("marenga",)), 0.5), ((("vessia", "harbour"),), 0.0)]
)
def test_names_count_by_how_many_are_held_wholly(names, held):
    understood = replace(asked("Where?"), names=names)
    assert features(passage(SHIP, title="Port"), understood, {}).names == held


def test_a_name_is_held_by_another_word_for_it_too():
    understood = replace(asked("Where?"), names=(("britain",),))
    assert features(passage("British ships lay here.", title="Port"), understood, {}).names == 1.0
    assert features(passage("Norwegian ships lay here.", title="Port"), understood, {}).names == 0.0


def test_the_words_of_the_question_itself_count_as_much_as_those_of_its_context():
    understood = replace(asked("ship?"), stems=("ship",))
    found = features(passage(SHIP, title="Port"), understood, {"ship": 1.0, "captain": 3.0})
    assert found.passage == pytest.approx((0.25 + 1.0) / 2)


def test_the_title_counts_with_each_sentence_and_the_best_sentence_counts():
    understood = replace(asked("ship?"), stems=("ship", "port", "vessia"))
    told = {"ship": 1.0, "port": 1.0, "vessia": 2.0}
    one = passage("Nobody spoke. The ship lay in Vessia.", title="Port")
    assert features(one, understood, told).sentence == 1.0
    assert features(replace(one, sentences=(1,)), understood, told).sentence == 0.25
    assert features(replace(one, sentences=()), understood, told).sentence == 0.0
    assert features(replace(one, sentences=()), understood, told).form == 0.0


@pytest.mark.parametrize(("asked_for", "best", "fits"), [(1.0, 0.8, 1.0), (5.0, 1.0, 0.0)])
def test_a_sentence_with_the_kind_of_answer_is_preferred_to_one_with_a_little_more_words(
    asked_for, best, fits
):
    # The first sentence holds every word, the second a number but not the word whose weight is given.
    one = passage("Ships and captains left. Then 40 ships left.", title="Port")
    understood = replace(asked("How many ships left?"), stems=("ship",))
    told = {"ship": 4.0, "captain": asked_for}
    found = features(one, understood, told)
    assert (found.sentence, found.form) == (best, fits)


def test_words_are_read_in_the_language_of_the_article():
    german = passage("Die Häuser brannten.", title="Brand")
    for language, held in (("de", 1.0), ("en", 0.0), ("", 0.0)):
        one = replace(german, article=replace(german.article, language=language))
        assert features(one, replace(asked("Haus?"), stems=("haus",)), {"haus": 1.0}).passage == held


def test_an_article_of_no_language_is_read_as_english():
    one = passage("Nations spoke of relational policies.", title="Talks")
    unnamed = replace(one, article=replace(one.article, language=""))
    understood = replace(asked("nations?"), stems=("nation",))
    assert features(unnamed, understood, {"nation": 1.0}).passage == 1.0


@pytest.mark.parametrize(
    ("names", "text", "held"),
    [
        ((("aria", "17"),), "Aria 17 was sold.", 1.0),
        ((("aria", "17"),), "Aria was sold 17 times.", 0.0),
        ((("aria", "17"),), "Aria 16 was sold.", 0.0),
        ((("vela", "aria", "17"),), "Vela showed Aria 17.", 1.0),
        ((("vela", "aria", "17"),), "Aria 17 was sold.", 0.0),
        ((("17",),), "It was sold 17 times.", 1.0),
    ],
)
def test_the_number_of_a_name_stands_behind_it(names, text, held):
    understood = replace(asked("Where?"), names=names)
    assert features(passage(text, title="Port"), understood, {}).names == held


def test_the_number_of_a_name_is_found_in_the_language_of_the_article():
    german = passage("Die Häuser 5 brannten.", title="Brand")
    understood = replace(asked("Where?"), names=(("haus", "5"),))
    for language, held in (("de", 1.0), ("en", 0.0)):
        one = replace(german, article=replace(german.article, language=language))
        assert features(one, understood, {}).names == held


@pytest.mark.parametrize(("seconds", "held"), [(0, 1.0), (1, 0.0)])
@pytest.mark.parametrize("side", ["since", "until"])
def test_the_title_speaks_of_the_days_asked_for_where_it_came_within_sixty_days_of_them(side, seconds, held):
    one = passage("Nobody spoke.", title="Port")
    away = timedelta(days=60, seconds=seconds)
    asked_for = one.article.published_at + (away if side == "since" else -away)
    understood = replace(asked("port?"), stems=("port",), window=Window(**{side: asked_for}))
    assert features(one, understood, {"port": 1.0}).sentence == held


CALLED = passage("The crews halted their walkout on Monday in Velmar.", title="Crews halt walkout in Velmar")


def test_of_one_word_alone_another_word_for_it_is_no_support():
    one = asked("What about halt?")
    assert len(one.stems) == 1
    assert not one.context
    other = replace(one, stems=tuple(asked("What about stop?").stems))
    assert support([CALLED], one, weights(one)) != PassageSupport()
    assert support([CALLED], other, weights(other)) == PassageSupport()
    # Beside a second word, or a context, it counts.
    two = asked("What about stop and walkout?")
    assert len(two.stems) == 2
    assert support([CALLED], two, weights(two)) != PassageSupport()
    earlier = replace(other, context=asked("What about walkout?").stems)
    assert support([CALLED], earlier, weights(earlier)) != PassageSupport()

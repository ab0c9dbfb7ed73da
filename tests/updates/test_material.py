"""What a reader of a story is shown: every new sentence, each once, each number leading back to where it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.news import Citation, DateSource, Sentence
from bot.updates.material import MAX_MATERIAL_SENTENCE_CHARS, batches_of, cited, lines
from tests.flows.ferry import ARTICLES, MONDAY, article

FIRST, SECOND = ARTICLES
THINGS = (
    "harbour dues, winter timetables, lighthouse repairs, school meals, library hours, bridge tolls, snow ploughs, "
    "market stalls, water meters, bus shelters, forest paths, parking fines, museum tickets, street lamps, dog licences, "
    "football pitches, refuse bins, church bells, cycle lanes, fishing quotas, hospital beds, tax refunds, ski lifts, "
    "night trains, garden plots, radio masts"
).split(", ")
LONG = " ".join(f"Councillors voted about {thing} after a debate." for thing in THINGS)


def only(*articles, **more):
    (batch,) = batches_of(articles, **more)
    return batch


def test_all_sentences_are_shown_oldest_article_first_under_letter_outlet_day_and_title():
    assert lines(only(SECOND, FIRST)).splitlines() == [
        "A. The art-0, Mon 03 March 2025: Ferry talks",
        *(f"[{n}] {s.text}" for n, s in enumerate(FIRST.sentences, 1)),
        "B. The art-1, Mon 03 March 2025: Ferry talks",
        *(f"[{n}] {s.text}" for n, s in enumerate(SECOND.sentences, 4)),
    ]
    undated = replace(FIRST, date_source=DateSource.FETCHED)
    assert "undated, first seen" in lines(only(undated))


def test_no_sentence_is_left_out_however_long_the_article():
    batch = only(article("long", LONG))
    assert len(batch.sentences) == 26


def test_a_near_copy_is_shown_once_also_of_what_was_read_before():
    reprint = article(
        "copy", FIRST.sentences[1].text + " The mediator, Karin Moe, has called both in.", hours=2
    )
    assert [one.text for one in only(FIRST, reprint).sentences][3:] == [reprint.sentences[1].text]
    assert [one.text for one in only(reprint, read=[FIRST]).sentences] == [reprint.sentences[1].text]


def test_the_same_sentence_with_another_number_is_no_copy():
    one = article("a", "At least 27 people were injured in the fire at the mill in Brekk on Monday night.")
    two = article(
        "b", "At least 31 people were hurt in the fire at the old mill of Brekk, police say now.", hours=3
    )
    assert len(only(one, two).sentences) == 2


def test_an_article_that_only_copies_is_in_a_batch_without_sentences():
    batch = only(article("copy", FIRST.sentences[0].text, hours=2), read=[FIRST])
    assert (batch.sentences, [a.id for a in batch.articles]) == ((), ["copy"])


def test_page_furniture_is_left_out():
    page = article(
        "page", FIRST.sentences[0].text + " Sign up for our newsletter. Read more: the latest news."
    )
    assert [one.text for one in only(page).sentences] == [FIRST.sentences[0].text]


def test_what_is_too_large_is_divided_between_articles_where_they_fit():
    speakers = ("Ministers in Velmar", "Judges of Ostrana", "Doctors from Brekk")
    three = [article(f"a{i}", LONG.replace("Councillors", speakers[i]), hours=i) for i in range(3)]
    size = max(sum(len(s.text) for s in one.sentences) for one in three)
    batches = batches_of(three, max_chars=size + 10)
    assert [[a.id for a in batch.articles] for batch in batches] == [["a0"], ["a1"], ["a2"]]
    assert [one.number for one in batches[1].sentences] == list(range(1, 27))


def test_an_article_larger_than_a_batch_is_divided_and_none_of_it_lost():
    batches = batches_of([article("long", LONG)], max_chars=300)
    assert len(batches) > 3
    assert [one.sentence for batch in batches for one in batch.sentences] == list(range(1, 27))
    assert all([a.id for a in batch.articles] == ["long"] for batch in batches)


def test_letters_go_on_behind_z():
    many = [article(f"a{i:02}", f"Person number {i} spoke to the crowd. ", hours=i) for i in range(28)]
    assert list(only(*many).letters)[25:] == ["Z", "AA", "AB"]


def test_a_number_leads_to_its_sentence_and_an_unknown_one_to_no_article():
    batch = only(FIRST, SECOND)
    assert cited([5, 2, 1, 2], batch) == (
        Citation(article_id="art-1", sentences=(2,)),
        Citation(article_id="art-0", sentences=(1, 2)),
    )
    (unknown,) = cited([99], batch)
    assert unknown.article_id not in {"art-0", "art-1"}


def test_what_was_shown_of_each_article_is_known():
    assert only(FIRST, SECOND).shown == {
        ("art-0", 1): frozenset({1, 2, 3}),
        ("art-1", 1): frozenset({1, 2, 3}),
    }


@given(st.lists(st.text(min_size=1, max_size=900), min_size=1, max_size=40), st.integers(1, 3000))
def test_any_text_stands_on_numbered_lines_of_bounded_length(texts, room):
    odd = replace(
        article("odd", "x"),
        published_at=MONDAY + timedelta(hours=1),
        sentences=tuple(Sentence(number=i, text=t) for i, t in enumerate(texts, 1)),
    )
    batches = batches_of([odd], max_chars=room)
    shown = [one for batch in batches for one in batch.sentences]
    assert all(0 < len(one.text) <= MAX_MATERIAL_SENTENCE_CHARS and "\n" not in one.text for one in shown)
    assert len({one.sentence for one in shown}) == len(shown)
    for batch in batches:
        assert [one.number for one in batch.sentences] == list(range(1, len(batch.sentences) + 1))
        written = lines(batch).split("\n")
        headers = len({one.article.id for one in batch.sentences})
        assert len(written) == max(1, len(batch.sentences) + headers)


TOLL = article(
    "toll", "Fire burned a mill in Brekk on Sunday. Police look for the cause.", title="59 dead in Brekk fire"
)


def test_a_title_that_says_what_no_sentence_does_has_a_number_behind_all_of_them():
    later = article("later", "The mill of Brekk was closed on Monday by its owner.", hours=2)
    batch = only(TOLL, later)
    assert lines(batch).splitlines() == [
        "A. The toll, Mon 03 March 2025: [4] 59 dead in Brekk fire",
        f"[1] {TOLL.sentences[0].text}",
        f"[2] {TOLL.sentences[1].text}",
        "B. The later, Mon 03 March 2025: Ferry talks",
        f"[3] {later.sentences[0].text}",
    ]
    assert cited([4, 2], batch) == (Citation(article_id="toll", sentences=(0, 2)),)
    assert batch.shown["toll", 1] == {0, 1, 2}
    assert "later" in {a.id for a in only(TOLL, later, read=[]).articles}
    assert batch.shown["later", 1] == {1}


@pytest.mark.parametrize(
    "title",
    [
        "Fire burned a mill in Brekk",  # its sentence says it
        "How did 59 people die in Brekk?",
        "Fire in Brekk: what we know of the 59 dead",
        "59 dead in Brekk fire after the …",
        "Brekk: 59 dead",  # a label
        "",
    ],
)
def test_a_title_that_reports_nothing_of_its_own_has_no_number(title):
    assert only(replace(TOLL, title=title)).titles == ()


def test_of_a_title_the_outlet_behind_it_is_left_out():
    (title,) = only(replace(TOLL, title="59 dead in Brekk fire - The toll")).titles
    assert title.text == "59 dead in Brekk fire"


def test_a_title_is_shown_once_also_where_it_was_read_before():
    copy = article("copy", "A church bell rang for the victims all night long.", title=TOLL.title, hours=1)
    assert [one.article.id for one in only(TOLL, copy).titles] == ["toll"]
    assert only(copy, read=[TOLL]).titles == ()


def test_a_title_alone_is_shown_again_for_a_correction():
    assert lines(only(TOLL), only={3}).splitlines() == [
        "A. The toll, Mon 03 March 2025: [3] 59 dead in Brekk fire"
    ]


def test_of_some_sentences_the_article_and_its_day_stand_above_too():
    few = lines(only(FIRST, SECOND), only={2, 5}).split("\n")
    assert [line[:3] for line in few] == ["A. ", "[2]", "B. ", "[5]"]


def test_rule_13_of_an_edited_article_a_corrected_number_is_shown_and_what_it_had_before_is_not():
    told = "At least 27 people were hurt when a ferry of Orsund Line hit the stone quay in Brekk "
    told += "early on Monday in thick fog, the harbour police and a hospital said."
    first = article("a", f"{told} The quay is closed until the harbour office has looked at it.")
    second = replace(
        article(
            "a", f"{told.replace('27', '29')} The quay is closed until the harbour office has looked at it."
        ),
        revision=2,
    )
    assert [s.text for s in only(second, read=[first]).sentences] == [told.replace("27", "29")]


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("will be held on Friday", "will be held on Sunday"),
        ("by 61 of the members present", "by 54 of the members present"),
        ("under the speaker Anna Holm", "under the speaker Berit Holm"),
    ],
)
def test_a_sentence_with_another_day_number_or_name_is_no_copy(before, now):
    text = "The second vote on the water law in the parliament of Orm {} and decides on the price of river water."
    first, second = article("a", text.format(before)), article("b", text.format(now), hours=3)
    assert [s.text for s in only(second, read=[first]).sentences] == [text.format(now)]
    assert not only(
        article("c", text.format(before).replace("second", "very"), hours=3), read=[first]
    ).sentences

"""Which stories an article is compared with: few, however many there are, and those that are like it."""

from __future__ import annotations

from bot.posting_lists import MAX_POSTINGS, add_postings, drop_postings, read_postings, story_key
from bot.stories.clustering.candidates import (
    INDEXED_TERMS,
    PAIR_NAMES,
    PAIRED_TERMS,
    asked_terms,
    indexed_terms,
    likest_stories,
)
from bot.stories.clustering.cluster import MAX_COMPARED_STORIES
from bot.stories.clustering.profiles import Corpus, StoryProfile


def postings(**stories):
    """Return the postings of stories by the terms of each, separated by blanks, in this order."""
    found = {}
    for story_id, terms in stories.items():
        for term in terms.split():
            found[term] = [add_postings(found.get(term, [b""])[0], [story_key(story_id)])]
    return found


def test_the_story_that_shares_the_heaviest_terms_comes_first():
    held = postings(flood="dam river rain", match="goal rain river", vote="ballot dam")
    found = likest_stories({"dam": 3.0, "river": 2.0, "rain": 1.0, "boat": 9.0}, held, corpus=Corpus())
    # "flood" shares 6 of the weight; the other two share 3 each.
    assert found[0] == story_key("flood")
    assert set(found) == {story_key(one) for one in ("flood", "match", "vote")}


def test_a_story_is_found_by_its_rare_term_when_thousands_share_the_common_ones():
    held = postings(sleeping="police zorvakin", **{f"sto{n}": "police" for n in range(3 * MAX_POSTINGS)})
    assert story_key("sleeping") not in read_postings(held["police"][0])
    assert likest_stories({"police": 1.0, "zorvakin": 5.0}, held, corpus=Corpus())[0] == story_key("sleeping")


def test_what_is_kept_of_a_term_and_compared_with_an_article_is_bounded():
    held = postings(**{f"sto{n}": "police" for n in range(1000)})
    kept = read_postings(held["police"][0])
    assert kept == tuple(story_key(f"sto{n}") for n in range(1000 - MAX_POSTINGS, 1000))
    assert len(likest_stories({"police": 1.0}, held, corpus=Corpus())) == MAX_COMPARED_STORIES
    assert likest_stories({"boat": 1.0}, held, corpus=Corpus()) == []


def test_a_story_that_goes_on_stays_among_the_newest_of_a_term():
    full = add_postings(b"", range(MAX_POSTINGS))
    assert add_postings(full, [MAX_POSTINGS - 1]) == full  # nothing is written for one that is new enough
    again = read_postings(add_postings(full, [0]))
    assert (again[-1], len(again)) == (0, MAX_POSTINGS)
    assert read_postings(add_postings(add_postings(full, [0]), range(1000, 1100)))[-101] == 0


def test_what_is_removed_is_found_no_more_and_damage_is_survived():
    data = add_postings(b"", [7, 8, 9])
    assert read_postings(drop_postings(data, {8})) == (7, 9)
    assert read_postings(b"abcde") == read_postings(b"abcd")


def test_a_story_is_found_by_its_heaviest_terms_alone():
    vector = {f"term{n:03}": float(n) for n in range(100)}
    terms = indexed_terms(StoryProfile(story_id="sto-1", vector=vector))
    assert terms[:INDEXED_TERMS] == [f"term{n:03}" for n in range(99, 99 - INDEXED_TERMS, -1)]
    assert len(terms) == INDEXED_TERMS + PAIRED_TERMS * (PAIRED_TERMS - 1) // 2


def test_a_sleeping_story_of_common_words_is_found_by_two_of_its_heaviest_together():
    weights = {"strike": 4.0, "harbour": 3.0, "union": 2.0}
    asleep = StoryProfile(story_id="asleep", vector=weights)
    held = postings(asleep=" ".join(indexed_terms(asleep)))
    for number in range(
        3 * MAX_POSTINGS
    ):  # each of its words is told of again and again, and no two of them together
        word = ("strike", "harbour", "union")[number % 3]
        newer = StoryProfile(story_id=f"sto{number}", vector={word: 1.0, f"other{number}": 1.0})
        for term in indexed_terms(newer):
            held[term] = [add_postings(held.get(term, [b""])[0], [story_key(newer.story_id)])]
    assert all(story_key("asleep") not in read_postings(held[word][0]) for word in weights)
    assert likest_stories(weights, held, corpus=Corpus())[0] == story_key("asleep")


def test_what_is_asked_for_is_what_a_story_of_the_same_words_is_found_by():
    weights = {f"term{n:03}": float(n) for n in range(INDEXED_TERMS)}
    assert set(asked_terms(weights)) == set(indexed_terms(StoryProfile(story_id="sto-1", vector=weights)))


def test_however_many_pairs_there_are_their_names_are_bounded_and_no_word_is_one():
    names = {
        term
        for n in range(500)
        for term in asked_terms({f"one{n}": 2.0, f"two{n}": 1.0})
        if not term.startswith(("one", "two"))
    }
    assert len(names) > 490
    assert all(name.startswith("+") and int(name[1:], 16) < PAIR_NAMES for name in names)

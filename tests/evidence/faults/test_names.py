"""A name is in the cited sentences, or is whom they mean."""

from __future__ import annotations

from tests.evidence.checking import check


def test_a_body_of_the_country_an_article_is_on_may_be_named_with_it():
    said = (
        "The Ferry Union stayed away.",
        "It rained.",
        "Few came.",
        "Many left.",
        "Ports in Norway are slow.",
    )
    assert check("The Ferry Union of Norway stayed away.", *said, cited=(1,)).passed
    assert check("The Ferry Union of Sweden stayed away.", *said, cited=(1,)).reason == "name"
    assert check("The Dockers Union of Norway stayed away.", *said, cited=(1,)).reason == "name"


def test_a_name_of_the_title_may_be_told_where_it_takes_nobodys_place():
    said, title = "The deal with Halden Foods closes in May.", "Kestrel Shipping buys Alba Lines"
    assert check("The Kestrel Shipping deal with Halden Foods closes in May.", said, title=title).passed
    assert check("The deal with Kestrel Shipping closes in May.", said, title=title).reason == "name"


def test_a_person_and_the_place_may_come_from_two_cited_sentences():
    said = ("Mara Lindqvist left the union after a long quarrel.", "She lives in Norvik.")
    assert check("Mara Lindqvist of Norvik left the union after a long quarrel.", *said).passed
    assert check("Mara Lindqvist of Osby left the union after a long quarrel.", *said).reason == "name"


def test_a_body_may_be_spelled_out_where_its_capitals_are_cited():
    said = "The ICC met at the port."
    assert check("The International Chamber of Commerce met at the port.", said).passed
    assert check("The International Chamber of Dentists met at the port.", said).reason == "name"


def test_a_first_word_that_is_a_name_in_the_rest_of_the_article_is_one():
    said = ("Crews met at the port.", "They spoke to Halden about boats.")
    assert check("Union dock crews met at the port.", *said, cited=(1,)).passed
    assert check("Halden dock crews met at the port.", *said, cited=(1,)).reason == "name"


def test_capitals_alone_are_a_name_at_the_beginning_too():
    said = "Crews met at the port."
    assert check("Union dock crews met at the port.", said).passed
    assert check("ICC dock crews met at the port.", said).reason == "name"


def test_a_body_may_be_named_with_its_country_before_it():
    said = "The Rowing League met in the UAE."
    assert check("The United Arab Emirates Rowing League met.", said).passed
    assert check("The Saudi Arabian Rowing League met.", said).reason == "name"


def test_who_backs_or_finances_it_is_a_name_of_its_own():
    said = "Norland pays for the ferry, which was sold."
    assert check("The Norland-financed ferry was sold.", said).passed
    assert check("The Velmar-financed ferry was sold.", said).reason == "name"


def test_a_place_named_elsewhere_does_not_stand_for_the_place_that_is_cited():
    said = ("Ole Brandt stood in Osby.", "He was convicted of fraud in Norvik and sentenced to four years.")
    assert check("Brandt was convicted of fraud in Norvik.", *said, cited=(2,)).passed
    assert check("Brandt was convicted of fraud in Osby.", *said, cited=(2,)).reason == "name"


def test_a_name_of_the_title_may_tell_of_what_a_noun_is():
    title = "Norvik to host the Harbour Cup"
    final = "And the Grand Final is set for May 14 in Osby."
    assert check("The Harbour Cup Grand Final is set for May 14 in Osby.", final, title=title).passed
    second = "Ukraine rows in the second semifinal, two days later."
    assert check("The second Harbour Cup semifinal is two days later.", second, title=title).passed


def test_a_name_of_the_title_takes_no_other_names_noun_and_does_nothing():
    title = "Norvik to host the Harbour Cup"
    said = "The Hale semifinal is set for May 14, and the Velmar Grand Final for May 16."
    assert check("The Harbour Cup semifinal is set for May 14.", said, title=title).reason == "name"
    assert check("The Harbour Cup Grand Final is set for May 16.", said, title=title).reason == "name"
    won = ("Osby won the semifinal.", "It rained in Osby.")
    assert check("Norvik won the semifinal.", *won, title=title, cited=(1,)).reason == "name"


def test_the_band_or_the_council_is_the_one_that_the_title_names():
    said, title = "The band members were given leave to travel.", "Norvik Brass to play in Osby"
    assert check("Norvik Brass's band members were given leave to travel.", said, title=title).passed
    assert check("Velmar Brass's band members were given leave.", said, title=title).reason == "name"

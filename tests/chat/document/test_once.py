"""A story says each thing once: what a fact tells is not said again beside who, among figures, or of two announcements."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.chat.document.once import _adds_nothing, once
from bot.model.message import Cite, Line, StoryBlock

STRIKE = StoryBlock(
    story_id="s",
    headline=Line(text="Nurses of Calder strike"),
    status=(Line(text="Talks go on", label="Was"), Line(text="4,100 nurses have walked out", label="Now")),
    bullets=(
        Line(text="The nurses' union CNA wants 600 new posts, its president Judith Amsel said."),
        Line(text="Hospitals in Calder put off 340 operations."),
    ),
)


def said(lines):
    return [(line.lead, line.text) for line in lines]


def block(**changes):
    return once(
        replace(STRIKE, **changes),
        was="Was",
        stands="Status",
        listed=(Line(lead="Fri 14 March", text="The court rules on Friday."),),
    )


def test_an_actor_whose_act_a_fact_tells_is_not_told_beside_it():
    actors = (
        Line(lead="Judith Amsel (union president)", text="wants 600 new posts for nurses"),
        Line(lead="Ivo Lantz (hospital director)", text="said that nobody will be turned away"),
        Line(lead="Judith Amsel", text="wants 600 new posts for nurses"),
        Line(lead="Calder CNA", text="wants 600 new posts for nurses"),
    )
    assert said(block(actors=actors).actors) == [
        ("Ivo Lantz (hospital director)", "said that nobody will be turned away"),
    ]


@pytest.mark.parametrize("role", ["President", "The Swiss", ""])
def test_a_title_alone_tells_nothing_of_whom_a_line_names(role):
    bare = Line(text="Judith Amsel wants 600 new posts for nurses.")
    actor = Line(lead=f"Judith Amsel ({role})" if role else "Judith Amsel", text="")
    assert block(bullets=(bare,), actors=(actor,)).bullets == (bare,)


def test_a_figure_that_a_fact_or_the_status_gives_is_not_given_again():
    figures = (
        Line(lead="600", text="new posts"),
        Line(lead="4,100", text="nurses who walked out"),
        Line(lead="340", text="nurses who were ill"),
        Line(lead="12 percent", text="rise in pay (according to CNA)"),
        Line(lead="most", text="operations"),
    )
    assert [line.text for line in block(figures=figures).figures] == [
        "nurses who were ill",
        "rise in pay (according to CNA)",
        "operations",
    ]


def test_a_number_that_is_no_figure_by_itself_is_known_by_its_letters():
    told = Line(text="It is the 15th strike of nurses in Calder, and the only one of cooks.")
    figures = (
        Line(lead="15th", text="strike of nurses"),
        Line(lead="15", text="strikes of nurses in Calder"),
        Line(lead="one", text="strike of cooks"),
        Line(lead="5", text="strikes of nurses"),
    )
    made = block(bullets=(*STRIKE.bullets, told), figures=figures)
    assert [line.lead for line in made.figures] == ["5"]


def test_an_act_that_the_line_that_names_its_actor_tells_in_other_words_is_not_told_again():
    fact = Line(text="Judith Amsel said that CNA does not accept the offer of the clinics but respects it.")
    again = Line(
        lead="Judith Amsel (union president)", text="says CNA respects the clinics' offer without accepting"
    )
    other = Line(lead="Judith Amsel (union president)", text="says CNA will sue the clinics")
    assert [line.text for line in block(bullets=(*STRIKE.bullets, fact), actors=(again,)).actors] == []
    assert block(bullets=(*STRIKE.bullets, fact), actors=(other,)).actors == (other,)


def test_a_figure_is_known_in_another_unit_and_by_another_word_for_the_harm():
    toll = Line(text="The death toll of the strike rose to at least 9 on Monday, 40 km from Osby.")
    figures = (
        Line(lead="at least 9", text="people killed"),
        Line(lead="at least 9", text="people hurt"),
        Line(lead="40 km (25 miles)", text="distance of the strike from Osby"),
    )
    assert [line.text for line in block(bullets=(*STRIKE.bullets, toll), figures=figures).figures] == [
        "people hurt"
    ]


def test_two_acts_that_two_facts_tell_are_not_told_again():
    facts = (
        Line(text="Judith Amsel called off the strike of the cooks in Osby."),
        Line(text="Judith Amsel sails to Velmar for a week of talks with the owners of mills."),
    )
    actor = Line(lead="Judith Amsel", text="calls off strike, sails to Velmar for talks with mill owners")
    assert block(bullets=facts, actors=(actor,)).actors == ()
    assert block(bullets=facts[:1], actors=(actor,)).actors == (actor,)


def test_a_figure_that_stands_beside_an_actor_is_not_given_again():
    actor = Line(lead="Judith Amsel", text="gets an option on 36 seats of the board")
    figure = Line(lead="36", text="seats of the board that she gets")
    assert block(actors=(actor,), figures=(figure,)).figures == ()


def test_a_second_fact_is_the_status_only_where_it_says_all_of_it_by_itself():
    status = "Nurses of Calder strike; hospitals put off 340 operations"
    lead = Line(text="The union CNA has called its members out.")
    second = Line(text="Hospitals in Calder put off 340 operations after the nurses went on strike.")
    assert status_of(status=status, facts=(lead, STRIKE.bullets[1], STRIKE.bullets[0]))[0] == [
        ("Status", STRIKE.bullets[1].text)
    ]
    union = "Union of the cooks in Osby meets the mediator; hospitals put off 340 operations"
    both = Line(
        text="Hospitals in Calder put off 340 operations, and the union of the cooks meets the mediator in Osby."
    )
    assert status_of(status=union, facts=(lead, both, STRIKE.bullets[0]))[0] == [("Status", both.text)]
    # A fact that tells the headline in full is no status.
    assert status_of(status=status, facts=(lead, second, STRIKE.bullets[0]))[0] == []


def test_who_does_what_is_announced_is_not_told_beside_the_announcement():
    coming = Line(lead="Fri 14 March", text="Ivo Lantz meets the mediator in Osby.")
    actor = Line(lead="Ivo Lantz (president)", text="meets the mediator in Osby")
    assert block(next=(coming,), actors=(actor,)).actors == ()


def test_a_body_of_one_word_and_a_name_before_its_noun_get_no_role():
    fact = Line(text="A Calder Union survey says that Velmar pays its cooks too late.")
    actors = (
        Line(lead="Velmar (Osby-based maker of soup)", text="pays its cooks too late"),
        Line(lead="Calder Union (body of workers)", text="says that Velmar pays its cooks too late"),
    )
    made = block(bullets=(*STRIKE.bullets, fact), actors=actors)
    assert made.bullets == (*STRIKE.bullets, fact)
    assert made.actors == ()


def test_one_announcement_of_a_day_is_listed_once_and_not_where_it_is_listed_below():
    coming = (
        Line(lead="Thu 13 March", text="The full house is to vote on the moratorium."),
        Line(lead="Thu 13 March", text="The vote on the moratorium is now planned for Thursday."),
        Line(lead="Thu 13 March", text="Nurses meet the mediator."),
        Line(lead="Fri 14 March", text="The full house is to vote on the budget."),
        Line(lead="Fri 14 March", text="The court rules on Friday."),
    )
    assert [line.text for line in block(next=coming).next] == [
        "The full house is to vote on the moratorium.",
        "Nurses meet the mediator.",
        "The full house is to vote on the budget.",
    ]


def test_what_a_fact_announces_in_the_same_words_is_not_announced_below_it():
    told = Line(lead="Thu 13 March", text="Hospitals in Calder put off 340 operations.")
    other = Line(lead="Thu 13 March", text="The mediator meets both sides.")
    assert block(next=(told, other)).next == (other,)


def test_what_a_fact_announces_with_its_day_is_not_announced_below_it():
    facts = (
        *STRIKE.bullets,
        Line(text="The nurses' union CNA will meet the mediator in Osby on Friday 14 March."),
    )
    same = Line(lead="Fri 14 March", text="CNA meets the mediator in Osby")
    assert block(bullets=facts, next=(same,)).next == ()
    for when, lead in (("on March 14", same.lead), ("by mid-March", "by mid-March")):
        fact = Line(text=f"The nurses' union CNA will meet the mediator in Osby {when}.")
        assert block(bullets=(*STRIKE.bullets, fact), next=(replace(same, lead=lead),)).next == ()
    for other in (
        replace(same, lead=""),
        replace(same, lead="Sat 15 March"),
        replace(same, text="Owners of mills hear a report in Velmar"),
    ):
        assert block(bullets=facts, next=(other,)).next == (other,)


def test_a_status_that_adds_a_number_that_a_fact_has_goes():
    dated = "Nurses of Calder strike from 14 March"
    fact = Line(text="The strike begins on Friday 14 March.")
    assert status_of(status=dated, facts=(fact, *STRIKE.bullets))[0] == []
    assert status_of(status=dated)[0] == [("Status", dated)]


def test_what_a_replaced_status_says_is_said():
    line = Line(lead="CNA", text="talks go on")
    assert block(actors=(line,)).actors == (line,)


def status_of(*, status="Nurses of Calder strike for more posts", facts=STRIKE.bullets):
    block = once(
        replace(STRIKE, status=(Line(text=status, label="Status"),), bullets=facts),
        was="Was",
        stands="Status",
    )
    return [(line.label, line.text) for line in block.status], [line.text for line in block.bullets]


@pytest.mark.parametrize(
    ("line", "above", "nothing"),
    [
        ("Nurses of Calder strike for posts", ["Nurses of Calder go on strike"], True),
        ("Nurses of Calder strike for 600 posts", ["Nurses of Calder go on strike"], False),
        ("Nurses of Calder strike on the 15th", ["Nurses of Calder go on strike"], False),
        ("Nurses of Calder do not strike", ["Nurses of Calder go on strike"], False),
        ("Nurses of Calder go on strike", ["Nurses of Calder do not strike"], False),
        ("Nurses strike while hospitals open", ["Nurses go on strike", "Hospitals open, none closes"], True),
        ("Nurses of Calder strike for posts, pay and shifts", ["Nurses of Calder go on strike"], False),
    ],
)
def test_one_judgement_tells_what_adds_nothing_to_the_lines_above(line, above, nothing):
    assert _adds_nothing(line, above) is nothing


FULL = Line(text="The nurses of Calder began a strike for 600 more posts on Monday 7 July, the union said.")


def test_a_fact_that_says_all_of_the_status_stands_in_its_place():
    full = Line(text="The union of the cooks meets the mediator in Osby on Friday 11 July, its leader said.")
    status, facts = status_of(
        status="Union of the cooks meets the mediator on Friday", facts=(full, *STRIKE.bullets)
    )
    assert status == [("Status", full.text)]
    assert facts == [line.text for line in STRIKE.bullets]


def test_a_fact_that_tells_the_headline_in_full_stays_a_fact_and_the_status_goes():
    assert status_of(facts=(FULL, *STRIKE.bullets)) == (
        [],
        [line.text for line in (FULL, *STRIKE.bullets)],
    )


def test_a_status_that_says_something_else_or_another_number_stays():
    further = "Nurses of Calder strike for more posts and shorter shifts"
    assert status_of(status=further)[0] == [("Status", further)]
    other = "Nurses of Calder strike for 500 more posts"
    assert status_of(status=other, facts=(FULL, *STRIKE.bullets))[0] == [("Status", other)]


def test_the_only_fact_stays_and_the_status_goes():
    assert status_of(facts=(FULL,)) == ([], [FULL.text])


def test_a_source_of_both_the_fact_and_the_status_is_cited_once():
    status = Line(text="4,100 cooks walk out", label="Status", cites=(Cite(source=1, sentences=(2, 4)),))
    facts = (
        Line(text="In Osby 4,100 cooks walked out at noon.", cites=(Cite(source=1, sentences=(1,)),)),
        Line(text="Hospitals put off 340 operations.", cites=(Cite(source=2, sentences=(3,)),)),
    )
    [full] = block(status=(status,), bullets=facts).status
    assert full.cites == (Cite(source=1, sentences=(1, 2, 4)),)


def test_a_status_is_told_from_where_it_goes_beyond_the_headline():
    told = {
        "Nurses of Calder strike; union meets Ivo Lantz on Friday": "Union meets Ivo Lantz on Friday",
        "Nurses of Calder strike; vote of the union on 7 March": None,  # a day alone is not what it is about
        "4,100 nurses of Calder strike; union meets the mediator": None,  # a number that the headline has not
        "Nurses of Calder do not strike; union meets the mediator": None,
        "Cooks of Osby strike; union meets the mediator": None,
        "Nurses of Calder strike; talks fail": None,  # too little to be clear by itself
        "Nurses of Calder strike; return of all remains unclear": None,  # whose
        "Nurses of Calder strike; faces Ivo Lantz on Friday": None,  # who
        "Nurses of Calder strike; Calder talks due in autumn": "Calder talks due in autumn",
        "Nurses of Calder strike; talks on Friday 11 July (according to CNA)": None,  # its word on which of both
    }
    for status, beyond in told.items():
        assert status_of(status=status, facts=(Line(text="Osby waits."), Line(text="Rain fell.")))[0] == [
            ("Status", beyond or status)
        ]


def test_a_last_clause_that_is_unclear_above_goes_where_a_line_below_says_it():
    said = Line(text="The union of the nurses votes on Friday 7 March.")
    status = "Nurses of Calder strike; vote on 7 March"
    assert status_of(status=status, facts=(said, Line(text="Rain fell.")))[0] == []
    other = Line(text="The union of the nurses votes on Friday 14 March.")
    assert status_of(status=status, facts=(other, Line(text="Rain fell.")))[0] == [("Status", status)]


def test_what_is_next_stands_above_in_the_words_of_the_fact_that_says_more_of_it():
    said = Line(text="The union of the nurses meets Ivo Lantz on Friday at the harbour of Osby.")
    status = "Nurses of Calder strike; nurses meet Ivo Lantz on Friday"
    rain, waits = Line(text="Rain fell."), Line(text="Osby waits.")
    assert status_of(status=status, facts=(rain, waits, said)) == (
        [("Status", said.text)],
        [rain.text, waits.text],
    )


def test_a_fact_that_adds_nothing_to_headline_and_status_is_left_out_beside_two_others():
    again = Line(text="The talks of the 4,100 nurses have ended.")
    more = Line(text="The mayor sees no way out.")
    failed = Line(text="Talks of 4,100 nurses end in Osby", label="Status")
    told = block(status=(failed,), bullets=(*STRIKE.bullets, again, more)).bullets
    assert [line.text for line in told] == [*(line.text for line in STRIKE.bullets), more.text]
    denied = Line(text="The talks of the 4,100 nurses have not ended.")
    assert denied in block(status=(failed,), bullets=(*STRIKE.bullets, denied)).bullets


def test_the_fact_that_tells_the_new_status_in_full_stands_beside_the_old_one():
    full = Line(text="Some 4,100 cooks have walked out of the halls of Osby since Monday 7 July.")
    part = Line(text="Nurses of Calder are on strike since Monday 7 July.")
    both = (STRIKE.status[0], Line(text="Nurses strike; hospitals put off operations", label="Now"))
    assert block(status=both, bullets=(part, *STRIKE.bullets)).status == both
    now = Line(text="4,100 cooks have walked out", label="Now")
    made = block(status=(STRIKE.status[0], now), bullets=(full, *STRIKE.bullets))
    assert [(line.label, line.text) for line in made.status] == [("Was", "Talks go on"), ("Now", full.text)]
    assert made.bullets == STRIKE.bullets


def test_a_status_whose_other_half_the_facts_say_goes():
    half = "Nurses of Calder put off all operations of patients"
    told = Line(text="The clinics put off operations of 340 patients.")
    assert status_of(status=half, facts=(told, *STRIKE.bullets))[0] == []
    assert status_of(status=half, facts=STRIKE.bullets[:1])[0] == [("Status", half)]


def test_what_was_before_stands_alone_where_the_headline_says_what_is_now():
    lines = (STRIKE.status[0], Line(text="Nurses of Calder strike", label="Now"))
    assert block(status=lines).status == (STRIKE.status[0],)


def test_a_new_state_whose_number_the_earlier_one_has_says_the_headline_again():
    lines = (
        Line(text="4,100 nurses call a strike", label="Was"),
        Line(text="Strike of 4,100 Calder nurses", label="Now"),
    )
    assert block(status=lines).status == lines[:1]


def test_a_status_that_only_says_the_headline_again_goes():
    again = Line(text="Strike of Calder nurses", label="Status")
    assert block(status=(again,)).status == ()
    assert block(status=(again,), bullets=()).status == (again,)


def test_a_role_stands_beside_the_name_in_the_fact_that_tells_the_act():
    actors = (Line(lead="Judith Amsel (chair of the ward council)", text="wants 600 new posts for nurses"),)
    told = (
        Line(text="“Judith Amsel lied,” said one."),
        Line(text="Judith Amsel, who leads CNA, wants 600 new posts for nurses."),
    )
    made = block(bullets=told, actors=actors)
    assert made.actors == ()
    assert made.bullets[0] == told[0]
    assert made.bullets[1].text.startswith("Judith Amsel (chair of the ward council), who leads CNA,")


def test_no_role_is_put_where_the_line_says_of_what_or_as_what_he_speaks():
    actors = (
        Line(lead="Judith Amsel (president, Osby Harbour Guild)", text="wants 600 new posts for nurses"),
    )
    of_what = Line(text="Judith Amsel of the CNA wants 600 new posts for nurses.")
    assert block(bullets=(of_what,), actors=actors).bullets == (of_what,)
    titled = Line(text="President Judith Amsel wants 600 new posts for nurses.")
    [line] = block(bullets=(titled,), actors=actors).bullets
    assert line.text == "President Judith Amsel (Osby Harbour Guild) wants 600 new posts for nurses."
    whole = Line(text="CNA Deputy Chair Judith Amsel wants 600 new posts for nurses.")
    role = Line(
        lead="Judith Amsel (Calder Nurses Association Deputy Chair)", text="wants 600 new posts for nurses"
    )
    made = block(bullets=(whole,), actors=(role,))
    assert (made.bullets, made.actors) == ((whole,), ())
    writer = Line(text="Writer Judith Amsel wants 600 new posts for nurses.")
    role = Line(lead="Judith Amsel (freelance writer in Osby)", text="wants 600 new posts for nurses")
    assert block(bullets=(writer,), actors=(role,)).bullets == (writer,)


def test_a_role_stands_in_the_line_that_tells_of_its_holder():
    actors = (Line(lead="Judith Amsel (chair of the ward council)", text="wants 600 new posts for nurses"),)
    other = Line(text="Pay matters less, whatever the nurse Judith Amsel says.")
    act = Line(text="Judith Amsel, who leads CNA, wants 600 new posts for nurses.")
    made = block(bullets=(other, act), actors=actors)
    assert made.bullets[0] == other
    assert made.bullets[1].text.startswith("Judith Amsel (chair of the ward council), who")


def test_one_of_whom_no_line_tells_anything_is_no_actor():
    assert block(actors=(Line(lead="Ivo Lantz (hospital director)", text=""),)).actors == ()


def test_in_brackets_a_role_stands_behind_a_comma():
    claim = Line(text="Some 340 operations were put off (according to Judith Amsel).")
    actors = (Line(lead="Judith Amsel (chair of the ward council)", text=""),)
    [line] = block(bullets=(claim,), actors=actors).bullets
    assert line.text.endswith("(according to Judith Amsel, chair of the ward council).")


def test_no_fact_stands_as_a_status_that_the_headline_alone_tells():
    headline = Line(text="Calder housing office will sue Velmar Motors over harassment, the carmaker said")
    status = Line(label="Status", text="Calder housing office will sue Velmar Motors")
    fact = Line(text="“Velmar Motors opposes all harassment,” the carmaker said.")
    other = Line(text="A spokesman declined to comment.")
    made = block(headline=headline, status=(status,), bullets=(fact, other))
    assert fact not in made.status


def with_roles(*facts, status=()):
    made = once(
        replace(STRIKE, status=status, bullets=tuple(Line(text=text) for text in facts)),
        was="Was",
        stands="Status",
        roles=(Line(lead="Ida Moe (pilot of the Norvik Port Board)", text=""),),
    )
    return [line.text for line in made.bullets]


def test_a_role_stands_behind_a_bare_name_where_it_comes_first_in_a_line():
    assert with_roles("Ida Moe left.", "Osby waits, said Ida Moe.", "It is over (according to Ida Moe).") == [
        "Ida Moe (pilot of the Norvik Port Board) left.",
        "Osby waits, said Ida Moe.",
        "It is over (according to Ida Moe).",
    ]
    assert with_roles("Osby waits, said Ida Moe.") == [
        "Osby waits, said Ida Moe (pilot of the Norvik Port Board)."
    ]
    assert with_roles(
        "The Norvik Port Board waits until the end of the summer season (according to Ida Moe)."
    ) == ["The Norvik Port Board waits until the end of the summer season (according to Ida Moe, pilot)."]


@pytest.mark.parametrize(
    "text",
    [
        "The Ida Moe Foundation paid.",
        "Ida Moe Lund won.",
        "Paul Ida Moe won.",
        "Pilot Ida Moe left.",
        "“Ida Moe left,” crews said.",
        "Ida Moe, the pilot of the board, left.",
    ],
)
def test_no_role_stands_where_the_name_is_another_or_has_one(text):
    assert with_roles(text) == [text]


def test_a_status_of_one_claimant_or_with_a_quotation_is_not_cut():
    for status in (
        "Cook of Osby had been drinking; nurses of Calder strike (according to the police)",
        "Nurses of Calder strike; cooks “wait; Danish judges rule on Friday”",
    ):
        shown = status_of(status=status, facts=(Line(text="Osby waits."), Line(text="Rain fell.")))[0]
        assert shown == [("Status", status)]


def test_a_denial_is_not_taken_for_said_by_what_asserts_it():
    said = Line(text="The search for the nurses resumed at dawn.")
    status = "Nurses of Calder strike; search not resumed"
    assert status_of(status=status, facts=(said, Line(text="Rain fell.")))[0] == [("Status", status)]


def test_a_change_keeps_its_label_where_only_what_follows_is_said_above():
    now = Line(text="Cooks of Osby end their walkout; nurses of Calder strike", label="Now")
    made = block(status=(STRIKE.status[0], now), bullets=(Line(text="Osby waits."), Line(text="Rain fell.")))
    assert [(line.label, line.text) for line in made.status][1] == ("Now", "Cooks of Osby end their walkout")

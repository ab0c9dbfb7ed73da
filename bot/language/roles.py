"""Words for what people are: the nouns, and the modifiers that go before them, by which roles are recognised."""

from __future__ import annotations

ROLE_NOUNS = frozenset(
    "president premier minister chancellor secretary ambassador envoy spokesman spokeswoman spokesperson chief chair "
    "chairman chairwoman chairperson director leader governor mayor senator congressman congresswoman representative "
    "lawmaker mp judge justice prosecutor attorney lawyer general colonel commander captain major admiral sergeant "
    "officer commissioner king queen prince princess pope bishop archbishop cardinal rabbi imam ceo cfo coo founder "
    "co-founder executive manager coach professor researcher scientist analyst economist author activist organiser "
    "organizer coordinator head deputy negotiator mediator candidate nominee speaker inspector superintendent doctor "
    "surgeon meteorologist engineer official regulator adviser advisor counsel dean rector editor reporter journalist "
    "actor actress singer director-general farmer resident survivor striker player captain defender forward astronaut "
    "volcanologist seismologist forecaster rapporteur diplomat aide vice-president treasurer whip politician owner "
    "pilot driver nurse teacher principal sheriff warden ombudsman auditor historian geologist astronomer".split()
)
MODIFIERS = frozenset(
    "special former chief deputy senior acting vice prime foreign interior defence defense finance justice health "
    "home state interim executive first lead managing general national federal regional provincial secretary of the "
    "co opposition majority minority military police press political union top attorney assistant associate under "
    "energy trade transport environment education labour labor agriculture economy economics civil emergency fire "
    "incoming outgoing retired longtime far-right right-wing left-wing technology operating financial medical staff "
    "party government parliamentary presidential district county city regional campaign programme program science "
    "project mission rescue relief human rights supreme high court house white un us uk eu".split()
)

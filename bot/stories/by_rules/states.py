"""The words by which a text says a story's state, and the guards that keep hopes and plans from counting. English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.model.story import StoryKind


@dataclass(frozen=True, slots=True, kw_only=True)
class StateMatch:
    """Words of a state at ``start:end`` of a sentence; a plainer outcome weighs more than a process."""

    state: str
    text: str
    start: int
    end: int
    weight: float


# Anything that makes what follows a wish, a plan, a condition, a denial or a report of fear.
_UNREAL = re.compile(
    r"\b(?:could|(?-i:may)|might|would|should|will|shall|can|hop(?:e|es|ed|ing)|want(?:s|ed|ing)?|urg(?:e|es|ed|ing)"
    r"|call(?:s|ed|ing)? (?:for|on)|if|unless|until|before|demand(?:s|ed|ing)?|seek(?:s|ing)?|sought|push(?:es|ed|ing)?"
    r"|bid|efforts?|likely|possib(?:le|ly|ility)|chances?|try|tries|tried|trying|fail(?:s|ed|ing)?|refus\w+|yet to|not|never"
    r"|no|without|n[’']t|towards?|near(?:s|ing|er)?|close to|closer|prospects?|expect(?:s|ed)?|set to|due to|plan(?:s|ned)?"
    r"|whether|ready to|willing to|likelihood|fears?|feared|threaten(?:s|ed)?|ask(?:s|ed|ing)? (?:for|to)|offer(?:s|ed)? to"
    r"|deny|denie[sd]|able to|unable|hurdles?|aim(?:s|ed)? (?:to|at)|in order to|need(?:s|ed)?|potential|elusive|any"
    r"|to (?=\w+$)|about to|must|had to|pressure|guarantees?|conditions for|hypothetical|promis\w+|vow(?:s|ed)?|believes?)\b"
    r"(?:\W+\w+[’']?\w*){0,5}\W*$",
    re.IGNORECASE,
)
_SPLIT = re.compile(r",\s|;\s|\s[—–]\s|:\s|\b(?:and|but|while|after|as|when|where)\s")
_TALKS = r"(?:talks?|negotiations?|meetings?|rounds?|sessions?|summit|discussions|dialogue|negotiators|delegations?|bargaining|mediation)"
_DEAL = r"(?:deal|agreement|accord|truce|cease-?fire|pact|treaty|compromise|settlement|framework|contract|plan|terms)"
_BE = r"(?:is|are|was|were|has been|have been|had been|got|being)"

# state -> (weight, needs to be real, pattern)
_TABLE: dict[StoryKind, tuple[tuple[str, float, bool, str], ...]] = {
    StoryKind.NEGOTIATION: (
        (
            "stalled",
            2.4,
            False,
            r"no breakthrough|without (?:a |an |any )?(?:agreement|deal|breakthrough|progress|result|accord|resolution)"
            r"|deadlock(?:ed)?|stalemate|at an impasse|reached an impasse|stalled|at a standstill|inconclusive(?:ly)?"
            r"|fail(?:s|ed) to (?:reach|agree|break|make|secure|produce|yield|strike|resolve)|no (?:deal|agreement|progress|accord)"
            rf"|{_TALKS}(?: \w+){{0,4}} (?:{_BE} )?(?:suspended|paused|postponed|adjourned|on hold|frozen)|remain(?:s|ed)? far apart"
            rf"|(?:rejected|turned down|rebuffed|rejects) (?:the|a|an|its|their|this|that|any)?(?: [\w’'-]+){{0,4}} (?:proposal|offer|{_DEAL})",
        ),
        (
            "agreed",
            2.6,
            True,
            rf"(?:reach(?:es|ed)|signs?|signed|strikes?|struck|clinch(?:es|ed)|seal(?:s|ed)|secured|concluded|hammered out|ratified"
            rf"|accept(?:s|ed)|approved|endorsed)(?: (?!to\b)[\w’'-]+){{0,6}} {_DEAL}"
            rf"|{_DEAL}(?: \w+){{0,5}} (?:{_BE}|has|have) (?:signed|reached|agreed|concluded|sealed|ratified|struck|announced)"
            r"|(?:agrees?|agreed) (?:in principle|on|to(?! (?:meet|hold|resume|continue|talk|negotiate|discuss|restart|begin|start|keep|return|enter|extend talks)\b))"
            r"|ended (?:in|with) (?:an? )?(?:agreement|deal|accord)",
        ),
        (
            "in force",
            2.7,
            True,
            rf"(?:takes|took|taken|came|comes|come|went|goes|gone|entered|enters) (?:into )?(?:effect|force)"
            rf"|{_DEAL}(?: \w+){{0,4}} (?:is holding|holds|has held|held|remains in (?:place|force|effect)|began|begins|started)"
            r"|in force|in effect",
        ),
        (
            "collapsed",
            2.7,
            True,
            rf"{_TALKS}(?: \w+){{0,6}} (?:has |have |had )?(?:collapsed?|broke (?:down|off|up)|broken (?:down|off)|fell apart|fallen apart)"
            rf"|{_DEAL}(?: \w+){{0,4}} (?:has |have |had )?(?:collapsed?|broke down|broken down|fell apart|unravel\w+)"
            rf"|(?:broke off|breaks off|walked out of|walks out of|pulled out of|withdrew from|quit|called off|abandoned|scrapped)"
            rf"(?: [\w’'-]+){{0,4}} (?:{_TALKS}|{_DEAL})|{_TALKS} (?:{_BE} )?(?:called off|broken off|abandoned)|collapse of",
        ),
        (
            "under way",
            1.7,
            True,
            rf"{_TALKS}(?: (?!to\b)[\w’'-]+){{0,12}} (?:began|begun|began|began|begins?|opened|opens?|started|starts?|resumed|resumes?|continued?"
            rf"|continues|got under way|under ?way|kicked off|entered|went on|held|took place|taking place|met|arrived|dragged on)"
            rf"|(?:began|begun|opened|started|resumed|continued|continuing|held|holding|hosted|hosting|hosts|entered|relaunched|agreed to"
            rf" (?:hold|resume|continue|restart|begin|start))(?: [\w’'-]+){{0,6}} {_TALKS}|(?:met|meets|meeting) (?:with|for talks)"
            r"|progress (?:was|has been) made",
        ),
        (
            "proposed",
            1.6,
            True,
            r"(?:proposed|proposes|offered|offers|offering|proposing|submitted|presented|unveiled|tabled|put forward|invited|drafted|floated|called for)"
            rf"(?: [\w’'-]+){{0,7}} (?:proposal|plan|offer|draft|{_TALKS}|{_DEAL})|open to (?:dialogue|{_TALKS})|new proposal|proposal (?:calls|envisages|includes)",
        ),
    ),
    StoryKind.CONFLICT: (
        (
            "ended",
            2.8,
            True,
            r"war (?:is|was|has) (?:over|ended)|(?:ends|ended) (?:the|a|its|their)(?: [\w-]+){0,3} (?:war|conflict|offensive|siege|fighting)"
            r"|surrendered|peace (?:treaty|deal|accord)(?: \w+){0,3} signed|signed(?: \w+){0,3} peace|siege (?:is|was) over|laid down (?:their )?arms",
        ),
        (
            "ceasefire",
            2.6,
            True,
            r"(?:cease-?fire|truce)(?: [\w’'-]+){0,5} (?:took|takes|came|comes|went|began|begins|is holding|holds|held|was declared|declared|announced|entered|agreed)"
            r"|(?:declared|declares|announced|announces|agreed|agrees|agreed to|reached|signed|accepted)(?: (?!to\b)[\w’'-]+){0,4} (?:cease-?fire|truce)",
        ),
        (
            "pause",
            2.3,
            True,
            r"humanitarian pause|lull in|(?:paused|halted|suspended|stopped|pauses|halts|suspends)(?: [\w’'-]+){0,4} (?:fighting|strikes?|attacks?|offensive|operations?|shelling|bombing)"
            r"|pause in (?:the )?(?:fighting|strikes)|fighting (?:eased|subsided|stopped|paused)",
        ),
        (
            "fighting",
            2.0,
            True,
            r"(?:air ?strikes?|strikes?|shelling|missiles?|rockets?|drones?|bomb(?:ing|s)?|attack(?:ers|s)?|clashes|fighting|gunmen|militants|blast|explosion)"
            r"(?: [\w’'-]+){0,5} (?:hit|hits|struck|killed|kills|wounded|destroyed|erupted|broke out|raged|continued|intensified|targeted|pounded|stormed|flew|landed|left|rammed|tore)"
            r"|(?:fired|fires|launched|launches|test-fire[sd]|shelled|bombed|stormed|attacked|attacks|invaded|captured|seized|advanced|pounded|shot down|carried out|detonated)"
            r"(?: [\w’'-]+){0,7} (?:missiles?|rockets?|attacks?|strikes?|offensive|assault|drones?|artillery|city|town|village|base|consulate|embassy|convoy|positions|bomb|raids?)"
            r"|killed (?:at least )?(?:\w+ )?(?:people|soldiers|civilians|troops)|(?:were|was) killed in (?:an? |the )?(?:attack|strike|air ?strike|raid|bombing|shelling)"
            r"|fighting (?:continued|raged|continues|rages|intensified)",
        ),
        (
            "build-up",
            1.5,
            True,
            r"(?:massed|massing|amassed|deployed|deploys|deploying|mobilis\w+|mobiliz\w+|sent|moved|moving)(?: [\w’'-]+){0,5} (?:troops|forces|tanks|warships?|carrier|missiles|soldiers|army)"
            r"|on high alert|military build-?up|threatened to (?:attack|strike|invade|retaliate)|tensions (?:rose|soared|escalated|mounted|flared)"
            r"|military exercises?|war games|state of emergency",
        ),
    ),
    StoryKind.LEGISLATION: (
        (
            "rejected",
            2.7,
            False,
            r"voted down|(?:rejects|rejected|defeated|blocked|vetoed|struck down|killed|threw out)(?: [\w’'-]+){0,6} (?:bill|law|legislation|measure|amendment|proposal|reform|ban)"
            r"|(?:bill|law|legislation|measure|amendment|proposal)(?: [\w’'-]+){0,5} (?:was|were|is|has been) (?:rejected|defeated|blocked|vetoed|struck down|voted down)"
            r"|(?:failed|fails) to pass|(?:bill|measure|motion) (?:failed|fails)|voted against",
        ),
        (
            "in force",
            2.7,
            True,
            r"signed(?: [\w’'-]+){0,6} into law|(?:takes|took|came|comes|went|goes|enters|entered) (?:into )?(?:effect|force)|enacted|became law|in force",
        ),
        (
            "passed one chamber",
            2.6,
            True,
            r"(?:House(?: of (?:Representatives|Commons|Lords))?|Senate|Commons|Lords|[Ll]ower house|[Uu]pper house|[Ll]ower chamber|[Uu]pper chamber|Bundestag|Bundesrat"
            r"|Sejm|Lok Sabha|Rajya Sabha|Duma|Chamber of Deputies|state (?:senate|house))(?: (?!to\b)[\w’'-]+){0,4} (?:passed|passes|approved|approves|voted (?:for|in favou?r|to (?:pass|approve|back)|\d+)|backed|backs|cleared|adopted)"
            r"|(?:passed|approved|cleared|adopted)(?: [\w’'-]+){0,3} (?:by|in) the (?:House|Senate|lower house|upper house|Commons|Lords|Bundestag|Duma)",
        ),
        (
            "passed",
            2.5,
            True,
            r"(?:parliament|congress|lawmakers|legislature|legislators|assembly|knesset|MPs|deputies|council|government|cabinet)(?: (?!to\b)[\w’'-]+){0,4}"
            r" (?:passed|passes|approved|approves|adopted|adopts|voted (?:for|in favou?r|to (?:pass|approve|back|adopt|legali[sz]e|ban)))"
            r"|(?:bill|law|legislation|measure|reform)(?: [\w’'-]+){0,5} (?:was|were|has been|is) (?:passed|approved|adopted|cleared)|final passage|(?:bill|law|legislation|measure) (?:passed|cleared)",
        ),
        (
            "in committee",
            1.9,
            True,
            r"(?:committee|panel|subcommittee)(?: [\w’'-]+){0,4} (?:debat\w+|heard|hears|consider\w*|advanced|approved|examin\w+|discuss\w+|took up|takes up|voted|is reviewing)"
            r"|(?:referred|sent|goes|went) to (?:a |the )?(?:[\w-]+ )?committee|in committee|mark-?up",
        ),
        (
            "proposed",
            1.6,
            True,
            r"(?:introduced|introduces|proposed|proposes|unveiled|unveils|tabled|tables|drafted|submitted|presented)(?: [\w’'-]+){0,7} (?:bill|law|legislation|measure|amendment|reforms?|ban|plan)"
            r"|(?:bill|law|legislation|measure) (?:would|proposes|aims)",
        ),
    ),
    StoryKind.LEGAL: (
        (
            "closed",
            2.7,
            True,
            r"(?:dismissed|dropped|withdrew|settled|withdrawn|threw out|drops|settles)(?: [\w’'-]+){0,6} (?:case|charges?|lawsuit|suit|claims?|complaint|indictment|proceedings)"
            r"|(?:case|charges|lawsuit|suit|complaint)(?: [\w’'-]+){0,5} (?:was|were|has been|have been) (?:dismissed|dropped|settled|withdrawn|thrown out|closed)|reached a settlement|agreed to settle",
        ),
        (
            "appealed",
            2.5,
            True,
            r"(?:filed|lodged|launched|files|lodges)(?: [\w’'-]+){0,3} appeals?|(?:has |have )?appealed(?: against)?|appeals (?:against|the|his|her|their)",
        ),
        (
            "decided",
            2.6,
            True,
            r"sentenced|convicted|found guilty|found not guilty|acquitted|(?:judges?|court|jury|tribunal|justices)(?: (?!to\b)[\w’'-]+){0,4} (?:ruled|rules|ordered|orders|upheld|upholds"
            r"|overturned|overturns|struck down|blocked|found|awarded|sided|fined|handed)|ordered to pay|jailed (?:for|after)|was jailed|pleaded guilty|pleads guilty|given a (?:\w+ ){0,2}sentence|handed (?:a|down)",
        ),
        (
            "on trial",
            2.2,
            True,
            r"(?:trial|hearing|proceedings|retrial)(?: [\w’'-]+){0,6} (?:began|begun|opened|opens|begins|started|resumed|resumes|continued|continues|under ?way|heard|entered)|(?:went|goes|stood|is|are) on trial"
            r"|testified|closing arguments|opening statements|took the stand|jur(?:y|ors) (?:heard|began|deliberat\w+)|appeared in court|told the court",
        ),
        (
            "charged",
            2.4,
            True,
            r"(?:was|were|been|is|are|being) (?:formally )?(?:charged|indicted|arraigned)|(?:prosecutors|police|authorities|jury)(?: [\w’'-]+){0,4} (?:charged|indicted)|charged with"
            r"|pleaded not guilty|faces? (?:\w+ ){0,4}(?:charges?|counts)|filed (?:\w+ ){0,4}(?:charges|lawsuit|suit|complaint)|sued|sues|indicted",
        ),
        (
            "investigated",
            2.0,
            True,
            r"(?:under investigation|investigating|are investigating|is investigating|launched (?:an?|its) (?:\w+ ){0,2}(?:investigation|probe|inquiry)|opened (?:an?|its) (?:\w+ ){0,2}(?:investigation|probe|inquiry))"
            r"|arrested|detained|in custody|raided|searched|questioned|subpoenaed|looking into",
        ),
    ),
    StoryKind.DISASTER: (
        (
            "aftermath",
            2.2,
            True,
            r"(?:investigators|investigation|inquiry|officials|authorities)(?: (?!to\b)[\w’'-]+){0,5} (?:cause|wreckage|black box|investigating|identified|looking into)|(?:victims|bodies)(?: [\w’'-]+){0,3} identified"
            r"|funerals?|memorial service|mourn(?:ed|ing|ers|s)|vigil|days of mourning|(?:is|are) under investigation|cause of the (?:crash|fire|collapse|accident|disaster)",
        ),
        (
            "recovery",
            2.2,
            True,
            r"(?:recovered|recovering|retrieved)(?: [\w’'-]+){0,4} (?:bodies|body|remains|wreckage)|bodies(?: [\w’'-]+){0,4} recovered|clean-?up|power (?:was|has been|is being) restored|restor(?:ed|ing) power"
            r"|residents(?: \w+){0,2} (?:returned|return|allowed)|(?:search|rescue)(?: [\w’'-]+){0,3} (?:called off|ended|suspended)|rebuild\w*|digging out|dug out|(?:fire|blaze) (?:is |was )?(?:contained|extinguished|put out)",
        ),
        (
            "rescue",
            2.3,
            True,
            r"(?:rescuers?|rescue (?:workers|teams|crews)|firefighters|search teams?|crews|divers|soldiers)(?: [\w’'-]+){0,5} (?:search\w*|dug|dig\w*|pulled|pull|trying|try|reached|race\w*|work\w*|comb\w*|evacuat\w+|saved)"
            r"|search (?:for survivors|and rescue|continues|continued|is under way|resumed)|(?:were|was|are|remain|still) trapped|pulled (?:alive )?from|rescue (?:operation|effort)s? (?:continue\w*|is|are|was|were|began)|still missing|evacuated",
        ),
        (
            "unfolding",
            2.0,
            True,
            r"(?:earthquake|quake|flood\w*|hurricane|typhoon|cyclone|tornado(?:es)?|wildfires?|fire|blaze|landslide|avalanche|tsunami|storm|volcano|plane|train|bus|helicopter|boat|ferry|building|bridge|aircraft|jet|snow\w*|blizzard|explosion)"
            r"(?: (?!to\b)[\w’'-]+){0,6} (?:hit|hits|struck|strikes|swept|sweeps|erupted|erupts|burn\w*|spread\w*|rag\w+|crashed|crashes|derailed|collapsed|exploded|sank|capsized|killed|kills|buried|blanketed|dumped|battered|flooded|made landfall|slammed|destroyed|plunged|fell)"
            r"|(?:were|was|been|are) killed|made landfall|(?:all|at least|\d+|two|three|four|five|six|seven|eight|nine|ten|twelve) (?:[\w’'-]+ ){0,4}(?:died|dead|killed|injured)|death toll (?:rose|has risen|climbed|reached|stands)",
        ),
        (
            "warned",
            1.6,
            True,
            r"(?:warned|warns|warning|warnings)(?: [\w’'-]+){0,6} (?:of|that|for|issued|in (?:effect|place))|issued(?: [\w’'-]+){0,4} (?:warnings?|alert|watch)|ordered to evacuate|evacuation orders?"
            r"|brac(?:ed|es|ing) for|(?:is|are) forecast|heading (?:for|toward)|approach(?:ed|es|ing) the coast|on alert",
        ),
    ),
    StoryKind.DEAL: (
        (
            "abandoned",
            2.8,
            True,
            r"(?:abandoned|abandons|withdrew|withdraws|called off|calls off|terminated|scrapped|scraps|dropped|drops|walked away from|pulled out of)(?: [\w’'-]+){0,6} (?:bid|offer|merger|deal|takeover|acquisition|talks|plan)"
            r"|(?:bid|merger|deal|takeover|acquisition)(?: [\w’'-]+){0,4} (?:collapsed|fell through|was blocked|was abandoned|was scrapped|was terminated)|blocked(?: [\w’'-]+){0,5} (?:merger|deal|takeover|acquisition)",
        ),
        (
            "completed",
            2.7,
            True,
            r"(?:completed|completes|closed|closes|finali[sz]ed|finali[sz]es)(?: [\w’'-]+){0,6} (?:acquisition|merger|takeover|deal|purchase|sale|buyout)|(?:acquisition|merger|takeover|deal|purchase|sale) (?:has |have |was )?(?:closed|completed|been completed)",
        ),
        (
            "approved",
            2.6,
            True,
            r"(?:regulators?|commission|shareholders|court|authority|board|department|watchdog|government)(?: (?!to\b)[\w’'-]+){0,5} (?:approved|approves|cleared|clears|backed|waved through|gave (?:its )?(?:approval|green light))"
            r"|(?:merger|deal|takeover|acquisition|sale)(?: [\w’'-]+){0,4} (?:was|has been|is|won) (?:approved|cleared|approval|clearance)",
        ),
        (
            "under review",
            2.3,
            True,
            r"(?:regulators?|commission|department|authority|watchdog|antitrust \w+|board|directors)(?: (?!to\b)[\w’'-]+){0,5} (?:review\w*|investigat\w+|prob(?:e|es|ing)|examin\w+|scrutini\w+|consider\w*|evaluat\w+)|under (?:review|scrutiny|investigation)|(?:considering|reviewing|evaluating) the (?:\w+ ){0,3}(?:bid|offer|proposal)|opened an? (?:in-depth )?(?:probe|investigation|review)"
            r"|faces? (?:\w+ ){0,3}scrutiny|would review|will review|said it (?:is|was) reviewing",
        ),
        (
            "announced",
            2.2,
            True,
            r"(?:agreed|agrees) to (?:buy|acquire|sell|merge|take over|be (?:bought|acquired|sold)|purchase)|(?:raised|raises|sweetened|sweetens|increased|increases|hiked|hikes|boosted|boosts|made|makes|launched|launches|announced|announces|unveiled|submitted|upped|rejected|rejects|spurned|rebuffed)"
            r"(?: [\w’'$€£.,-]+){0,8} (?:bid|offer|merger|takeover|acquisition|deal|proposal|buyout)|(?:acquired|acquires|bought|buys|is buying|is acquiring|to buy|to acquire)|offer (?:was|has been) (?:made|raised|rejected)",
        ),
        (
            "rumoured",
            1.5,
            False,
            r"in (?:advanced |early |exclusive )?talks (?:to (?:buy|acquire|merge|sell|take)|about (?:a|an) (?:merger|takeover|acquisition|sale|deal))|(?:considering|weighing|exploring|preparing|mulling|plotting) (?!the |its latest )(?:[\w’'-]+ ){0,5}(?:bid|offer|sale|merger|takeover|acquisition|deal)"
            r"|(?:people|sources?) familiar|takeover interest|reportedly",
        ),
    ),
    StoryKind.ELECTION: (
        (
            "disputed",
            2.7,
            False,
            r"(?:disputed|disputes|challenged|challenges|contested|contests|rejected|rejects|refused to accept|annulled)(?: [\w’'-]+){0,5} (?:results?|outcome|vote|election|count)|recount|(?:alleged|alleges|claimed|claims|accusations of|allegations of)(?: [\w’'-]+){0,3} (?:fraud|rigging|irregularities)|refused to concede",
        ),
        (
            "decided",
            2.7,
            True,
            r"(?:won|wins|secured|secures|clinched|claimed|claims|sealed|swept to)(?: (?!over\b)[\w’'-]+){0,6} (?:election|presidency|vote|seats?|majority|victory|term|referendum|runoff|run-off|poll|ballot)|(?:was|were|is|been|being) (?:re-?)?elected|declared (?:the )?(?:winner|president-elect|victory|elected)|conceded|concedes|sworn in|defeated|landslide",
        ),
        (
            "counting",
            2.4,
            True,
            r"(?:votes?|ballots)(?: [\w’'-]+){0,4} (?:counted|being counted|tallied)|count(?:ing)? (?:of votes )?(?:began|begins|is under ?way|continued|continues|started)|exit polls? (?:show\w*|suggest\w*|indicat\w+|put|gave|point\w*)|(?:early|partial|preliminary|provisional) results|polls (?:have )?closed|too close to call",
        ),
        (
            "voting",
            2.4,
            True,
            r"(?:polls|polling stations|voting|balloting)(?: [\w’'-]+){0,4} (?:opened|open|began|begins|started|under ?way|got under way|continued)|(?:voters|citizens|people|millions|\w+s) (?:are |were )?(?:cast|casting|voted|vote|voting|went to the polls|go to the polls|head(?:ed)? to the polls|lined up|queued)|turnout (?:was|is|stood|reached)",
        ),
        (
            "campaign",
            1.8,
            True,
            r"campaign(?:ed|ing|s)?(?: [\w’'-]+){0,4} (?:began|kicked off|launched|trail|rally|rallies|in|for|across)|(?:rallied|rallies|debated|debate|stumped)(?: [\w’'-]+){0,3} (?:voters|supporters|candidates)|(?:opinion )?polls? (?:show\w*|suggest\w*|put|give\w*|gave)|(?:launched|launches|announced|announces)(?: [\w’'-]+){0,4} (?:candidacy|campaign|run|bid)|leads in the polls",
        ),
        (
            "announced",
            2.0,
            True,
            r"(?:called|calls|announced|announces|set|scheduled|sets)(?: [\w’'-]+){0,5} (?:elections?|referendum|vote|poll|by-election|runoff|run-off)|(?:elections?|referendum|vote|runoff|run-off)(?: [\w’'-]+){0,4} (?:was|were|has been|is|are) (?:called|announced|set|scheduled)|dissolved parliament",
        ),
    ),
}
_CUES = {
    kind: tuple(
        (state, weight, real, re.compile(rf"\b(?:{words})(?!\w)", re.IGNORECASE))
        for state, weight, real, words in rows
    )
    for kind, rows in _TABLE.items()
}


def cues_in(sentence: str, *, kind: StoryKind) -> Iterator[StateMatch]:
    """Yield the cues of ``kind`` in one sentence that are said as fact."""
    sentence = sentence[:1_000]
    for state, weight, real, pattern in _CUES.get(kind, ()):
        for match in pattern.finditer(sentence):
            if real and _is_unreal(sentence, match):
                continue
            yield StateMatch(state=state, text=match[0], start=match.start(), end=match.end(), weight=weight)


def _is_unreal(sentence: str, match: re.Match[str]) -> bool:
    before = sentence[max(0, match.start() - 100) : match.start()]
    clause = _SPLIT.split(before)[-1]
    inside = match[0].rsplit(" ", 1)[0] if " " in match[0] else ""
    return bool(
        _UNREAL.search(clause)
        or re.search(r"\b(?:will|would|could|might|should|not|never|no|if)\b|n[’']t\b", inside)
    )

"""Says which country, or which government by its seat, a word stands for: Israeli is Israel, DPRK is North Korea."""

from __future__ import annotations

# Country: its other names, its people and adjectives, after a slash its capital where that stands for its government.
_TABLE = """
united states: us usa america american americans / washington
united kingdom: uk britain british briton britons brit brits / london
england: english
scotland: scottish scots
wales: welsh
ireland: irish / dublin
european union: eu / brussels
north korea: dprk north korean north koreans democratic people's republic of korea / pyongyang
south korea: rok south korean south koreans republic of korea / seoul
korea: korean koreans
china: chinese prc / beijing
taiwan: taiwanese / taipei
japan: japanese / tokyo
russia: russian russians / moscow
soviet union: soviet soviets ussr
ukraine: ukrainian ukrainians / kyiv
belarus: belarusian belarusians / minsk
germany: german germans / berlin
france: french frenchman / paris
italy: italian italians / rome
spain: spanish spaniard spaniards / madrid
portugal: portuguese / lisbon
netherlands: dutch holland / the hague
belgium: belgian belgians
luxembourg: luxembourgish
switzerland: swiss / bern
austria: austrian austrians / vienna
poland: polish poles / warsaw
czech republic: czech czechs czechia / prague
slovakia: slovak slovaks / bratislava
hungary: hungarian hungarians / budapest
romania: romanian romanians / bucharest
bulgaria: bulgarian bulgarians / sofia
greece: greek greeks / athens
turkey: turkish turks turkiye / ankara
cyprus: cypriot cypriots / nicosia
serbia: serbian serbians serbs / belgrade
croatia: croatian croatians croats / zagreb
slovenia: slovenian slovenes / ljubljana
bosnia: bosnian bosnians / sarajevo
kosovo: kosovar kosovars / pristina
albania: albanian albanians / tirana
montenegro: montenegrin montenegrins
north macedonia: macedonian macedonians / skopje
moldova: moldovan moldovans / chisinau
denmark: danish danes / copenhagen
sweden: swedish swedes swede / stockholm
norway: norwegian norwegians / oslo
finland: finnish finns finn / helsinki
iceland: icelandic icelanders / reykjavik
estonia: estonian estonians / tallinn
latvia: latvian latvians / riga
lithuania: lithuanian lithuanians / vilnius
georgia: georgian georgians / tbilisi
armenia: armenian armenians / yerevan
azerbaijan: azerbaijani azerbaijanis / baku
kazakhstan: kazakh kazakhs / astana
uzbekistan: uzbek uzbeks / tashkent
israel: israeli israelis
palestine: palestinian palestinians
lebanon: lebanese / beirut
syria: syrian syrians / damascus
jordan: jordanian jordanians / amman
iraq: iraqi iraqis / baghdad
iran: iranian iranians / tehran
saudi arabia: saudi saudis / riyadh
qatar: qatari qataris / doha
kuwait: kuwaiti kuwaitis
bahrain: bahraini bahrainis / manama
oman: omani omanis / muscat
united arab emirates: uae emirati emiratis / abu dhabi
yemen: yemeni yemenis / sanaa
egypt: egyptian egyptians / cairo
libya: libyan libyans / tripoli
tunisia: tunisian tunisians / tunis
algeria: algerian algerians / algiers
morocco: moroccan moroccans / rabat
sudan: sudanese / khartoum
ethiopia: ethiopian ethiopians / addis ababa
eritrea: eritrean eritreans / asmara
somalia: somali somalis / mogadishu
kenya: kenyan kenyans / nairobi
uganda: ugandan ugandans / kampala
rwanda: rwandan rwandans / kigali
congo: congolese drc / kinshasa
nigeria: nigerian nigerians / abuja
ghana: ghanaian ghanaians / accra
senegal: senegalese / dakar
mali: malian malians / bamako
cameroon: cameroonian cameroonians
angola: angolan angolans / luanda
mozambique: mozambican mozambicans / maputo
zimbabwe: zimbabwean zimbabweans / harare
zambia: zambian zambians / lusaka
south africa: south african south africans / pretoria
africa: african africans
europe: european europeans
asia: asian asians
afghanistan: afghan afghans / kabul
pakistan: pakistani pakistanis / islamabad
india: indian indians / new delhi
bangladesh: bangladeshi bangladeshis / dhaka
sri lanka: sri lankan sri lankans / colombo
nepal: nepalese nepali / kathmandu
myanmar: burma burmese / naypyidaw
thailand: thai thais / bangkok
vietnam: vietnamese / hanoi
cambodia: cambodian cambodians / phnom penh
laos: laotian lao
malaysia: malaysian malaysians / kuala lumpur
singapore: singaporean singaporeans
indonesia: indonesian indonesians / jakarta
philippines: philippine filipino filipinos / manila
mongolia: mongolian mongolians
australia: australian australians aussie aussies / canberra
new zealand: new zealander new zealanders / wellington
canada: canadian canadians / ottawa
mexico: mexican mexicans / mexico city
cuba: cuban cubans / havana
haiti: haitian haitians / port-au-prince
costa rica: costa rican costa ricans
panama: panamanian panamanians
nicaragua: nicaraguan nicaraguans / managua
honduras: honduran hondurans / tegucigalpa
guatemala: guatemalan guatemalans
el salvador: salvadoran salvadorans
venezuela: venezuelan venezuelans / caracas
colombia: colombian colombians / bogota
ecuador: ecuadorian ecuadorians / quito
peru: peruvian peruvians / lima
bolivia: bolivian bolivians / la paz
brazil: brazilian brazilians / brasilia
argentina: argentine argentines argentinian argentinians / buenos aires
chile: chilean chileans / santiago
uruguay: uruguayan uruguayans / montevideo
paraguay: paraguayan paraguayans / asuncion
united nations: un
nato: north atlantic treaty organization
"""
_TWO_WORDS = frozenset(
    "north korean|north koreans|south korean|south koreans|democratic people's republic of korea|republic of korea"
    "|south african|south africans|sri lankan|sri lankans|new zealander|new zealanders|costa rican|costa ricans"
    "|north atlantic treaty organization".split("|")
)


def _forms(line: str) -> tuple[str, list[str], str]:
    name, _, rest = line.partition(": ")
    others, _, seat = rest.partition(" / ")
    forms = [name]
    words = others.split()
    i = 0
    while i < len(words):
        # The longest form known to be of several words, else the single word.
        for length in (5, 4, 3, 2):
            phrase = " ".join(words[i : i + length])
            if phrase in _TWO_WORDS:
                forms.append(phrase)
                i += length
                break
        else:
            forms.append(words[i])
            i += 1
    return name, forms, seat.strip()


_LINES = [_forms(line) for line in _TABLE.strip().splitlines()]
_COUNTRY = {form: name for name, forms, _ in _LINES for form in forms}
_SEAT = {seat: name for name, _, seat in _LINES if seat}


def country_of(name: str) -> str:
    """Return the country that ``name`` (folded, without dots) names or derives from, else an empty string."""
    return _COUNTRY.get(name, "")


def governed_from(name: str) -> str:
    """Return the country whose government ``name``, a capital (folded), can stand for, else an empty string."""
    return _SEAT.get(name, "")

"""The words that readers see beside the news itself, by language: labels, counts, days, and the states of stories. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """One language's words; braces are filled in by name, pairs are of one and of many."""

    # Labels of a story's lines.
    was: str
    now: str
    status: str
    who: str
    figures: str
    differ: str
    next: str
    unknown: str
    sources: str
    extracts: str
    according: str
    earlier_position: str
    announced_by: str
    until: str
    # Sections of a briefing.
    changed: str
    new: str
    watch: str
    earlier: str
    unchanged: str
    # Sentences above the news.
    degraded: str
    quiet: tuple[str, str]
    blind: str
    more: str
    late: str
    corrected: str
    replaced: str
    withdrawn: str
    draft: str
    # What a briefing rests on.
    stories: tuple[str, str]
    articles: tuple[str, str]
    reprints: tuple[str, str]
    days: tuple[str, str]
    read: tuple[str, str]  # of how many feeds are due
    unread: tuple[str, str]
    checked: tuple[str, str]
    mended: str
    dropped: str
    window: str
    independent: str
    with_reprints: str
    unchanged_for: str
    # Buttons.
    ask: str
    details: str
    manage: str
    useful: str
    wrong: str
    approve: str
    keep_back: str
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    short_days: tuple[str, ...]
    dot: str = ""  # after the number of a day
    thousands: str = ","
    words: Mapping[str, str] = field(default_factory=dict)  # of states, kinds of support, outcomes

    def number(self, number: int) -> str:
        """Return such as "1,234"."""
        return f"{number:,}".replace(",", self.thousands)

    def count(self, number: int, noun: tuple[str, str]) -> str:
        """Return such as "3 stories"."""
        return f"{self.number(number)} {noun[number != 1]}"

    def word(self, english: str) -> str:
        """Return the word for a state, a kind of support or an outcome."""
        return self.words.get(english, english)

    def long_date(self, day: date) -> str:
        """Return such as "Tuesday 8 July 2025"."""
        return f"{self.weekdays[day.weekday()]} {self._day(day)} {day.year}"

    def short_date(self, day: date) -> str:
        """Return such as "Tue 8 July"."""
        return f"{self.short_days[day.weekday()]} {self._day(day)}"

    def _day(self, day: date) -> str:
        return f"{day.day}{self.dot} {self.months[day.month - 1]}"


ENGLISH = Phrases(
    was="Was",
    now="Now",
    status="Status",
    who="Who",
    figures="Figures",
    differ="Sources differ",
    next="Next",
    unknown="Not said",
    sources="Sources",
    extracts="extracts",
    according="according to {who}",
    earlier_position="earlier: {position}",
    announced_by="announced by {who}",
    until="{first} to {last}",
    changed="Changed",
    new="New",
    watch="Watch today",
    earlier="Announced earlier",
    unchanged="Unchanged ({count})",
    degraded="Degraded: stories told in the articles' own sentences, {why}.",
    quiet=("Quiet: no material change in the {count} story you follow.",
           "Quiet: no material change in the {count} stories you follow."),
    blind="Partly blind: {failed} of {feeds} could not be read: {names}.",
    more="{names} and {count} more",
    late="Late: due {due}, posted {after} after.",
    corrected="Corrected {at}: {change} ({why}).",
    replaced="“{now}” in the place of “{was}”",
    withdrawn="“{was}” is withdrawn",
    draft="Draft for {channel}. wirebrief approve {id} posts it, wirebrief hold {id} keeps it back",
    stories=("story", "stories"),
    articles=("article", "articles"),
    reprints=("reprint", "reprints"),
    days=("day", "days"),
    read=("{read} of {count} feed read", "{read} of {count} feeds read"),
    unread=("feed", "feeds"),
    checked=("{count} statement checked against the cited sentences",
             "{count} statements checked against the cited sentences"),
    mended="{count} mended",
    dropped="{count} dropped",
    window="{start} to {end}",
    independent="{count} independent sources: {names}",
    with_reprints="and {reprints}",
    unchanged_for="unchanged for {days}",
    ask="Ask",
    details="Details",
    manage="Manage",
    useful="Useful",
    wrong="Wrong?",
    approve="Approve",
    keep_back="Keep back",
    months=("January", "February", "March", "April", "May", "June",
            "July", "August", "September", "October", "November", "December"),
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    short_days=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
)  # fmt: skip

GERMAN = Phrases(
    was="Bisher",
    now="Jetzt",
    status="Stand",
    who="Wer",
    figures="Zahlen",
    differ="Quellen weichen ab",
    next="Als Nächstes",
    unknown="Nicht gesagt",
    sources="Quellen",
    extracts="Auszüge",
    according="laut {who}",
    earlier_position="zuvor: {position}",
    announced_by="angekündigt von {who}",
    until="{first} bis {last}",
    changed="Geändert",
    new="Neu",
    watch="Heute erwartet",
    earlier="Früher angekündigt",
    unchanged="Unverändert ({count})",
    degraded="Eingeschränkt: in den Sätzen der Artikel selbst erzählt, {why}.",
    quiet=("Ruhig: nichts Wesentliches neu in der {count} Geschichte, die hier verfolgt wird.",
           "Ruhig: nichts Wesentliches neu in den {count} Geschichten, die hier verfolgt werden."),
    blind="Teils blind: {failed} von {feeds} nicht lesbar: {names}.",
    more="{names} und {count} weitere",
    late="Verspätet: fällig {due}, gesendet {after} danach.",
    corrected="Berichtigt {at}: {change} ({why}).",
    replaced="„{now}“ anstelle von „{was}“",
    withdrawn="„{was}“ ist zurückgezogen",
    draft="Entwurf für {channel}. wirebrief approve {id} sendet ihn, wirebrief hold {id} hält ihn zurück",
    stories=("Geschichte", "Geschichten"),
    articles=("Artikel", "Artikel"),
    reprints=("Nachdruck", "Nachdrucke"),
    days=("Tag", "Tagen"),
    read=("{read} von {count} Feed gelesen", "{read} von {count} Feeds gelesen"),
    unread=("Feed", "Feeds"),
    checked=("{count} Aussage an den zitierten Sätzen geprüft",
             "{count} Aussagen an den zitierten Sätzen geprüft"),
    mended="{count} berichtigt",
    dropped="{count} weggelassen",
    window="{start} bis {end}",
    independent="{count} unabhängige Quellen: {names}",
    with_reprints="und {reprints}",
    unchanged_for="unverändert seit {days}",
    ask="Fragen",
    details="Einzelheiten",
    manage="Verwalten",
    useful="Nützlich",
    wrong="Falsch?",
    approve="Freigeben",
    keep_back="Zurückhalten",
    months=("Januar", "Februar", "März", "April", "Mai", "Juni",
            "Juli", "August", "September", "Oktober", "November", "Dezember"),
    weekdays=("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    short_days=("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
    dot=".",
    thousands=".",
    words={
        "single source": "eine einzige Quelle",
        "one party's claim": "Angabe einer Seite",
        "official": "amtlich",
        "confirmed": "bestätigt",
        "happened": "eingetreten",
        "did not happen": "nicht eingetreten",
        "open": "offen",
        "announced, no report found": "angekündigt, kein Bericht gefunden",
        "abandoned": "aufgegeben",
        "aftermath": "Nachwirkungen",
        "agreed": "vereinbart",
        "announced": "angekündigt",
        "appealed": "angefochten",
        "approved": "genehmigt",
        "build-up": "Zuspitzung",
        "campaign": "Wahlkampf",
        "ceasefire": "Waffenruhe",
        "charged": "angeklagt",
        "closed": "abgeschlossen",
        "collapsed": "gescheitert",
        "completed": "vollzogen",
        "counting": "Auszählung",
        "decided": "entschieden",
        "developing": "in Entwicklung",
        "disputed": "umstritten",
        "ended": "beendet",
        "fighting": "Kämpfe",
        "in committee": "im Ausschuss",
        "in force": "in Kraft",
        "investigated": "unter Ermittlung",
        "on trial": "vor Gericht",
        "passed": "beschlossen",
        "passed one chamber": "in einer Kammer beschlossen",
        "pause": "Pause",
        "proposed": "vorgeschlagen",
        "recovery": "Wiederaufbau",
        "rejected": "abgelehnt",
        "rescue": "Rettung",
        "rumoured": "gerüchteweise",
        "stalled": "festgefahren",
        "under review": "in Prüfung",
        "under way": "im Gang",
        "unfolding": "im Verlauf",
        "voting": "Wahl läuft",
        "warned": "gewarnt",
    },
)  # fmt: skip

_PHRASES = {"en": ENGLISH, "de": GERMAN}
LANGUAGES = tuple(_PHRASES)


def phrases(language: str) -> Phrases:
    """Return the words of ``language``, English where there are none."""
    return _PHRASES.get(language.partition("-")[0].lower(), ENGLISH)

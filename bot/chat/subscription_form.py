"""The form of a subscription: its fields, their values, and the mistakes in them. Pure.

new | a subscription | what was typed ──values──▶ Form ──the platform asks──▶ Request.values
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.language.locale.phrases import LANGUAGE_NAMES
from bot.model.chat import Length, QuietDay, Subscription
from bot.model.talk import Field, FieldInput, Form, Verb

CHANNEL, TIMES, FEEDS, WORDS, LENGTH = ("channel", "times", "feeds", "words", "length")
LANGUAGE, QUIET, APPROVAL, TITLE = ("language", "quiet_day", "approval", "title")
PACK_PREFIX = "pack "  # before the name of a pack among the feeds that may be chosen
SECOND_PAGE = "more"  # behind the subject of a form's second page

LENGTHS = (
    (Length.SHORT.value, "Short: 3 stories"),
    (Length.STANDARD.value, "Standard: 7 stories"),
    (Length.LONG.value, "Long: 12 stories"),
)
QUIET_DAY_CHOICES = (
    (QuietDay.POST.value, "Post a short notice"),
    (QuietDay.SILENT.value, "Post nothing"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """What of a form is shown at once: the first ``fields``, or with ``second`` those behind them.

    A ``live`` page has a ``preview`` of what the form would match, as it is filled in.
    """

    fields: int
    second: bool = False
    live: bool = False
    preview: tuple[str, ...] = ()


def subscription_form(
    values: Mapping[str, str],
    *,
    subject: str,
    new: bool,
    feeds: Sequence[tuple[str, str]],
    page: FormPage,
    errors: Mapping[str, str] | None = None,
    example: str = "",
) -> Form:
    """Return the ``page`` of the form with ``values`` in it; ``feeds`` are packs and feeds that may be chosen.

    ``subject`` is "", the subscription that is changed, or the draft that was typed, and comes back with the form; ``new``
    where no subscription is changed. ``example`` is a time with its zone.
    """
    # The form is divided into pages before fields are left out, so that each field has its page.
    every = _fields(_chosen_first(feeds, values.get(FEEDS, "")), example=example)
    shown = [
        replace(
            field,
            value=values.get(field.name, field.value),
            error=(errors or {}).get(field.name, ""),
            live=page.live and field.name in {FEEDS, WORDS},
        )
        for field in (every[page.fields : 2 * page.fields] if page.second else every[: page.fields])
        if (field.name != CHANNEL or new)  # a briefing stays where it is
        and (field.name != FEEDS or feeds)
    ]
    return Form(
        verb=Verb.SUBSCRIBE,
        title="New briefing" if new else "Change the briefing",
        subject=subject,
        send="Subscribe" if new else "Save",
        fields=tuple(shown),
        look="Show what would match" if page.live else "",
        preview=page.preview,
    )


def _chosen_first(feeds: Sequence[tuple[str, str]], chosen: str) -> list[tuple[str, str]]:
    """Return ``feeds`` with those ``chosen`` first: a platform may list only some, and what is not listed is not sent."""
    wanted = frozenset(chosen.split(","))
    return sorted(feeds, key=lambda feed: feed[0] not in wanted)


def values_of(subscription: Subscription) -> dict[str, str]:
    """Return the values of the form for ``subscription``."""
    approval = subscription.approval
    return {
        CHANNEL: subscription.channel.name,
        TIMES: subscription.when,
        FEEDS: ",".join((*(f"{PACK_PREFIX}{pack}" for pack in subscription.packs), *subscription.feeds)),
        WORDS: ", ".join(subscription.filters.words),
        LENGTH: subscription.length.value,
        LANGUAGE: subscription.language,
        QUIET: subscription.quiet_day.value,
        APPROVAL: approval.name if approval else "",
        TITLE: subscription.title,
    }


def _fields(feeds: Sequence[tuple[str, str]], *, example: str) -> tuple[Field, ...]:
    return (
        Field(
            name=CHANNEL,
            label="Channel",
            kind=FieldInput.CHANNEL,
            hint="Where briefings are posted; you must be able to see it",
        ),
        Field(
            name=TIMES,
            label="Times, with time zone",
            value=example,
            hint="Such as weekdays 07:30 Europe/Berlin, or Mon, Thu 9:00 UTC",
            most=200,
        ),
        Field(
            name=FEEDS,
            label="Packs and feeds",
            kind=FieldInput.CHOICES,
            options=tuple(feeds),
            hint="Choose none for all feeds that are read here",
            required=False,
        ),
        Field(
            name=WORDS,
            label="Only stories with these words",
            hint="Names, places or topics, separated by commas; empty for all stories",
            required=False,
            most=1000,
        ),
        _choice(LENGTH, "Length", Length.STANDARD.value, LENGTHS),
        _choice(
            LANGUAGE,
            "Language",
            "en",
            LANGUAGE_NAMES.items(),
            hint="Of headings and labels; the news is not translated",
        ),
        _choice(QUIET, "When nothing changed", QuietDay.POST.value, QUIET_DAY_CHOICES),
        Field(
            name=APPROVAL,
            label="Editors' channel",
            kind=FieldInput.CHANNEL,
            hint="A draft is shown there first; empty to post at once",
            required=False,
        ),
        Field(
            name=TITLE,
            label="Name",
            hint="Shown above each briefing; empty for the usual title",
            required=False,
            most=80,
        ),
    )


def _choice(
    name: str, label: str, value: str, options: Iterable[tuple[str, str]], *, hint: str = ""
) -> Field:
    return Field(
        name=name, label=label, kind=FieldInput.CHOICE, value=value, options=tuple(options), hint=hint
    )

"""What the readers of each platform see of a payload, and what would be live in it; written without the renderers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One message as its readers get it: the words, whom or what it would alert, where it leads."""

    text: str = ""
    mentions: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    times: int = 0  # moments that the reader's own client words
    buttons: tuple[str, ...] = ()  # what the platform tells when they are pressed

    def __add__(self, other: Reading) -> Reading:
        return Reading(
            text="\n".join(filter(None, (self.text, other.text))),
            mentions=(*self.mentions, *other.mentions),
            links=(*self.links, *other.links),
            times=self.times + other.times,
            buttons=(*self.buttons, *other.buttons),
        )


def collected(readings: list[Reading]) -> Reading:
    """Return all ``readings`` as one."""
    whole = Reading()
    for reading in readings:
        whole += reading
    return whole

"""Write briefings as one self-contained HTML page: no script, nothing loaded, light and dark.

Every citation number opens the exact sentence in place, with outlet, time and the link to the article.
"""

from __future__ import annotations

from collections.abc import Sequence

import jinja2

from bot.language.cleaning.invisible import visible
from bot.language.cleaning.links import safe_link
from bot.language.locale.phrases import phrases
from bot.model.message import Message
from bot.model.news import citation_label


def _shown(value: object) -> object:
    # What is markup already was made of values that came through here.
    return visible(value) if type(value) is str else value


_TEMPLATES = jinja2.Environment(
    loader=jinja2.PackageLoader("bot.web"),
    autoescape=True,
    finalize=_shown,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render_page(messages: Sequence[Message], *, title: str) -> str:
    """Return the page of ``messages``, in their order; links lead only to the articles they cite."""
    return _TEMPLATES.get_template("briefings.html").render(
        title=title, messages=messages, safe_link=safe_link, phrases=phrases, citation_label=citation_label
    )

"""``wirebrief preview``: a briefing as Slack or Discord shows it, as a page to look at."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.news.demo import DEMO_MODEL, DemoModel, model_of
from bot.cli.news.first_contact import LANGUAGE_HELP, first_contact_page
from bot.cli.operate.setup import ConfigPath, configured, run
from bot.cli.terminal import Force, refuse_to_replace

if TYPE_CHECKING:
    from bot.config import Config
    from bot.model.briefing import Briefing


class Platform(StrEnum):
    """The platform that a page imitates."""

    SLACK = "slack"
    DISCORD = "discord"


class Style(StrEnum):
    """How a Discord message is built."""

    COMPONENTS = "components"
    EMBEDS = "embeds"
    TEXT = "text"


def preview(
    name: Annotated[
        str,
        typer.Argument(metavar="[BRIEFING]", help="Its id, or the beginning of it (default: the newest)."),
    ] = "",
    platform: Annotated[
        Platform, typer.Option("--platform", help="The platform to imitate.")
    ] = Platform.SLACK,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            help="The page to write (default: var/preview.html; with --demo var/demo/PLATFORM.html).",
            dir_okay=False,
        ),
    ] = None,
    style: Annotated[
        Style, typer.Option("--style", help="How Discord messages are built.")
    ] = Style.COMPONENTS,
    demo: Annotated[bool, typer.Option("--demo", help="Show the recorded news of the demo.")] = False,
    first_contact: Annotated[
        bool,
        typer.Option(
            "--first-contact", help="Show the welcome, an example and the form of a briefing with a mistake."
        ),
    ] = False,
    language: Annotated[str, typer.Option("--language", help=LANGUAGE_HELP)] = "en",
    model: Annotated[
        DemoModel,
        typer.Option(
            "--model",
            **DEMO_MODEL,
            help="With --demo: who writes the stories, as in wirebrief demo.",
        ),
    ] = DemoModel.QUOTED,
    force: Force = False,
    config: ConfigPath = None,
) -> None:
    """Write a page with a briefing as Slack or Discord shows it."""
    from bot.chat.document.message import to_message
    from bot.chat.preview import preview_page
    from bot.chat.replies.buttons import under_briefing
    from bot.chat.replies.translated import language_of
    from bot.runtime.compose import renderer_of

    page = out or (Path("var/demo") / f"{platform}.html" if demo else Path("var/preview.html"))
    refuse_to_replace(page, force=force)
    if first_contact:
        _write(page, first_contact_page(platform.value, language=language_of(language)))
        return
    briefings = _recorded(model) if demo else (_archived(name, configured(config)),)
    messages = [under_briefing(to_message(briefing), briefing) for briefing in briefings]
    renderer = renderer_of(platform.value, style=style.value)
    posts = [renderer.briefing(message) for message in messages]
    _write(page, preview_page(platform.value, posts, title=messages[0].title))


def _write(page: Path, text: str) -> None:
    from bot.errors import InputError

    try:
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text, "utf-8")
    except OSError as error:
        raise InputError(
            f"The page cannot be written to {str(page)!r}: {error.strerror}", hint="Name a file with --out"
        ) from error
    typer.echo(f"Written: {page}")


def _archived(name: str, settings: Config) -> Briefing:
    from bot.errors import InputError
    from bot.runtime.compose import open_app

    async def work() -> Briefing:
        async with open_app(settings, must_exist=True) as app:
            if name:
                return (await app.stored_briefing(name)).briefing
            recent = await app.store.briefings.recent(1)
            if not recent:
                raise InputError("There is no briefing yet", hint="Make one: wirebrief brief; or add --demo")
            return recent[0][1]

    return run(work())


def _recorded(model: DemoModel) -> tuple[Briefing, ...]:
    import tempfile

    from bot.runtime.demo import as_published, play_demo

    with tempfile.TemporaryDirectory() as folder:
        played = run(play_demo(Path(folder), model=model_of(model)))
    return tuple(map(as_published, played.briefings))

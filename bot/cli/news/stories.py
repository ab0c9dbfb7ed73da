"""``wirebrief stories``: the stories of the last days, with the reasons of their ranks; merge, split and rename them, close contradictions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bot.chat.document.plain import plain
from bot.cli.completion import story_ids
from bot.cli.formats import AsJson, ListForm, print_rows, wants_json
from bot.cli.grouped import GroupedHelp
from bot.cli.operate.setup import ConfigPath, configured, run
from bot.language.cleaning.public import public_address
from bot.language.locale.en import counted

if TYPE_CHECKING:
    from bot.flows.briefing.choosing.rank_stories import RankedStory
    from bot.model.news import Article
    from bot.model.story import Story
    from bot.model.story_edit import StoryEdit
    from bot.model.update import Contradiction

LISTED_EDITS = 50

app = typer.Typer(cls=GroupedHelp, rich_markup_mode=None, invoke_without_command=True)

StoryId = Annotated[
    str,
    typer.Argument(metavar="STORY", help="A story's id, or the beginning of it.", autocompletion=story_ids),
]


@app.callback()
def stories(
    context: typer.Context,
    days: Annotated[int, typer.Option(help="How far back, in days.", min=1, max=3650)] = 7,
    limit: Annotated[int, typer.Option(help="How many at most.", min=1, max=500)] = 20,
    why: Annotated[bool, typer.Option("--why", help="Print the reasons of each story's rank.")] = False,
    form: ListForm = None,
    as_json: AsJson = False,
    config: ConfigPath = None,
) -> None:
    """List the stories of the last days; merge, split, rename them."""
    if context.invoked_subcommand:
        return
    json = wants_json(form, as_json)
    settings = configured(config)
    from bot.runtime.compose import open_app

    async def work() -> list[RankedStory]:
        async with open_app(settings, must_exist=True) as app:
            return await app.stories(since=app.now() - timedelta(days=days), limit=limit, by=None)

    found = run(work())
    if json:
        print_rows([_ranked(number, item) for number, item in enumerate(found, 1)])
        return
    if not found:
        typer.echo("No stories yet. Read the feeds: wirebrief ingest")
    for number, item in enumerate(found, 1):
        count = len(item.story.article_ids)
        whose = f", of {plain(item.story.scope.whose)}" if item.story.scope.whose else ""
        typer.echo(
            f"{number:>3}. {plain(item.story.title)}  ({counted(count, 'article')}, {item.story.id}{whose})"
        )
        for reason in item.why if why else ():
            typer.echo(f"       {reason}")


@app.command()
def merge(
    story: StoryId,
    others: Annotated[
        list[str],
        typer.Argument(
            metavar="OTHER...", help="Stories whose articles it takes over.", autocompletion=story_ids
        ),
    ],
    config: ConfigPath = None,
) -> None:
    """Merge stories about one event into the first."""
    settings = configured(config)
    from bot.runtime.compose import open_app

    async def work() -> StoryEdit:
        async with open_app(settings, must_exist=True) as app:
            return await app.merge_stories([story, *others])

    edit = run(work())
    typer.echo(f"Merged into {edit.story_id} ({plain(edit.now)}): {', '.join(edit.others)}")


@app.command()
def split(
    story: StoryId,
    articles: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ARTICLE]...", help="Ids or addresses of its articles (default: list them)."),
    ] = None,
    form: ListForm = None,
    as_json: AsJson = False,
    config: ConfigPath = None,
) -> None:
    """Move articles of a story into a new one."""
    json = wants_json(form, as_json)
    settings = configured(config)
    from bot.flows.maintenance.edit_stories import list_articles
    from bot.runtime.compose import open_app

    async def listed() -> tuple[Story, list[Article]]:
        async with open_app(settings, must_exist=True) as app:
            return await list_articles(story, store=app.store)

    async def work() -> StoryEdit:
        async with open_app(settings, must_exist=True) as app:
            return await app.split_story(story, articles or ())

    if not articles:
        found, there = run(listed())
        if json:
            print_rows([_article(one) for one in there])
            return
        typer.echo(f"{found.id}  {plain(found.title)}")
        for one in there:
            whose = f"  (of {plain(one.scope.whose)})" if one.scope.whose else ""
            typer.echo(
                f"{one.id}  {one.published_at:%Y-%m-%d}  {plain(one.outlet)}: {plain(one.title)}{whose}"
            )
        return
    edit = run(work())
    if json:
        print_rows([edit])
        return
    typer.echo(f"New story {edit.others[0]} ({plain(edit.now)}), {counted(len(edit.articles), 'article')}")


@app.command()
def rename(
    story: StoryId,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The new name, used in lists and timelines.")],
    config: ConfigPath = None,
) -> None:
    """Give a story a name of your own."""
    settings = configured(config)
    from bot.flows.maintenance.edit_stories import rename_story
    from bot.runtime.compose import open_app

    async def work() -> StoryEdit:
        async with open_app(settings, must_exist=True) as app:
            return await rename_story(story, name, store=app.store, now=app.now())

    edit = run(work())
    typer.echo(f"{edit.story_id}: {plain(edit.was)} → {plain(edit.now)}")


@app.command()
def close(
    story: StoryId,
    number: Annotated[
        int | None,
        typer.Argument(metavar="[NUMBER]", help="The number of a contradiction (default: list them)."),
    ] = None,
    form: ListForm = None,
    as_json: AsJson = False,
    config: ConfigPath = None,
) -> None:
    """Close a contradiction, or list the open ones."""
    json = wants_json(form, as_json)
    settings = configured(config)
    from bot.flows.maintenance.edit_stories import close_contradiction, list_contradictions
    from bot.runtime.compose import open_app

    async def listed() -> tuple[Story, tuple[Contradiction, ...]]:
        async with open_app(settings, must_exist=True) as app:
            return await list_contradictions(story, store=app.store)

    async def work(chosen: int) -> Contradiction:
        async with open_app(settings, must_exist=True) as app:
            return await close_contradiction(story, chosen, store=app.store, now=app.now())

    if number is not None:
        closed = run(work(number))
        if json:
            print_rows([closed])
            return
        typer.echo(
            f"Closed: {plain(closed.question)} It is shown again only when a side says something else."
        )
        return
    found, there = run(listed())
    if json:
        print_rows(there)
        return
    if not there:
        typer.echo(f"{found.id} has no open contradiction.")
    for place, one in enumerate(there, 1):
        typer.echo(f"{place:>3}. {plain(one.question)}")
        for side in one.sides:
            typer.echo(f"       {plain(side.by)}: {plain(side.text)}")


@app.command()
def edits(form: ListForm = None, as_json: AsJson = False, config: ConfigPath = None) -> None:
    """List what was merged, split and renamed."""
    json = wants_json(form, as_json)
    settings = configured(config)
    from bot.runtime.compose import open_app

    async def work() -> list[StoryEdit]:
        async with open_app(settings, must_exist=True) as app:
            return await app.store.story_edits.recent(LISTED_EDITS)

    found = run(work())
    if json:
        print_rows(found)
        return
    if not found:
        typer.echo("No story was merged, split or renamed.")
    for edit in found:
        typer.echo(f"{edit.at:%Y-%m-%d %H:%M} UTC  {_described(edit)}  ({edit.by})")


def _ranked(number: int, item: RankedStory) -> dict[str, object]:
    story = item.story
    return {
        "rank": number,
        "id": story.id,
        "title": story.title,
        "articles": len(story.article_ids),
        "first_at": story.first_at,
        "last_at": story.last_at,
        "channel": story.scope.channel,
        "score": item.score,
        "why": item.why,
    }


def _article(one: Article) -> dict[str, object]:
    return {
        "id": one.id,
        "published_at": one.published_at,
        "outlet": one.outlet,
        "title": one.title,
        "url": public_address(one.url),
        "channel": one.scope.channel,
    }


def _described(edit: StoryEdit) -> str:
    from bot.model.story_edit import EditVerb

    if edit.verb is EditVerb.MERGE:
        return f"merged {', '.join(edit.others)} into {edit.story_id} ({plain(edit.now)})"
    if edit.verb is EditVerb.SPLIT:
        return f"split {edit.others[0]} ({plain(edit.now)}) off {edit.story_id}: {counted(len(edit.articles), 'article')}"
    return f"renamed {edit.story_id}: {plain(edit.was)} → {plain(edit.now)}"

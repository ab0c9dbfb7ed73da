"""``wirebrief stories``: merge, split and rename on the command line, and no ingest undoes it."""

from __future__ import annotations

import re

import pytest

from tests.cli.conftest import call

pytestmark = pytest.mark.slow

CRANE = "A crane fell into the harbour of Velt and two workers were injured. Director Anna Berg closed the northern pier of Velt."
INQUIRY = "Prosecutor Ida Moss opened an inquiry against the builder Norden Lifts over a broken steel cable. Norden Lifts had been warned."
CHARGE = "The builder Norden Lifts was charged over the broken steel cable, said prosecutor Ida Moss. Engineers of Norden Lifts had warned."


def serve(server, *texts):
    items = ""
    for number, text in enumerate(texts):
        title = text.split(" and ")[0].split(".")[0]
        body = f"<p>{text}</p>" * 1
        server.page(
            f"/{number}",
            f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body></html>",
        )
        items += f"<item><title>{title}</title><link>{server.url(f'/{number}')}</link><description>{text}</description></item>"
    server.page("/feed", f"<rss version='2.0'><channel><title>Velt Post</title>{items}</channel></rss>", Content_Type="application/rss+xml")  # fmt: skip


async def listed():
    lines = (await call("stories")).stdout.splitlines()
    return {re.search(r"sto-\w+", line)[0]: line for line in lines}


async def test_an_editors_changes_stay_through_the_next_ingest(server):
    serve(server, CRANE, INQUIRY)
    assert (await call("feeds", "add", server.url("/feed"))).exit_code == 0
    await call("ingest")
    stories = await listed()
    assert len(stories) == 2
    one = next(key for key, line in stories.items() if "crane" in line)
    two = next(key for key in stories if key != one)

    assert (await call("stories", "merge", one, two)).stdout.startswith(f"Merged into {one}")
    assert "2 articles" in (await listed())[one]
    assert one in (await call("story", two)).stdout

    articles = (await call("stories", "split", one)).stdout.splitlines()[1:]
    assert len(articles) == 2
    moved = next(line.split()[0] for line in articles if "Norden" in line)
    done = await call("stories", "split", one, moved)
    new = re.search(r"sto-\w+", done.stdout)[0]
    assert set(await listed()) == {one, new}

    assert (await call("stories", "rename", new, "The Norden Lifts case")).exit_code == 0
    serve(server, CRANE, INQUIRY, CHARGE)
    await call("ingest", "--all")
    stories = await listed()
    assert set(stories) == {one, new}
    assert "The Norden Lifts case  (2 articles" in stories[new]
    assert "1 article," in stories[one]

    recorded = (await call("stories", "edits")).stdout.splitlines()
    assert [line.split("  ")[1].split()[0] for line in recorded] == ["renamed", "split", "merged"]


async def test_a_wrong_id_is_said_in_words(server):
    done = await call("stories", "merge", "sto-none", "sto-other")
    assert "There is no story 'sto-none'" in str(done.exception)
    assert (await call("stories", "merge", "sto-none")).exit_code == 2
    assert (await call("stories", "edits")).stdout == "No story was merged, split or renamed.\n"

"""Sentence borders of agency copy in sixteen languages: a bar in the data stands where a sentence ends."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from bot.language.rules import FOLDER as FOLDERS
from bot.language.sentences.split import split_sentences
from tests.support.running.rows import each_row

FOLDER = Path(__file__).parent / "borders"
LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.txt"))
MARK = re.compile(r"[.!?…。！？।॥؟۔]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Of one language: where a sentence ends, where a mark ends none, and what was decided otherwise."""

    borders: int
    others: int
    wrong: tuple[str, ...]


def squeezed(text):
    return "".join(text.split())


def ends(parts):
    """Return behind how many characters, blanks left out, each part but the last ends."""
    found, at = set(), 0
    for part in parts[:-1]:
        at += len(squeezed(part))
        found.add(at)
    return found


def counted(language, *, half=0):
    """Return what the splitter makes of the data of ``language``: both halves, or one."""
    halves = (FOLDER / f"{language}.txt").read_text(encoding="utf-8").split("##")
    borders = others = 0
    wrong = []
    for line in "".join(halves if not half else halves[half - 1 : half]).splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        wanted = ends(line.split("|"))
        text = (
            " ".join(line.replace("|", " ").split())
            if language not in {"ja", "zh"}
            else line.replace("|", "")
        )
        made = ends([s.text for s in split_sentences(text, language=language)])
        bare = squeezed(text)
        marks = {found.end() for found in MARK.finditer(bare)}
        borders += len(wanted)
        # A mark whose closers follow is counted once, where its sentence may end.
        others += sum(1 for at in marks if not any(at <= w <= at + 3 for w in wanted) and at < len(bare) - 2)
        wrong += [
            f"{'missed' if at in wanted else 'made'}: {bare[max(0, at - 25) : at]} ¦ {bare[at : at + 20]}"
            for at in wanted ^ made
        ]
    return Count(borders=borders, others=others, wrong=tuple(wrong))


# "un député R.N. Silence dans …": an abbreviation before a noun that begins sentences as seldom as others.
KNOWN = {"fr": 1}


@each_row("language", LANGUAGES)
def test_a_sentence_ends_where_a_reader_says(language):
    wrong = counted(language).wrong
    assert len(wrong) <= KNOWN.get(language, 0), wrong


def test_the_borders_are_many_and_of_many_languages():
    counts = [counted(language) for language in LANGUAGES]
    borders, others = sum(c.borders for c in counts), sum(c.others for c in counts)
    assert len(LANGUAGES) >= 12
    assert borders >= 400
    assert others >= 400
    assert sum(len(c.wrong) for c in counts) <= 0.01 * (borders + others)


def test_every_word_of_the_rules_stands_once_under_its_sense():
    twice = {
        (path.parents[1].name, table["sense"], word)
        for path in FOLDERS.glob("*/grammar/sentences.toml")
        for table in tomllib.loads(path.read_text(encoding="utf-8")).get("words", ())
        for word in table["words"]
        if table["words"].count(word) > 1
    }
    assert twice == set()

"""Pack blocks into messages: whole if they fit, else cut between rows, then between words; never inside a citation. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from bot.chat.document.rows import Block, Row, Run

Size = tuple[int, ...]
"""What a block takes, in each of the things a platform counts."""

_PIECE_CHARS = 240  # characters; small enough that any escaping of it fits any message


def pack(
    blocks: Iterable[Block], *, size: Callable[[Block], Size], room: Size, first: Size | None = None
) -> list[tuple[Block, ...]]:
    """Return ``blocks`` in groups that each fit ``room``, the first one ``first``, in order."""
    groups: list[tuple[Block, ...]] = []
    group: list[Block] = []
    left = first if first is not None else room
    for block in blocks:
        for piece in _pieces(block, size=size, room=room):
            needed = size(piece)
            if not _within(needed, left):
                # An empty first group stays, because the channel has limited space.
                groups.append(tuple(group))
                group, left = [], room
            group.append(piece)
            left = _less(left, needed)
    if group or not groups:
        groups.append(tuple(group))
    return groups


def _pieces(block: Block, *, size: Callable[[Block], Size], room: Size) -> Iterator[Block]:
    """Yield ``block``, or where it does not fit, blocks of its rows; what rows take is added up, which errs high."""
    if _within(size(block), room):
        yield block
        return
    rows: list[Row] = []
    left = room
    for row in block.rows:
        for piece in _row_pieces(row, size=size, room=room):
            needed = size(replace(block, rows=(piece,)))
            if rows and not _within(needed, left):
                # The buttons are below the last piece.
                yield replace(block, rows=tuple(rows), actions=(), menu=())
                rows, left = [], room
            rows.append(piece)
            left = _less(left, needed)
    if rows:
        yield replace(block, rows=tuple(rows))


def _row_pieces(row: Row, *, size: Callable[[Block], Size], room: Size) -> Iterator[Row]:
    if _within(size(Block(rows=(row,))), room):
        yield row
        return
    runs: list[Run] = []
    left = room
    for run in row.runs:
        for piece in [run] if run.whole else _run_pieces(run):
            needed = size(Block(rows=(replace(row, runs=(piece,)),)))
            if runs and not _within(needed, left):
                yield replace(row, runs=tuple(runs))
                runs, left = [], room
            runs = _joined(runs, piece)
            left = _less(left, needed)
    if runs:
        yield replace(row, runs=tuple(runs))


def _within(needed: Size, room: Size) -> bool:
    return all(a <= b for a, b in zip(needed, room, strict=True))


def _less(room: Size, taken: Size) -> Size:
    return tuple(a - b for a, b in zip(room, taken, strict=True))


def _joined(runs: list[Run], run: Run) -> list[Run]:
    if runs and not run.whole and not runs[-1].whole and runs[-1].style is run.style:
        return [*runs[:-1], replace(run, text=runs[-1].text + run.text)]
    return [*runs, run]


def _run_pieces(run: Run) -> Iterator[Run]:
    text = run.text
    while len(text) > _PIECE_CHARS:
        space = text.rfind(" ", 1, _PIECE_CHARS)
        at = space + 1 if space > 0 else _PIECE_CHARS
        yield replace(run, text=text[:at])
        text = text[at:]
    yield replace(run, text=text)

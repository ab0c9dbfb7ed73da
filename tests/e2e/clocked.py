"""``wirebrief run`` on a clock that a test moves: ``python -m tests.e2e.clocked CONFIG OFFSET [DISCORD_PORT]``.

OFFSET is a file of one float: the seconds between this machine's clock and the one the bot lives by.
"""

from __future__ import annotations

import asyncio
import contextlib
import mmap
import signal
import struct
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.config import load_config
from bot.log import set_up_logs
from bot.runtime.serve import serve


def main(config: str, offset: str, discord: str = "") -> None:
    """Run until a signal."""
    settings = load_config(Path(config), environ={})
    set_up_logs(level="info", json_lines=False, secrets=settings.secrets)
    with Path(offset).open("rb") as file, contextlib.ExitStack() as stack:
        moved = mmap.mmap(file.fileno(), 8, access=mmap.ACCESS_READ)
        if discord:
            from bot.chat.discord.client import BriefClient  # noqa: PLC0415 - only where Discord is
            from tests.servers.discord.server import pointed_at  # noqa: PLC0415

            # A server that comes before this is over is none that the bot was added to.
            BriefClient.__init__.__kwdefaults__["ready_wait"] = 0.05
            stack.enter_context(pointed_at(int(discord)))

        def now() -> datetime:
            return datetime.now(UTC) + timedelta(seconds=struct.unpack("d", moved[:])[0])

        async def run() -> None:
            stop = asyncio.Event()
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
            await serve(settings, stop=stop, say=lambda line: print(line, flush=True), now=now)  # noqa: T201

        asyncio.run(run())


if __name__ == "__main__":
    main(*sys.argv[1:])

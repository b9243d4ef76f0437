"""Runs the emulator as its own process: `python -m emulator --port 8081 --telegram 111:AAA --bale 222:BBB`."""

import argparse
import asyncio
import contextlib
import signal
import sys
from pathlib import Path

from emulator.accounts import BotAccount
from emulator.core import Emulator
from emulator.dialects import HARSH, NO_GAPS, REALISTIC

_GAPS = {"none": NO_GAPS, "realistic": REALISTIC, "harsh": HARSH}
_FONTS = Path("node_modules/@fontsource-variable/vazirmatn/files")


def _arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m emulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081, help="0 takes a free port")
    parser.add_argument("--telegram", action="append", default=[], metavar="TOKEN", help="a Telegram bot's token")
    parser.add_argument("--bale", action="append", default=[], metavar="TOKEN", help="a Bale bot's token")
    parser.add_argument("--name", default="میزبان", help="the name of the bots")
    parser.add_argument("--gaps", choices=sorted(_GAPS), default="realistic", help="how much Bale leaves out")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--log-cap", type=int, default=None, help="keep only so many calls in memory")
    parser.add_argument("--fonts", type=Path, default=_FONTS, help="folder of the Vazirmatn files")
    parser.add_argument("--link", action="append", default=[], metavar="LABEL=URL", help="an address the page shows")
    return parser.parse_args(given)


def _accounts(options: argparse.Namespace) -> list[BotAccount]:
    pairs = [("telegram", token) for token in options.telegram] + [("bale", token) for token in options.bale]
    if not pairs:
        pairs = [("telegram", "111111111:emulator-telegram"), ("bale", "222222222:emulator-bale")]
    counts: dict[str, int] = {}
    accounts = []
    for dialect, token in pairs:
        counts[dialect] = counts.get(dialect, 0) + 1
        suffix = "" if counts[dialect] == 1 else str(counts[dialect])
        username = f"mizban_{dialect}{suffix}_bot"
        gaps = _GAPS[options.gaps] if dialect == "bale" else None
        accounts.append(BotAccount(dialect, token, username=username, first_name=options.name, gaps=gaps))
    return accounts


async def _serve(options: argparse.Namespace) -> None:
    links = [(label, url) for label, _, url in (link.partition("=") for link in options.link)]
    emulator = Emulator(
        bots=_accounts(options), seed=options.seed, log_cap=options.log_cap, fonts=options.fonts, links=links
    )
    await emulator.start(host=options.host, port=options.port)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    # Printed last: a process that reads it may stop the emulator, which then stops in good order.
    sys.stdout.write(f"emulator: {emulator.url}\n")
    sys.stdout.flush()
    await stop.wait()
    await emulator.stop()


def main() -> None:
    """Run until interrupted."""
    asyncio.run(_serve(_arguments(sys.argv[1:])))


if __name__ == "__main__":
    main()

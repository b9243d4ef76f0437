"""`mizban log`: copies the sealed history off the machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="The history of what was done and seen.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def of_the_log() -> None:
    """The history of what was done and seen."""


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="where to; it must not be there yet")],
    after: Annotated[int, typer.Option(help="the number of the last seal that was copied already", min=0)] = 0,
) -> None:
    """Copy the sealed lines with their seals, and all that tells what was erased, to be kept on another machine.

    `mizban verify --log` compares with it, and `mizban restore --erased` erases again by it.
    """
    from desk.events.copying import lines
    from desk.events.sealing import last_seal
    from desk.storage.engine import Storage
    from mizban.console import fail, say
    from mizban.database import work
    from mizban.erased import file_of, lines_of
    from mizban.settings import load_settings

    if file.exists():
        fail(f"{file} is there already: name another file.")

    async def copy(storage: Storage) -> tuple[list[str], str]:
        return await storage.read(lambda session: (list(lines(session, after=after)), str(last_seal(session) or "")))

    settings = load_settings()
    found, last = work(settings, copy)
    erased = [str(line) for line in lines_of(file_of(settings))]
    if not found and not erased:
        fail("Nothing has been sealed since: the next seal comes some minutes after something has happened.")
    file.write_text("\n".join([*found, *erased]) + "\n", encoding="utf-8")
    say(f"Copied {len(found)} lines to {file}, and {len(erased)} of what was erased.")
    if last:
        say(f"The last seal is {last}: next time, --after {last.partition(':')[0]}.")

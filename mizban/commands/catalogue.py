"""`mizban catalogue`: export and import the services as a file, for review or another installation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(help="The catalogue of services as a file.", no_args_is_help=True, rich_markup_mode=None)

File = Annotated[Path, typer.Argument(help="a JSON file; - = standard output or input")]
PIPE = Path("-")


@app.command("export")
def export_file(file: File = PIPE) -> None:
    """Write services, fees, papers and steps to a file."""
    import json

    from desk.calendar import local_day_of
    from desk.clock import now
    from mizban.catalogue_file import export_catalogue
    from mizban.console import say

    async def look(storage: Any) -> Any:
        return await storage.read(export_catalogue, today=local_day_of(now()).date)

    data = _at_the_desk(look)
    text = json.dumps(data, ensure_ascii=False, indent=2)
    if file == PIPE:
        say(text)
        return
    file.write_text(text + "\n", encoding="utf-8")
    say(f"{len(data['services'])} services are in {file}.")


@app.command("import")
def import_file(
    file: File,
    people: Annotated[
        str, typer.Option(help="keep or cancel: the turns for services that the file takes out of use")
    ] = "",
    why: Annotated[str, typer.Option(help="the words these people read")] = "",
) -> None:
    """Bring the services of a file into the desk, all or none; a demand for a copy is refused.

    A file that takes a service out of use for which people have appointments is refused until --people says what
    becomes of them.
    """
    import json
    import sys

    from desk.calendar import local_day_of
    from desk.clock import now
    from desk.consequences.rules import Remedy
    from mizban.catalogue_file import Decision, import_catalogue
    from mizban.console import refuse, say

    if people not in ("", Remedy.KEEP, Remedy.CANCEL):
        refuse("--people is keep or cancel.")
    if people == Remedy.CANCEL and not why.strip():
        refuse("Please tell the people why: --why and the words they read.")
    decision = Decision(Remedy(people), why.strip()) if people else None
    try:
        data = json.loads(sys.stdin.read() if file == PIPE else file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        refuse(f"There is no file {file}.")
    except ValueError:
        refuse(f"{file} is not a JSON file in UTF-8.")

    async def bring(storage: Any) -> Any:
        moment = now()
        return await storage.write(
            import_catalogue, data, decision=decision, now=moment, today=local_day_of(moment).date
        )

    done = _at_the_desk(bring)
    say(f"{done.new} new, {done.changed} changed, {done.same} were already so.")
    if done.hit:
        say(
            f"{done.hit} people had a turn for what was taken out of use and are being told. Whom no message reaches "
            "stands on the page of their office, and has to be phoned."
        )


def _at_the_desk(task: Any) -> Any:
    from mizban.database import work
    from mizban.settings import load_settings

    return work(load_settings(), task)

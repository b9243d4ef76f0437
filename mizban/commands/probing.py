"""`mizban probe`: tries in one chat what a messenger's live server can do."""

from __future__ import annotations

from typing import Annotated

import typer


def _known(name: str) -> str:
    from mizban.messengers import MESSENGERS

    names = [each.name for each in MESSENGERS]
    if name not in names:
        raise typer.BadParameter(f"'{name}' is not one of {', '.join(names)}.")
    return name


def probe(
    messenger: Annotated[str, typer.Argument(callback=_known, help="its name, such as telegram or bale")],
    chat: Annotated[str, typer.Argument(help="id of a chat that has started the bot; it gets a dozen test messages")],
) -> None:
    """Try in one chat what the messenger can do, and print a table; exit code 1 where the bot cannot speak at all."""
    import asyncio

    from mizban.console import fail, table
    from mizban.probe import probe_messenger
    from mizban.settings import load_settings

    findings = asyncio.run(probe_messenger(load_settings(), messenger, chat=chat))
    table(("ability", "answer", "remark"), [(each.ability, each.answer, each.remark) for each in findings])
    if not any(each.ability == "send a message" and each.answer == "yes" for each in findings):
        fail("The bot cannot write to this chat.")

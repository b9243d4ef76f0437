"""What the bot says of itself in a messenger's own places: who answers, what is free, who runs it."""

from __future__ import annotations

from bot.channels.introduction import Introduction
from bot.sending.command_menu import COMMANDS
from desk.language.text import words

_ = words("introduction")


def introduction(run_by: str) -> Introduction:
    """What a bot says of itself; `run_by` = who runs it, as people know them, "" = it is not known, which is said."""
    who = _("{name} runs this bot.", name=run_by) if run_by else _("Who runs this bot is not announced yet.")
    return Introduction(
        commands=COMMANDS,
        description=(
            _("A program answers here, in Persian and Dari: turns at the offices, fees, papers, complaints."),
            _("What you ask the service desk, people answer."),
            _("A turn is free. Pay nobody for one."),
            who,
        ),
        short_description=(_("Free turns at the offices, in Persian and Dari."), who),
    )

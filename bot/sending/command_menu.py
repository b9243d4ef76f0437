"""The commands in a messenger's own menu; their words work without a slash too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.dialogue.commands import Command
from desk.language.text import Text, words

_ = words("command")

COMMANDS: Final[Mapping[str, Text]] = {
    Command.MENU.value: _("Main page"),
    Command.BACK.value: _("One step back"),
    Command.HELP.value: _("How this works"),
    Command.LANGUAGE.value: _("Change the language"),
}
"""By the name that follows the slash."""

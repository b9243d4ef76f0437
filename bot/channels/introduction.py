"""What a bot says about itself outside its chats: its commands, its descriptions and the button that lists them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from bot.channels.calling import Caller, Params
from bot.channels.port import Capabilities
from bot.channels.render import Renderer
from desk.language.text import Locale, Text
from desk.reading.folding import strip_bidi

LONGEST_DESCRIPTION: Final = 512
LONGEST_SHORT_DESCRIPTION: Final = 120
"""Letters that Telegram takes."""
DARI_TAGS: Final = ("ps", "uz")
"""Language codes of clients whose people are offered Dari first (desk.language.text.Locale.parse)."""
TAGS: Final = ((Locale.FA, ("",)), (Locale.FA_AF, DARI_TAGS))
"""Persian is what everybody else sees."""


@dataclass(frozen=True, slots=True)
class Introduction:
    """Each part is left as the messenger has it where nothing is given."""

    commands: Mapping[str, Text] = field(default_factory=dict)
    """By the name that follows the slash; with any, the menu button of a chat opens their list."""
    description: tuple[Text, ...] = ()
    """The lines that stand in an empty chat, before «start» is pressed."""
    short_description: tuple[Text, ...] = ()
    """The sentences on the page of the bot, and beside a link to it."""


async def introduce(
    introduction: Introduction, caller: Caller, renderer: Renderer, *, capabilities: Capabilities
) -> None:
    """Set what the messenger has in both languages, once; a refusal changes nothing."""
    if not capabilities.descriptions:
        introduction = replace(introduction, description=(), short_description=())
    calls: list[tuple[str, Params]] = []
    for locale, tags in TAGS:
        for method, params in _said(introduction, renderer, locale):
            calls += [(method, {**params, **({"language_code": tag} if tag else {})}) for tag in tags]
    if introduction.commands:
        calls.append(("setChatMenuButton", {"menu_button": {"type": "commands"}}))
    await asyncio.gather(*(caller.attempt(method, params) for method, params in calls))


def _said(introduction: Introduction, renderer: Renderer, locale: Locale) -> list[tuple[str, Params]]:
    said: list[tuple[str, Params]] = []
    if introduction.commands:
        listed = [
            {"command": name, "description": renderer.plain(meaning, locale=locale)}
            for name, meaning in introduction.commands.items()
        ]
        said.append(("setMyCommands", {"commands": listed}))
    if introduction.description:
        said.append(("setMyDescription", {"description": _lines(introduction.description, renderer, locale, "\n")}))
    if introduction.short_description:
        text = _lines(introduction.short_description, renderer, locale, " ")
        said.append(("setMyShortDescription", {"short_description": text}))
    return said


def _lines(parts: tuple[Text, ...], renderer: Renderer, locale: Locale, between: str) -> str:
    return between.join(strip_bidi(renderer.plain(part, locale=locale)) for part in parts)

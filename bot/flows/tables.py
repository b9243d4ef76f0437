"""The tables that the folder of a subject may hold; the registry gathers them (`bot.flows.registry`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.dialogue.questions import Go, Sorry
from bot.dialogue.says import Says
from desk.conversations.chat import Chat
from desk.outbox.rules import NoticeKind
from desk.refusals import Refusal

Apologies = Mapping[type[Refusal], Callable[[Any], Sorry]]
"""`APOLOGIES`: the words for each refusal, and the step to go on from."""

Params = Mapping[str, Any]
"""What the outbox keeps of a message: ids and codes."""

Compose = Callable[[Chat, Params], tuple[Says, ...] | None]
"""Composes a message for the chat from the present data; None = no longer true, not to be sent."""

Notices = Mapping[NoticeKind, Compose]
"""`NOTICES`: how each kind of message is composed."""

Links = Mapping[str, Callable[[str], Go | None]]
"""`LINKS`: by the first letters of a deep link, the flow it opens with what follows them; None = it opens none."""

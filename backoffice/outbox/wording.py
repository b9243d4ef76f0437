"""The words for deliveries, and why a message did not arrive."""

from __future__ import annotations

from typing import Final

from backoffice.layout.badge import Badge
from backoffice.tables import Messages
from desk.language.text import Latin, Text, words
from desk.outbox.rules import DeliveryState

_ = words("wording")
_message = words("undelivered")

DELIVERIES: dict[DeliveryState, Badge] = {
    DeliveryState.OPEN: Badge(_("Waits to be sent"), "hourglass", "busy"),
    DeliveryState.CLAIMED: Badge(_("Is being sent"), "send", "busy"),
    DeliveryState.SENT: Badge(_("Sent"), "check", "good"),
    DeliveryState.DEAD: Badge(_("Not delivered"), "alert-circle", "bad"),
    DeliveryState.DROPPED: Badge(_("Not sent: no longer true"), "minus", "calm"),
}

DELIVERY_REASONS: dict[str, Text] = {
    "blocked": _("The person has blocked the bot."),
    "400 chat not found": _("The chat does not exist any more."),
}
"""The messengers' reasons for which we have words."""


def not_delivered(reason: str) -> Text:
    """Why a message did not arrive; a reason without words of ours is quoted."""
    return DELIVERY_REASONS.get(reason) or _("Technical reason: {answer}", answer=Latin(reason))


MESSAGES: Final[Messages] = {
    "screen": _message("Answer in the chat"),
    "slowly": _message("Asked to write more slowly"),
}
"""The messages of the conversation itself."""

"""A Bot API server in two dialects, Telegram and Bale, with phones to press and faults to add."""

from emulator.accounts import BotAccount
from emulator.core import Emulator
from emulator.dialects import BALE, HARSH, NO_GAPS, REALISTIC, TELEGRAM, Dialect, Gaps
from emulator.journal import Call, Violation
from emulator.pacing import TELEGRAM_LIMITS, Limits
from emulator.people import EmulatedPerson, NoSuchButton
from emulator.screens import Screen, ShownButton, ShownMessage
from emulator.settling import NotSettled

__all__ = [
    "BALE",
    "HARSH",
    "NO_GAPS",
    "REALISTIC",
    "TELEGRAM",
    "TELEGRAM_LIMITS",
    "BotAccount",
    "Call",
    "Dialect",
    "EmulatedPerson",
    "Emulator",
    "Gaps",
    "Limits",
    "NoSuchButton",
    "NotSettled",
    "Screen",
    "ShownButton",
    "ShownMessage",
    "Violation",
]  # fmt: skip

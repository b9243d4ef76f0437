"""A Bot API server in two dialects, Telegram and Bale, with phones to press and faults to add."""

from emulator.accounts import BotAccount
from emulator.core import Emulator
from emulator.dialects import BALE, HARSH, NO_GAPS, REALISTIC, TELEGRAM, Dialect, Gaps
from emulator.journal import Call, Violation
from emulator.pacing import TELEGRAM_LIMITS, Limits
from emulator.people import NoSuchButton, Person
from emulator.screens import Button, Screen, Shown
from emulator.settling import NotSettled

__all__ = [
    "BALE", "HARSH", "NO_GAPS", "REALISTIC", "TELEGRAM", "TELEGRAM_LIMITS", "BotAccount", "Button", "Call", "Dialect",
    "Emulator", "Gaps", "Limits", "NoSuchButton", "NotSettled", "Person", "Screen", "Shown", "Violation",
]  # fmt: skip

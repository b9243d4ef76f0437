"""The scenes in which somebody of the chat is at the office: in the line, called, held, and recorded by mistake."""

from __future__ import annotations

from typing import Final

from tests.transcripts.scenes import AT_THE_OFFICE, HERE, HOME, LONG_NAME, Scene

_TODAY = (
    *HERE,
    f"{LONG_NAME} is known to this chat by the number 12345678",
    AT_THE_OFFICE,
    "> /start",
    "167 hours pass",
    "45 minutes pass",
)
_OTHERS = "3 other people came for «identity» to 72-1102, whose time is 9:00 today"
_CAME = "the clerk records that the person of this chat came"
_CALLS = "counter 1 of 72-1102 calls the next"
_THROUGH = (*HOME, "turns.turn", "turns.show")

SCENES_OF_THE_LINE: Final = (
    Scene((*_TODAY, _OTHERS, _CAME, "10 minutes pass", _CALLS), ("[⏳ جای من در صف]",), _THROUGH),
    Scene((*_TODAY, _CAME, _CALLS), ("[⏳ جای من در صف]",), _THROUGH),
    Scene(
        (*_TODAY, _CAME, _CALLS, "counter 1 of 72-1102 lets who was called fetch something"),
        ("[⏳ جای من در صف]",),
        _THROUGH,
    ),
    Scene((*_TODAY, _CAME, "2 minutes pass", "the clerk takes the arrival back"), ("[🎫 این نوبت]",), _THROUGH),
)

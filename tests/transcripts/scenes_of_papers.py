"""The scenes in which a clerk links two papers of one person, in which somebody of a household that takes one place has
moved alone, and in which a slip of the door is scanned."""

from __future__ import annotations

from typing import Final

from tests.transcripts.scenes import AT_THE_OFFICE, HERE, HOME, LONG_NAME, Scene
from tests.transcripts.scenes_of_walk_ins import SCENES_OF_WALK_INS

_KNOWN = (
    *HERE,
    f"{LONG_NAME} is known to this chat by the number 12345678",
    "لیلا is known to this chat by the number 87654321",
)
_LINKED = "a clerk links the papers with the numbers 12345678 and 87654321"
_TWO = (*_KNOWN, AT_THE_OFFICE, "لیلا has a turn for «identity» on day 7 at 11:00 in 72-1102", _LINKED)

SCENES_OF_PAPERS: Final = (
    *SCENES_OF_WALK_INS,
    Scene(_TWO, ("[اولی بماند]", "[دومی بماند]"), HOME),
    Scene((*_TWO, "two days pass without an answer"), (), HOME),
    Scene(
        (*_TWO, "a clerk takes back that the papers with the numbers 12345678 and 87654321 are of one person"), (), HOME
    ),
    Scene(
        (
            *_KNOWN,
            AT_THE_OFFICE,
            "another chat has a turn for «identity» on day 7 at 11:00 in 72-1102, for the number 55554444",
            "a clerk links the papers with the numbers 12345678 and 55554444",
            "23 hours pass",
        ),
        ("[این را پس می‌دهم]",),
        HOME,
    ),
    Scene(
        (
            *_KNOWN,
            f"{LONG_NAME} waits for «identity» at 72-1102 since 3 days",
            "لیلا waits for «identity» at 72-1102",
            _LINKED,
        ),
        (),
        HOME,
    ),
    Scene(
        (
            *_KNOWN,
            "for «identity» one visit serves a whole household",
            f"{LONG_NAME} and لیلا were booked together for «identity» on day 7 at 9:30 in 72-1102,"
            f" and {LONG_NAME} moved to 11:00",
        ),
        ("/start", "/start s_identity"),
        HOME,
    ),
)

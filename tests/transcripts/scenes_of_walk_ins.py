"""The scenes in which somebody scans the slip that they got at the door."""

from __future__ import annotations

from typing import Final

from tests.transcripts import walk_in_world
from tests.transcripts.scenes import HERE, HOME, LONG_NAME, Scene

LINES_OF_WALK_INS = walk_in_world
"""Imported for the lines that it registers."""

_SLIP = "Qm9sZEZvcmdldEFtYmVyMT"
_DAY = (*HERE, f"at the door {LONG_NAME} got a turn for «identity» on day 7 at 9:30 in 72-1102, and the slip {_SLIP}")
_TODAY = (*HERE, f"at the door {LONG_NAME} got a number for today for «identity» in 72-1102, and the slip {_SLIP}")
_SCAN = f"/start tie_{_SLIP}"

SCENES_OF_WALK_INS: Final = (
    Scene(_TODAY, (_SCAN,), HOME),
    Scene((*_DAY, f"> {_SCAN}", "> 1", "the marshal takes the turn out of its chat"), (_SCAN,), HOME),
    Scene((*_DAY, "another chat takes the turn of the slip"), (_SCAN,), HOME),
)

"""The actions in the line of the day, by staff of its office; each may carry the key of a press."""

from __future__ import annotations

from desk.line.calling import begin, call_again, call_next, call_this, move_to_counter
from desk.line.classes import give_class
from desk.line.entering import enter_walk_in
from desk.line.keeping import hold, take_back, to_the_end, went_away
from desk.line.recording import arrive, finish
from desk.line.setting import set_line_rules
from desk.line.undoing import undo

__all__ = [
    "arrive",
    "begin",
    "call_again",
    "call_next",
    "call_this",
    "enter_walk_in",
    "finish",
    "give_class",
    "hold",
    "move_to_counter",
    "set_line_rules",
    "take_back",
    "to_the_end",
    "undo",
    "went_away",
]

"""The actions on draws, re-exported."""

from __future__ import annotations

from desk.draws.calling_off import call_off_one
from desk.draws.preparing import announce, commit_word, prepare
from desk.draws.revealing import read_seed_part, reveal_word, type_figure
from desk.draws.settings import set_rules

__all__ = [
    "announce",
    "call_off_one",
    "commit_word",
    "prepare",
    "read_seed_part",
    "reveal_word",
    "set_rules",
    "type_figure",
]

"""The actions on a standing request, re-exported: ask, change, pause, resume, go on, end, and give a class."""

from __future__ import annotations

from desk.waiting.asking import ask
from desk.waiting.changing import change, end, give_class, go_on, pause, resume

__all__ = ["ask", "change", "end", "give_class", "go_on", "pause", "resume"]

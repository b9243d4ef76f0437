"""Evaluates fixed sentences, icons and file addresses when a template is read, not for each page."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from jinja2 import Environment
from jinja2.ext import Extension

_LITERAL = r"""(?:"([^"\\{}]+)"|'([^'\\{}]+)')"""
SENTENCE = re.compile(rf"(?<![\w.])t\(\s*{_LITERAL}\s*,\s*{_LITERAL}\s*\)")
OF_ONE_NAME = re.compile(rf"(?<![\w.])(icon|asset)\(\s*{_LITERAL}\s*\)")


class FoldedWords(Extension):
    """Replaces calls with literal arguments by their results; each language has an environment of its own."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        source = SENTENCE.sub(lambda call: self._said("t", call.groups()), source)
        return OF_ONE_NAME.sub(lambda call: self._said(call.group(1), call.groups()[1:]), source)

    def _said(self, function: str, literals: Sequence[str | None]) -> str:
        """The result of `function` for these literals, as a constant of the template."""
        environment: Environment = self.environment
        given = [literal for literal in literals if literal is not None]
        said = str(environment.globals[function](*given))  # type: ignore[operator]  # our own functions
        # With escapes an icon would become two halves of a letter, which no page can be written with.
        return f"({json.dumps(said, ensure_ascii=False)}|safe)"

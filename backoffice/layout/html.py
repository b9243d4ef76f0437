"""Makes templates faster: what is HTML already is not escaped again, and imports are resolved once.

A list of two hundred appointments has four thousand values; Jinja makes a new `Markup` of each, even of a `Markup`.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape


def shown(value: object) -> str:
    """`value` as HTML, for a place where strings are concatenated."""
    kind = type(value)
    if kind is Markup:
        return value  # type: ignore[return-value]  # told by its exact type, which mypy does not follow
    return str(value) if kind is int else escape(value)


class Writing(CodeGenerator):
    """Writes `shown` where Jinja writes `escape`."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.shown(")


class PageEnvironment(Environment):
    """The environment of the pages; its globals are set before the first template is read."""

    code_generator_class = Writing
    shown = staticmethod(shown)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """A plain dict: Jinja's chained maps are searched in Python for each page and each import."""
        return {**self.globals, **(d or {})}

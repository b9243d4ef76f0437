"""The plots of the simulation, as SVG: bars of shares or days, a regime beside the other, with the seeds as marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

_WIDTH, _LEFT, _ROW, _TOP, _BAR = 700, 270, 44, 56, 18
_COLOURS: Final = ("#1b6ca8", "#c76b00", "#5b7f3a", "#8d8d8d", "#b03a5b")
"""Told apart without colour too: every part bears its number."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: what it is called, its parts from left to right, and the values of the single seeds of the first."""

    name: str
    parts: Mapping[str, float]
    seeds: Sequence[float] = ()


def plot(title: str, bars: Sequence[Bar], *, most: float, unit: str, line: float | None = None) -> str:
    """The plot as the text of an SVG file; `line` marks a value that is to be kept."""
    names = list(dict.fromkeys(name for bar in bars for name in bar.parts))
    height = _TOP + _ROW * len(bars) + 22 * (len(names) + 1)
    scale = (_WIDTH - _LEFT - 60) / most
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" '
        f'font-size="13" role="img" aria-label="{escape(title, quote=True)}">',
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="12" y="26" font-size="16">{escape(title)}</text>',
    ]
    for row, bar in enumerate(bars):
        y = _TOP + _ROW * row
        out.append(f'<text x="{_LEFT - 10}" y="{y + 14}" text-anchor="end">{escape(bar.name)}</text>')
        x = float(_LEFT)
        for name, value in bar.parts.items():
            colour, width = _COLOURS[names.index(name) % len(_COLOURS)], value * scale
            out.append(f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{_BAR}" fill="{colour}"/>')
            if width > 26:
                out.append(
                    f'<text x="{x + width / 2:.1f}" y="{y + 13}" text-anchor="middle" fill="#fff" font-size="11">'
                    f"{_said(value, unit)}</text>"
                )
            x += width
        if len(bar.parts) == 1:
            out.append(f'<text x="{x + 8:.1f}" y="{y + 14}">{_said(next(iter(bar.parts.values())), unit)}</text>')
        out += [
            f'<circle cx="{_LEFT + value * scale:.1f}" cy="{y + _BAR + 6}" r="2.5" fill="#222"/>' for value in bar.seeds
        ]
    if line is not None:
        x, end = _LEFT + line * scale, _TOP + _ROW * len(bars) - 12
        out.append(f'<path d="M{x:.1f} {_TOP - 8}V{end}" stroke="#222" stroke-dasharray="4 3"/>')
    for nth, name in enumerate(names if len(names) > 1 else []):
        y = _TOP + _ROW * len(bars) + 22 * nth
        out.append(f'<rect x="{_LEFT}" y="{y}" width="12" height="12" fill="{_COLOURS[nth % len(_COLOURS)]}"/>')
        out.append(f'<text x="{_LEFT + 20}" y="{y + 11}">{escape(name)}</text>')
    return "\n".join([*out, "</svg>"]) + "\n"


def _said(value: float, unit: str) -> str:
    return f"{value * 100:.0f} %" if unit == "%" else f"{value:.1f} {unit}".strip()

"""Cost over size as an SVG: a few lines on two logarithmic axes, drawn without a plotting library."""

from collections.abc import Sequence
from math import log10
from typing import NamedTuple

WIDTH, HEIGHT = 760, 380
LEFT, RIGHT, TOP, BOTTOM = 64, 190, 44, 48
COLOURS = ("#e0a458", "#6f9fd8", "#7fb685", "#c98bb9")


class Line(NamedTuple):
    """One measure: milliseconds by number of papers."""

    name: str
    points: Sequence[tuple[int, float]]


def drawn(title: str, lines: Sequence[Line]) -> str:
    """The lines as one SVG, milliseconds upward, papers to the right; readable on light and dark ground."""
    sizes = sorted({size for line in lines for size, _ in line.points})
    values = [value for line in lines for _, value in line.points]
    low, high = _decade(min(values), up=False), _decade(max(values), up=True)

    def x(size: float) -> float:
        span = max(log10(sizes[-1] / sizes[0]), 1e-9)
        return LEFT + log10(size / sizes[0]) / span * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - log10(value / low) / log10(high / low) * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
        ' font-family="system-ui, sans-serif" font-size="13" fill="#808890">',
        f'<text x="{LEFT}" y="22" font-size="15">{title}</text>',
    ]
    value = low
    while value <= high * 1.001:
        parts.append(_rule(y(value), f"{value:g} ms"))
        value *= 10
    parts += [
        f'<text x="{x(size):.1f}" y="{HEIGHT - BOTTOM + 22}" text-anchor="middle">{size:,}</text>' for size in sizes
    ]
    parts.append(
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 6}" text-anchor="middle">papers in the library</text>'
    )
    for line, colour in zip(lines, COLOURS, strict=False):
        path = " ".join(f"{x(size):.1f},{y(value):.1f}" for size, value in line.points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
        parts += [
            f'<circle cx="{x(size):.1f}" cy="{y(value):.1f}" r="3.5" fill="{colour}"/>' for size, value in line.points
        ]
        size, value = line.points[-1]
        parts.append(f'<text x="{x(size) + 10:.1f}" y="{y(value) + 4:.1f}" fill="{colour}">{line.name}</text>')
    return "\n".join((*parts, "</svg>", ""))


def _rule(height: float, label: str) -> str:
    return (
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{height:.1f}" y2="{height:.1f}" stroke="#808890"'
        f' stroke-opacity="0.25"/><text x="{LEFT - 8}" y="{height + 4:.1f}" text-anchor="end">{label}</text>'
    )


def _decade(value: float, *, up: bool) -> float:
    """The power of ten at or beyond a value."""
    exponent = log10(value)
    return float(10 ** int(exponent + 0.999999 if up else exponent - (exponent < 0)))

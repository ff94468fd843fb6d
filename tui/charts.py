"""Charts made of block characters: columns, bars and shares, as plain text of exact widths."""

from collections.abc import Sequence

_EIGHTHS_UP = " ▁▂▃▄▅▆▇█"
_EIGHTHS_ACROSS = " ▏▎▍▌▋▊▉█"
WIDEST_COLUMN = 4


def column_width(number: int, width: int) -> int:
    """How many cells each of `number` columns has, its gap to the next one included, where they share `width`."""
    return max(1, min(WIDEST_COLUMN, width // max(1, number)))


def columns(values: Sequence[float], most: float, lines: int, cells: int = 1) -> list[str]:
    """A column for each value, `cells` wide (from three on, one of them is a gap), on so many lines, the top one first.

    `most` is as high as all lines; what is more than nothing is at least an eighth of a line.
    """
    gap = int(cells >= 3)
    heights = [_eighths(value, most, 8 * lines) for value in values]
    return [
        "".join(_EIGHTHS_UP[max(0, min(8, height - 8 * line))] * (cells - gap) + " " * gap for height in heights)
        for line in reversed(range(lines))
    ]


def bar(value: float, most: float, width: int) -> str:
    """A bar to the right: `most` is as long as `width` cells. It has no blanks at its end."""
    whole, rest = divmod(_eighths(value, most, 8 * width), 8)
    return "█" * whole + (_EIGHTHS_ACROSS[rest] if rest else "")


def shares(values: Sequence[int], cells: int) -> list[int]:
    """`cells` shared out in proportion to the values; what is more than nothing has a cell as long as there are any."""
    exact = [cells * value / (sum(values) or 1) for value in values]
    given = [max(int(part), 1) if part else 0 for part in exact]
    while sum(given) > cells:
        given[max(range(len(given)), key=lambda at: (given[at] > 1, given[at] - exact[at]))] -= 1
    while any(values) and sum(given) < cells:
        given[max(range(len(given)), key=lambda at: exact[at] - given[at])] += 1
    return given


def resampled(values: Sequence[int], width: int) -> list[int]:
    """At most `width` of the values, at equal distances, the last one among them."""
    if len(values) <= width:
        return list(values)
    return [values[(at + 1) * len(values) // width - 1] for at in range(width)]


def _eighths(value: float, most: float, whole: int) -> int:
    return max(int(value > 0), min(whole, round(whole * value / most))) if most else 0

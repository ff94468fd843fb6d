"""The styles of a widget's parts as Rich ones, blended with what lies below them."""

from rich.style import Style
from textual.widget import Widget


def part_style(widget: Widget, part: str) -> Style:
    """The style of one of the widget's component classes. The part `base` is the widget's own."""
    _, below = widget.background_colors
    if part == "base":
        return Style(color=(below + widget.styles.color).rich_color, bgcolor=below.rich_color)
    (prefix,) = {name.split("--")[0] for name in type(widget).COMPONENT_CLASSES}
    styles = widget.get_component_styles(f"{prefix}--{part}")
    background = below + styles.background
    colors = Style(
        color=(background + styles.color).rich_color if styles.has_rule("color") else None,
        bgcolor=background.rich_color if styles.has_rule("background") else None,
    )
    return colors + styles.text_style

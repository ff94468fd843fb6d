"""Our theme, dark and light: quiet greys and one accent. Textual's own themes stay available."""

from textual.theme import Theme

DARK = Theme(
    name="paperdeck",
    primary="#7aa2c8",
    secondary="#8d9bb0",
    accent="#e0a458",
    foreground="#d6d8dc",
    background="#14161a",
    surface="#1a1d22",
    panel="#23272e",
    success="#8fb573",
    warning="#e0a458",
    error="#d9777f",
    dark=True,
    variables={
        "block-cursor-background": "#2b3038",
        "block-cursor-foreground": "#f0f1f3",
        "input-cursor-background": "#e0a458",
        "input-cursor-foreground": "#14161a",
        "input-selection-background": "#7aa2c8 30%",
        "scrollbar": "#2f343c",
        "scrollbar-hover": "#434a55",
        "scrollbar-active": "#e0a458",
        "scrollbar-background": "#14161a",
        "scrollbar-background-hover": "#14161a",
        "scrollbar-background-active": "#14161a",
        "scrollbar-corner-color": "#14161a",
        "footer-key-foreground": "#e0a458",
        "border": "#e0a458",
        "border-blurred": "#2f343c",
    },
)

LIGHT = Theme(
    name="paperdeck-light",
    primary="#3d6a94",
    secondary="#6b7686",
    accent="#b4570a",
    foreground="#2b2d31",
    background="#fbfaf7",
    surface="#f3f1ec",
    panel="#e8e5de",
    success="#4c7a34",
    warning="#a8640f",
    error="#b3404a",
    dark=False,
    variables={
        "block-cursor-background": "#e6e1d6",
        "block-cursor-foreground": "#17181a",
        "input-cursor-background": "#b4570a",
        "input-cursor-foreground": "#fbfaf7",
        "input-selection-background": "#3d6a94 25%",
        "scrollbar": "#d5d0c5",
        "scrollbar-hover": "#bdb7a9",
        "scrollbar-active": "#b4570a",
        "scrollbar-background": "#fbfaf7",
        "scrollbar-background-hover": "#fbfaf7",
        "scrollbar-background-active": "#fbfaf7",
        "scrollbar-corner-color": "#fbfaf7",
        "footer-key-foreground": "#b4570a",
        "border": "#b4570a",
        "border-blurred": "#d5d0c5",
    },
)

THEMES = (DARK, LIGHT)

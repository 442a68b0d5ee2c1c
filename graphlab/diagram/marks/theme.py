"""Colours and strokes: the palettes, and the one style table from which the page's CSS and a frame's attributes come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from ...choices import THEMES

# Okabe and Ito's palette, which stays apart for colour-blind viewers: https://jfly.uni-koeln.de/color/
LIGHT = {
    "paper": "#ffffff",
    "ink": "#17202b",
    "quiet": "#5b6876",
    "edge": "#8793a0",
    "edge-idle": "#cfd6dd",
    "forward": "#0072b2",
    "forward-halo": "#b9dff5",
    "forward-past": "#6d9dbf",
    "backward": "#d55e00",
    "backward-halo": "#ffd3b5",
    "backward-past": "#e39a68",
    "input-fill": "#e2f2fc",
    "input-line": "#2492cf",
    "parameter-fill": "#fff0d2",
    "parameter-line": "#c07f00",
    "temporary-fill": "#ffffff",
    "temporary-line": "#4b5765",
    "output-fill": "#dbf3eb",
    "output-line": "#00855f",
    "constant-fill": "#f3f5f7",
    "constant-line": "#66727f",
    "operation-fill": "#f1f3f6",
    "operation-line": "#5b6876",
    "value-fill": "#e3f1fb",
    "value-ink": "#004f80",
    "value-rule": "#b4d6ec",
    "gradient-fill": "#ffe9db",
    "gradient-ink": "#963f00",
    "gradient-rule": "#f3c3a3",
    "on-strong": "#ffffff",
    "unknown": "#9aa5b1",
    "frame-fill": "#f8fafc",
    "frame-line": "#d5dde5",
}
DARK = {
    "paper": "#10151c",
    "ink": "#f0f4f8",
    "quiet": "#a3b0bd",
    "edge": "#74818f",
    "edge-idle": "#343e49",
    "forward": "#56b4e9",
    "forward-halo": "#1d4a66",
    "forward-past": "#3f7ca3",
    "backward": "#ff8a3d",
    "backward-halo": "#6b3413",
    "backward-past": "#a8602f",
    "input-fill": "#12354b",
    "input-line": "#56b4e9",
    "parameter-fill": "#3d2d0c",
    "parameter-line": "#e9aa2b",
    "temporary-fill": "#1a212b",
    "temporary-line": "#a9b5c2",
    "output-fill": "#0e3a2d",
    "output-line": "#22b98d",
    "constant-fill": "#1b222b",
    "constant-line": "#8c98a5",
    "operation-fill": "#242d38",
    "operation-line": "#8492a1",
    "value-fill": "#14324a",
    "value-ink": "#b9e1fb",
    "value-rule": "#2b5675",
    "gradient-fill": "#46240f",
    "gradient-ink": "#ffc9a3",
    "gradient-rule": "#7a431f",
    "on-strong": "#10151c",
    "unknown": "#596571",
    "frame-fill": "#141b23",
    "frame-line": "#2b3641",
}
PRINT = {
    **{name: "#ffffff" for name in LIGHT if name.endswith("-fill")},
    **{name: "#000000" for name in LIGHT if name.endswith(("-line", "-ink"))},
    "paper": "#ffffff",
    "ink": "#000000",
    "quiet": "#333333",
    "edge": "#555555",
    "edge-idle": "#c8c8c8",
    "forward": "#000000",
    "forward-halo": "#d2d2d2",
    "forward-past": "#555555",
    "backward": "#000000",
    "backward-halo": "#d2d2d2",
    "backward-past": "#333333",
    "value-rule": "#999999",
    "gradient-rule": "#999999",
    "gradient-fill": "#e9e9e9",
    "on-strong": "#ffffff",
    "unknown": "#888888",
    "frame-line": "#aaaaaa",
}

# Blue against orange, pale yellow, white and a darker green: they differ in lightness or along the axis from blue to
# yellow, so that neither protanopia, deuteranopia nor tritanopia brings two of them together.
COLOUR_BLIND = {
    **LIGHT,
    "ink": "#000000",
    "quiet": "#3d4650",
    "edge": "#6b7580",
    "edge-idle": "#c3cad1",
    "forward": "#003f8a",
    "forward-halo": "#a9d0f5",
    "forward-past": "#4a7fbd",
    "backward": "#c24e00",
    "backward-halo": "#ffc48f",
    "backward-past": "#dd8a45",
    "input-fill": "#d3e9ff",
    "input-line": "#0062b8",
    "parameter-fill": "#ffe184",
    "parameter-line": "#8f6200",
    "temporary-line": "#1c222a",
    "output-fill": "#8fc4ae",
    "output-line": "#00402e",
    "constant-fill": "#eceff2",
    "constant-line": "#59636e",
    "operation-line": "#3d4650",
    "value-fill": "#d9ebfb",
    "value-ink": "#00305c",
    "value-rule": "#8fbde0",
    "gradient-fill": "#ffe2c4",
    "gradient-ink": "#6b2b00",
    "gradient-rule": "#e5a36b",
}


def _mix(a: str, b: str, t: float) -> str:
    channels = [(int(a[i : i + 2], 16), int(b[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(x + (y - x) * t):02x}" for x, y in channels)


def _ramp(stops: tuple[str, ...], n: int) -> list[str]:
    """n colours evenly along the stops."""
    found = []
    for i in range(n):
        at = i / (n - 1) * (len(stops) - 1)
        k = min(int(at), len(stops) - 2)
        found.append(_mix(stops[k], stops[k + 1], at - k))
    return found


# Cells with digits in them are as pale as to leave the digits readable; heat maps use the full scales.
_SCALES = {
    "light": {
        "v": ("#f3f8fc", "#9ccbe8", "#3d8fc4", "#0a4a7a"),
        "g": ("#4b2e83", "#a995cf", "#f6f4f2", "#f2a878", "#b84a00"),
        "pv": ("#f6fafd", "#d8ebf7", "#b5d9ef"),
        "pg": ("#cfc3e6", "#e9e3f4", "#fbf8f6", "#fde0cd", "#f9bf9b"),
    },
    "dark": {
        "v": ("#16222e", "#1f4f73", "#3d8fc4", "#a9dcfa"),
        "g": ("#b79cf2", "#6a53a3", "#242a33", "#a3562a", "#ff9a57"),
        "pv": ("#16222e", "#183a55", "#1c5078"),
        "pg": ("#4b3a78", "#332c4c", "#252b34", "#4d2d1b", "#74401f"),
    },
    "colour-blind": {
        "v": ("#f1f7fd", "#8fc0e8", "#2f7fc0", "#00305c"),
        "g": ("#35147a", "#9a84cc", "#f7f5f3", "#f0a35e", "#a84300"),
        "pv": ("#f4f9fd", "#d2e7f8", "#a6d0f0"),
        "pg": ("#c5b6e6", "#e5def4", "#fbf8f6", "#fddcbb", "#f7b47a"),
    },
    "print": {
        "v": ("#ffffff", "#bbbbbb", "#777777", "#222222"),
        "g": ("#222222", "#999999", "#ffffff", "#999999", "#222222"),
        "pv": ("#ffffff", "#f0f0f0", "#dddddd"),
        "pg": ("#d5d5d5", "#eeeeee", "#ffffff", "#eeeeee", "#d5d5d5"),
    },
}


@lru_cache(maxsize=8)
def _palette(theme: str) -> Mapping[str, str]:
    if theme not in THEMES:
        raise ValueError(f"unknown theme {theme!r}: choose one of {', '.join(THEMES)}")
    colours = dict({"light": LIGHT, "dark": DARK, "print": PRINT, "colour-blind": COLOUR_BLIND}[theme])
    for scale, stops in _SCALES[theme].items():
        for i, colour in enumerate(_ramp(stops, 9)):
            colours[f"{scale}{i}"] = colour
    return colours


def palette(theme: str) -> dict[str, str]:
    """The colours of a theme by token. Raises ValueError for a theme that is not one of `THEMES`."""
    return dict(_palette(theme))


def variables(theme: str) -> dict[str, str]:
    """The CSS custom properties of a theme: `--gl-ink` and so on. Raises ValueError as `palette` does."""
    return {f"--gl-{name}": colour for name, colour in _palette(theme).items()}


@dataclass(frozen=True)
class Rule:
    """Properties of a primitive (`name` is its class) under conditions on the groups that it stands in.

    Later rules win. A value that starts with $ is a token of the palette.
    """

    name: str
    properties: Mapping[str, str]
    when: Mapping[str, str] = field(default_factory=dict)


def _rule(name: str, when: str = "", **properties: str | float) -> Rule:
    conditions = dict(part.split("=") for part in when.split()) if when else {}
    return Rule(name, {k.replace("_", "-"): str(v) for k, v in properties.items()}, conditions)


def _kind(kind: str, width: float, **more: str | float) -> Rule:
    return _rule("outline", f"kind={kind}", fill=f"${kind}-fill", stroke=f"${kind}-line", stroke_width=width, **more)


RULES: tuple[Rule, ...] = (
    # Vertices: the kind in colour and in outline.
    _rule("outline", stroke_width=2),
    _kind("input", 2.2),
    _kind("parameter", 1.8),
    _kind("temporary", 1.8),
    _kind("output", 4.2),
    _kind("constant", 1.8, stroke_dasharray="5 3.5"),
    _rule("inner", fill="none", stroke="$parameter-line", stroke_width=1.4),
    _rule("inner", "kind=input", stroke="$input-line", stroke_width=2.2, stroke_linecap="round"),
    _rule("label", fill="$ink"),
    _rule("outline", "state=idle", opacity=0.42),
    _rule("inner", "state=idle", opacity=0.42),
    _rule("label", "state=idle", opacity=0.42),
    _rule("halo", fill="$forward-halo", opacity=0),
    _rule("halo", "state=current", opacity=1),
    # Where the gradient arrives stands out more than where it comes from.
    _rule("halo", "phase=backward state=current", fill="$backward-halo", opacity=0.4),
    _rule("halo", "phase=backward arrives=true", opacity=1),
    _rule("halo", "gradient=current", fill="$backward-halo", opacity=1),
    # Operations.
    _rule("shape", fill="$operation-fill", stroke="$operation-line", stroke_width=1.5),
    _rule("symbol", fill="$ink"),
    _rule("shape", "state=idle", opacity=0.45),
    _rule("symbol", "state=idle", opacity=0.45),
    _rule("shape", "state=current", stroke="$forward", stroke_width=2.6),
    _rule("shape", "gradient=current", stroke="$backward", stroke_width=2.6),
    # Time steps.
    _rule("frame", fill="$frame-fill", stroke="$frame-line", stroke_width=1.2),
    _rule("frame-label", fill="$quiet"),
    # Edges: the head of the flow that is or was last under way. What carries the gradient into an operation is one
    # solid band; what it sends on is an arrow with its badge.
    _rule("line", fill="none", stroke="$edge", stroke_width=1.8),
    _rule("head", fill="$edge"),
    _rule("tail", fill="$backward", display="none"),
    _rule("line", "state=idle", stroke="$edge-idle"),
    _rule("head", "state=idle", fill="$edge-idle"),
    _rule("line", "state=current", stroke="$forward", stroke_width=3.4),
    _rule("head", "state=current", fill="$forward"),
    _rule("line", "phase=backward state=current", stroke="$edge", stroke_width=1.8),
    _rule("head", "phase=backward state=current", fill="$edge"),
    _rule("line", "gradient=done", stroke="$backward-past", stroke_width=2),
    _rule("head", "gradient=done", display="none"),
    _rule("tail", "gradient=done", fill="$backward-past", display="inline"),
    _rule("line", "gradient=current", stroke="$backward", stroke_width=4),
    _rule("line", "gradient=current part=out", stroke_width=2.6),
    _rule("head", "gradient=current", display="none"),
    _rule("tail", "gradient=current", fill="$backward", display="inline"),
    _rule("stem", fill="none", stroke="$backward", stroke_width=1.5, stroke_dasharray="2 3", display="none"),
    _rule("stem", "gradient=current", display="inline"),
    # Chips.
    _rule("box", "role=value", fill="$value-fill", stroke="$value-rule", stroke_width=1),
    _rule("box", "role=gradient", fill="$gradient-fill", stroke="$gradient-rule", stroke_width=1),
    _rule("box", "role=badge", fill="$backward", stroke="$backward", stroke_width=1),
    _rule("number", "role=value", fill="$value-ink"),
    _rule("number", "role=gradient", fill="$gradient-ink"),
    _rule("number", "role=badge", fill="$on-strong"),
    _rule("caption", fill="$quiet"),
    _rule("rule", "role=value", stroke="$value-rule", stroke_width=1),
    _rule("rule", "role=gradient", stroke="$gradient-rule", stroke_width=1),
    _rule("rule", "role=badge", stroke="$on-strong", stroke_width=1, opacity=0.5),
    _rule("box", "role=value fresh=true", stroke="$forward", stroke_width=2.2),
    _rule("box", "role=gradient fresh=true", stroke="$backward", stroke_width=2.2),
    _rule("blank", fill="$paper", stroke="$quiet", stroke_width=1),
    _rule("winner", "role=value", fill="none", stroke="$forward", stroke_width=2.4),
    _rule("winner", "role=gradient", fill="none", stroke="$backward", stroke_width=2.4),
    _rule("winner", "role=badge", fill="none", stroke="$on-strong", stroke_width=2),
    _rule("unknown", fill="$unknown"),
    *(_rule(f"{scale}{i}", fill=f"${scale}{i}") for scale in ("v", "g", "pv", "pg") for i in range(9)),
)

_SELECTORS = {
    "kind": ".kind-{}",
    "state": '[data-state="{}"]',
    "gradient": '[data-gradient="{}"]',
    "part": '[data-part="{}"]',
    "arrives": "[data-arrives]",
    "role": '[data-chip="{}"]',
    "fresh": "[data-fresh]",
}
_OWN_GROUP = ("kind", "state", "gradient", "part", "arrives")


def css() -> str:
    """The style table as CSS for the page. All selectors weigh the same, so that the order decides, as in `resolve`."""
    lines = []
    for rule in RULES:
        selector = ".graphlab-graph "
        if "phase" in rule.when:
            selector = f':where([data-phase="{rule.when["phase"]}"]) ' + selector
        group = "".join(_SELECTORS[k].format(rule.when[k]) for k in _OWN_GROUP if k in rule.when)
        chip = "".join(_SELECTORS[k].format(rule.when[k]) for k in ("role", "fresh") if k in rule.when)
        selector += "".join(f":where({part}) " for part in (group, chip) if part) + "." + rule.name
        body = "; ".join(f"{k}: {_variable(v)}" for k, v in rule.properties.items())
        lines.append(f"{selector} {{ {body} }}")
    return "\n".join(lines)


def _variable(value: str) -> str:
    return f"var(--gl-{value[1:]})" if value.startswith("$") else value


def resolve(name: str, facts: Mapping[str, str], theme: str) -> dict[str, str]:
    """The presentation attributes of a primitive, with the colours of a theme put in."""
    colours = _palette(theme)
    found: dict[str, str] = {}
    for rule in _by_name().get(name, ()):
        if all(facts.get(k) == v for k, v in rule.when.items()):
            found.update(rule.properties)
    return {k: colours[v[1:]] if v.startswith("$") else v for k, v in found.items()}


@lru_cache(maxsize=1)
def _by_name() -> dict[str, list[Rule]]:
    rules: dict[str, list[Rule]] = {}
    for rule in RULES:
        rules.setdefault(rule.name, []).append(rule)
    return rules

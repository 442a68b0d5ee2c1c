"""A small walk for the player, written out by hand: y = sigma(x w), loss = BCE(y_true, y), x = 2, w = 0.5, y_true = 1."""

import json

from graphlab.player.labels import labels

PLACES = {"x": (60, 80), "w": (60, 240), "tmp_1": (330, 160), "y": (570, 160), "y_true": (570, 300), "loss": (840, 160)}
KINDS = {"x": "input", "w": "parameter", "tmp_1": "temporary", "y": "output", "y_true": "input", "loss": "output"}
VALUES = {
    "x": (0, "2"),
    "w": (0, "0.500"),
    "y_true": (0, "1"),
    "tmp_1": (1, "1"),
    "y": (2, "0.731"),
    "loss": (3, "0.313"),
}
GRADIENTS = {"loss": (4, "1"), "y": (5, "−1.368"), "tmp_1": (6, "−0.269"), "w": (7, "−0.538")}
# name of the output: (x, y), symbol, inputs, step forward, step backward, inputs that receive a gradient
OPERATIONS = {
    "tmp_1": ((200, 160), "×", ["x", "w"], 1, 7, ["w"]),
    "y": ((450, 160), "σ", ["tmp_1"], 2, 6, ["tmp_1"]),
    "loss": ((705, 160), "BCE", ["y_true", "y"], 3, 5, ["y"]),
}


def _chip(x, y, step, text, role):
    group = "badge" if role == "badge" else "chip"
    return (
        f'<g class="{group}" data-step="{step}" data-chip="{role}"><rect class="box" x="{x - 32}" y="{y - 12}" width="64" '
        f'height="24" rx="7"/><text class="number" x="{x}" y="{y + 5}" text-anchor="middle" font-size="15">{text}</text></g>'
    )


def _edge(key, source, target, part, slot, steps, line, badge=""):
    forward, backward = steps
    back = f' data-backward="{backward}"' if backward else ""
    return (
        f'<g class="edge" data-edge="{key}" data-from="{source}" data-to="{target}" data-part="{part}" data-slot="{slot}" '
        f'data-forward="{forward}"{back}><path class="line" d="{line}"/>{badge}</g>'
    )


def _picture(spread: int = 1) -> str:
    places = {name: (spread * x, y) for name, (x, y) in PLACES.items()}
    edges, operations, vertices = [], [], []
    for name, ((x, y), symbol, inputs, forward, backward, targets) in OPERATIONS.items():
        x *= spread
        for slot, source in enumerate(inputs):
            sx, sy = places[source]
            steps = (forward, backward if source in targets else None)
            text = GRADIENTS[source][1] if source in targets else ""
            badge = _chip((sx + x) / 2, (sy + y) / 2 - 20, backward, text, "badge") if text else ""
            edges.append(
                _edge(f"{name}:{slot}", source, name, "in", slot, steps, f"M{sx + 30} {sy}L{x - 28} {y}", badge)
            )
        ox, oy = places[name]
        edges.append(_edge(f"{name}:out", name, name, "out", 0, (forward, backward), f"M{x + 28} {y}L{ox - 30} {oy}"))
        operations.append(
            f'<g class="operation" data-operation="{name}" data-forward="{forward}" data-backward="{backward}" '
            f'data-state="idle"><rect class="shape" x="{x - 28}" y="{y - 20}" width="56" height="40" rx="8"/>'
            f'<text class="symbol" x="{x}" y="{y + 7}" text-anchor="middle">{symbol}</text></g>'
        )
    for name, (x, y) in places.items():
        gradient = _chip(x, y - 48, *GRADIENTS[name], "gradient") if name in GRADIENTS else ""
        vertices.append(
            f'<g class="vertex kind-{KINDS[name]}" data-vertex="{name}" data-forward="{VALUES[name][0]}" '
            f'data-state="idle" tabindex="0" role="button" aria-label="{name}"><circle class="outline" cx="{x}" cy="{y}" r="30"/><text class="label" '
            f'x="{x}" y="{y + 6}" text-anchor="middle">{name}</text><g data-role="value">{_chip(x, y + 48, *VALUES[name], "value")}</g>'
            f'<g data-role="gradient">{gradient}</g></g>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="graphlab-graph" viewBox="0 0 {900 * spread} 380" role="img" '
        'aria-label="a neuron">'
        f'<g class="edges">{"".join(edges)}</g><g class="operations">{"".join(operations)}</g>'
        f'<g class="vertices">{"".join(vertices)}</g></svg>'
    )


def math(text: str) -> str:
    """One identifier of MathML."""
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"><mi>{text}</mi></math>'


def _steps() -> list[dict]:
    steps = []

    def add(phase, operation, output, inputs, targets):
        n = len(steps) + 1
        words = {"formula": math(f"formula{n}"), "numbers": math(f"numbers{n}"), "sentence": f"Sentence {n}."}
        step = {"index": n, "phase": phase, "operation": operation, "output": output}
        steps.append({**step, "inputs": inputs, "targets": targets, **words})

    for name, (_, _, inputs, _, _, _) in OPERATIONS.items():
        add("forward", name, name, inputs, [])
    add("backward", None, "loss", [], ["loss"])
    for name, (_, _, inputs, _, _, targets) in reversed(OPERATIONS.items()):
        add("backward", name, name, inputs, targets)
    return steps


def sketch(spread: int = 1, **changes) -> dict:
    """The payload of the walk, `spread` times as wide; `changes` replace its fields."""
    start = {"formula": "", "numbers": "", "sentence": "Press the right arrow."}
    base = {
        "key": "sketch",
        "lang": "en",
        "theme": "light",
        "step": 0,
        "title": "A neuron",
        "stem": "neuron",
        "labels": labels("en"),
    }
    return json.loads(json.dumps({**base, "svg": _picture(spread), "steps": _steps(), "start": start, **changes}))

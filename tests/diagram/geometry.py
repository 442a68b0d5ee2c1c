"""What is wrong with the geometry of a picture, as a list of sentences; an empty list for a sound one."""

from __future__ import annotations

import math
from itertools import combinations, pairwise

from graphlab.diagram.marks.picture import Command, EdgeShape, Picture, Rect


def points(path: tuple[Command, ...], n: int = 24) -> list[tuple[float, float]]:
    """Points along a path, close together."""
    found = [tuple(path[0][1])]
    for command, values in path[1:]:
        x0, y0 = found[-1]
        if command == "L":
            x1, y1 = values
            steps = max(2, int(math.hypot(x1 - x0, y1 - y0) / 4))
            found += [(x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps) for i in range(1, steps + 1)]
        else:
            xs, ys = (x0, *values[::2]), (y0, *values[1::2])
            for i in range(1, n + 1):
                t = i / n
                weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
                found.append(
                    (
                        sum(w * x for w, x in zip(weights, xs, strict=True)),
                        sum(w * y for w, y in zip(weights, ys, strict=True)),
                    )
                )
    return found


def inside(point: tuple[float, float], r: Rect, margin: float = 0.5) -> bool:
    return r.left + margin < point[0] < r.right - margin and r.top + margin < point[1] < r.bottom - margin


def rooms(picture: Picture) -> dict[str, Rect]:
    """Every room that something is drawn in, by a name."""
    found = {}
    for v in picture.vertices:
        found[f"vertex {v.name}"] = v.box
        for role, chips in (("value", v.values), ("gradient", v.gradients)):
            for chip in chips:
                found[f"{role} of {v.name}"] = chip.rect
    for o in picture.operations:
        found[f"operation {o.name}"] = o.box
    for r in picture.references:
        found[f"reference of {r.edge}"] = r.box
    return found


def faults(picture: Picture) -> list[str]:
    """Everything that covers something else, leaves the frame, or does not end where it should."""
    found = []
    named = rooms(picture)
    frame = Rect(0, 0, picture.width, picture.height)
    for (a, ra), (b, rb) in combinations(named.items(), 2):
        if ra.overlaps(rb):
            found.append(f"{a} overlaps {b}")
    badges = {f"badge {e.key}": (e, e.badge.rect) for e in picture.edges if e.badge}
    for name, (_, r) in badges.items():
        found += [f"{name} overlaps {other}" for other, ro in named.items() if r.overlaps(ro)]
    for (a, (ea, ra)), (b, (eb, rb)) in combinations(badges.items(), 2):
        if ea.backward == eb.backward and ra.overlaps(rb):
            found.append(f"{a} overlaps {b} in the same step")
    for name, r in [*named.items(), *((n, r) for n, (_, r) in badges.items())]:
        if r.left < 0 or r.top < 0 or r.right > frame.right or r.bottom > frame.bottom:
            found.append(f"{name} leaves the frame")
    for e in picture.edges:
        way = points(e.path)
        for name, r in named.items():
            if any(inside(p, r) and not _touches(p, e, name) for p in way):
                found.append(f"edge {e.key} runs through {name}")
        for name, (other, r) in badges.items():
            if other is not e and any(inside(p, r) for p in way):
                found.append(f"edge {e.key} runs through {name}")
        if e.stem:
            for name, r in named.items():
                if any(inside(p, r) for p in points(e.stem)):
                    found.append(f"the stem of {e.key} runs through {name}")
        found += _ends(picture, e)
        for a, b in pairwise(way):
            if b[0] < a[0] - 0.01 and e.path[0][1][0] != e.path[-1][1][-2]:
                found.append(f"edge {e.key} turns back")
                break
    return found


def _touches(point: tuple[float, float], e: EdgeShape, name: str) -> bool:
    # A circle's box has corners that belong to nobody: an edge may leave the circle through them.
    ends = {f"vertex {e.source}", f"vertex {e.target}", f"reference of {e.key}"}
    return name in ends


def _ends(picture: Picture, e: EdgeShape) -> list[str]:
    vertices = {v.name: v for v in picture.vertices}
    operations = {o.name: o for o in picture.operations}
    start, end = e.path[0][1], e.path[-1][1][-2:]
    found = []
    if e.part == "in":
        source = next((r.box for r in picture.references if r.edge == e.key), vertices[e.source].box)
        pairs = ((start, source, True), (end, operations[e.target].box, False))
    else:
        pairs = ((start, operations[e.source].box, False), (end, vertices[e.target].box, True))
    for (x, y), box, is_round in pairs:
        if is_round:
            radius = box.height / 2
            cx, cy = box.centre
            cx = min(max(x, box.left + radius), box.right - radius)
            off = abs(math.hypot(x - cx, y - cy) - radius)
        else:
            on_side = min(abs(x - box.left), abs(x - box.right)) if box.top <= y <= box.bottom else 99
            on_cap = min(abs(y - box.top), abs(y - box.bottom)) if box.left <= x <= box.right else 99
            off = min(on_side, on_cap)
        if off > 0.05:
            found.append(f"edge {e.key} ends {off:.1f} from the boundary")
    return found

"""The picture that an export asks for: folded, set, cut and turned as its options say, and how large it is on paper."""

from __future__ import annotations

from dataclasses import replace

from .. import diagram
from ..diagram import Folding, Picture, cut
from ..diagram.marks.measure import LABEL_SIZE
from ..engine import Walk
from ..errors import N_, ExportError, message
from .options import SCALES, UNITS, Options

cropped = cut.cropped


def picture(walk: Walk, folding: Folding, options: Options) -> Picture:
    """The walk as the options ask for it. Raises ExportError for vertices or a direction that the graph can not have."""
    if options.direction == "tb" and any(o.t is not None for o in walk.graph.operations):
        raise ExportError(
            message(N_("a graph through time runs from left to right")), expected=message(N_("the direction lr"))
        )
    if options.rolled and not diagram.can_roll(walk.graph):
        raise ExportError(
            message(N_("this graph has no cell to roll it into")),
            expected=message(N_("a graph through time whose steps all do the same")),
        )
    if options.type_size is None or options.pixels is None:
        return _drawn(walk, folding, options)
    return _drawn(walk, folding, replace(options, scale=_scale(walk, folding, options)))


def _drawn(walk: Walk, folding: Folding, options: Options) -> Picture:
    whole = diagram.draw(
        walk,
        folding=folding,
        rolled=options.rolled,
        options=diagram.DrawOptions(
            options.lang, options.values, options.gradients, options.digits, options.scale, options.direction
        ),
    )
    if options.only is None:
        return whole
    shown = {v.name for v in whole.vertices}
    for name in options.only:
        if name not in walk.graph.vertices:
            raise ExportError(
                message(N_("there is no vertex {name}"), name=name[:40]),
                expected=message(N_("one of {allowed}"), allowed=", ".join(list(walk.graph.vertices)[:40])),
            )
        if name not in shown:
            raise ExportError(message(N_("{name} is folded away: export it with nothing folded"), name=name))
    return cut.only(whole, options.only)


def _scale(walk: Walk, folding: Folding, options: Options) -> float:
    """The scale at which names have the size that is asked for once the picture is as wide as is asked for."""
    scale = 1.0
    for _ in range(8):  # larger type makes the picture wider, by less than itself
        width = _drawn(walk, folding, replace(options, scale=scale)).width
        wanted = options.type_size * UNITS["pt"] * width / (options.pixels * LABEL_SIZE)
        if abs(wanted - scale) < 0.005:
            break
        scale = min(max(wanted, SCALES[0]), SCALES[1])
    if not SCALES[0] <= wanted <= SCALES[1]:
        raise ExportError(
            message(N_("{size} pt is no size of type for a picture of this width"), size=f"{options.type_size:g}"),
            expected=message(N_("a wider picture, fewer vertices, or smaller type")),
        )
    return scale


def width(shown: Picture, options: Options) -> float:
    """How wide the picture comes out, in CSS pixels."""
    if options.pixels is not None:
        return options.pixels
    if options.type_size is not None:
        return shown.width * options.type_size * UNITS["pt"] / (options.scale * LABEL_SIZE)
    return shown.width


def seen(shown: Picture, steps: tuple[int, ...]) -> tuple[int, ...]:
    """Those of the steps at which something happens in the picture, and the state before the first."""
    moments = {0}
    for o in shown.operations:
        moments |= {o.forward, o.backward, *o.forwards, *o.backwards}
    for v in shown.vertices:
        moments |= {v.forward, *v.again, *v.backward}
    return tuple(step for step in steps if step in moments) or steps[-1:]

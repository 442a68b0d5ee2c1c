"""Why the product looks as it does: one sentence, from the axes that meet in it."""

from __future__ import annotations

from string import ascii_lowercase

from ...errors import N_, Translate
from .product import Factor, Shapes, spelled

UNCHANGED = N_("The gradient passes on as it is: nothing is multiplied.")
TURNED = N_("The gradient is transposed back, to the shape of {x}.")
NUMBERS = N_("Two numbers are multiplied: there is nothing to sum, and nothing to transpose.")
ONES = N_("Nothing is multiplied: the Jacobian has no other numbers than 0 and 1 in it.")
SCALES = N_("{right} is one number: it scales the gradient, which has the shape of {x} already.")
SCALED = N_("{y} is one number, and so is its gradient: it scales {other}, which has the shape of {x} already.")
UPRIGHT = N_(
    "{left} stands upright, as a column: each of its elements meets each element of {right}, "
    "which makes the shape of {x}, {shape}."
)
MEETS = N_(
    "{turned} is transposed, so that the axis {axis} meets the axis {axis}; what is left is the shape of {x}, {shape}."
)
STRAIGHT = N_("Nothing is transposed: the axis {axis} meets the axis {axis}, and the shape of {x} is left, {shape}.")
DIAGONAL = N_(
    "Each element of {y} depends on one element of {x} alone: nothing is summed, and nothing has to be transposed."
)
REPEATED = N_("{x} was repeated to the shape {from_shape}, so what comes back is summed over the repetitions.")
FORMED = N_("The product comes out in the shape of {x}, {shape}, and the Jacobian is never formed.")


def why(
    shapes: Shapes, names: list[str], translate: Translate, *, passed: bool, ones: bool, own: str | None = None
) -> str:
    """The sentence on the product of one slot. `names` are the gradient, y, and the operands, as they are spoken of.

    `passed`: the gradient is in the product alone. `ones`: the Jacobian holds nothing but 0, 1 and −1. `own`: the op's
    own sentence, for a product that its factors do not explain.
    """
    result = shapes.result
    said = {"y": names[1], "x": names[result.operand], "shape": spelled(result.axes)}
    template = _template(shapes, passed and ones)
    if own and template is not UNCHANGED and len(shapes.factors) == 1:
        template = own
        said |= dict(zip(ascii_lowercase, names[2:], strict=False)) | {"y": names[1]}
    if template is REPEATED:
        said["from_shape"] = spelled(shapes.factors[0].axes)
    if len(shapes.factors) == 2:
        left, right = shapes.factors
        scaled = right if not left.axes else left
        turned = left if left.transposed else right
        met = [left.axes[i].label for i in sorted(left.met)]
        said |= {"left": _name(left, names), "right": _name(right, names), "axis": "×".join(met)}
        said |= {"other": _name(scaled, names), "turned": _name(turned, names)}
    text = translate(template).format(**said)
    return text[0].upper() + text[1:] if text.startswith(names[0]) else text


def _name(factor: Factor, names: list[str]) -> str:
    return names[factor.operand] if factor.operand >= 0 else ""


def _template(shapes: Shapes, passed: bool) -> str:
    if shapes.summed:
        return REPEATED
    if len(shapes.factors) == 1:
        sent, got = shapes.factors[0], shapes.result
        if sent.transposed and len(got.axes) > 1:
            return TURNED
        if not passed:
            return FORMED
        return UNCHANGED if [a.size for a in sent.axes] == [a.size for a in got.axes] else ONES
    left, right = shapes.factors
    if shapes.sign == "⊙":
        return DIAGONAL
    if not (left.axes and right.axes):
        return SCALED if right.axes else SCALES if left.axes else NUMBERS
    if shapes.outer:
        return UPRIGHT
    return MEETS if left.transposed or right.transposed else STRAIGHT

"""The error function and the normal distribution, which the array-API standard lacks, to full double precision."""

from __future__ import annotations

from collections.abc import Sequence
from math import pi, sqrt

from ..arrays import Array, xp_of

# W. J. Cody, Rational Chebyshev approximations for the error function, Mathematics of Computation 23 (1969), in the
# digits of his program CALERF. Numerator and denominator, the highest power first.
NEAR = (  # erf(x) / x in x², up to 0.46875
    (1.85777706184603153e-1, 3.16112374387056560, 1.13864154151050156e2, 3.77485237685302021e2, 3.20937758913846947e3),
    (1.0, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3),
)
MIDDLE = (  # exp(x²) erfc(x) in x, from 0.46875 to 4
    (
        *(2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1),
        *(2.98635138197400131e2, 8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3),
        1.23033935479799725e3,
    ),
    (
        *(1.0, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3),
        *(3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3),
    ),
)
FAR = (  # what is missing from x exp(x²) erfc(x) to 1/√π, times x², in 1/x², from 4 on
    (
        *(1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1),
        *(1.60837851487422766e-2, 6.58749161529837803e-4),
    ),
    (
        *(1.0, 2.56852019228982242, 1.87295284992346725, 5.27905102951428412e-1),
        *(6.05183413124413191e-2, 2.33520497626869185e-3),
    ),
)
SPLIT, FAR_FROM, VANISHED = 0.46875, 4.0, 28.0  # erfc of what is larger than the last is below the smallest number


def _ratio(x: Array, polynomials: tuple[Sequence[float], Sequence[float]]) -> Array:
    """A rational function, by Horner's rule."""
    values = []
    for first, second, *rest in polynomials:
        value = first * x + second
        for coefficient in rest:
            value = value * x + coefficient
        values.append(value)
    return values[0] / values[1]


def _between(x: Array, low: float, high: float) -> Array:
    """`x` brought into the range of one approximation, so that it does not overflow where another one is taken."""
    xp = xp_of(x)
    return xp.minimum(xp.maximum(x, xp.full_like(x, low)), xp.full_like(x, high))


def _near(x: Array) -> Array:
    """erf(x) for |x| up to 0.46875."""
    inside = _between(x, -SPLIT, SPLIT)
    return inside * _ratio(inside * inside, NEAR)


def _tail(size: Array) -> Array:
    """erfc of numbers from 0.46875 on."""
    xp = xp_of(size)
    size = _between(size, SPLIT, VANISHED)
    middle = _ratio(xp.minimum(size, xp.full_like(size, FAR_FROM)), MIDDLE)
    far = xp.maximum(size, xp.full_like(size, FAR_FROM))
    inverse = 1 / (far * far)
    beyond = (1 / sqrt(pi) - inverse * _ratio(inverse, FAR)) / far
    return xp.exp(-size * size) * xp.where(size <= FAR_FROM, middle, beyond)


def erf(x: Array) -> Array:
    """The error function, 2/√π ∫ exp(−t²) dt from 0 to x. The relative error is below 1e-15 in float64."""
    xp = xp_of(x)
    size = xp.abs(x)
    return xp.where(size <= SPLIT, _near(x), xp.sign(x) * (1 - _tail(size)))


def normal_cdf(x: Array) -> Array:
    """The probability that a standard normal number is below x; accurate far to the left, where it is tiny."""
    xp = xp_of(x)
    x = x * sqrt(0.5)
    half = 0.5 * _tail(xp.abs(x))
    return xp.where(xp.abs(x) <= SPLIT, 0.5 + 0.5 * _near(x), xp.where(x > 0, 1 - half, half))


def normal_density(x: Array) -> Array:
    """The density of the standard normal distribution, exp(−x²/2) / √(2π)."""
    x = _between(x, -40.0, 40.0)  # beyond, the density is 0
    return xp_of(x).exp(-0.5 * x * x) / sqrt(2 * pi)

"""The compiled plan: a graph made flat, as bound calls into arrays that are allocated once.

`differentiate` runs every op's own forward and VJPs on symbolic arrays (`recorder`), which leaves a simplified
program (`program`); `memory` gives each of its nodes an array, `kernels` turns it into calls, and `Plan` runs them.
Ops are declared once and know nothing of this. A pass that merges calls is a function from a `Recording` to a
`Recording`, between `record` and `place` (`passes`): products that share a factor (`products`: the products `x_t W` of
all t, gates side by side) and sums over time (`sums`: one product for the gradient of a weight). What they join is
computed in its place (`homes`).

On a GPU the same recording becomes launches (`fusion`): what is elementwise and hangs together is one generated kernel
(`source`), the rest are calls of cupy (`device`).
"""

from .plan import Plan, compile

__all__ = ["Plan", "compile"]

"""Random and mutated texts for the notation: `python -m tests.fuzz_notation --count 100000`.

Whatever is typed, `parse` answers with a Graph, a NotationError or a ShapeError, after a bounded amount of work. The work is
counted in function calls, which are the same on a busy machine; about 5,000 of them take a millisecond. The run ends with
the largest count, and with status 1 where something else happened or a text took more than its bound.
"""

from __future__ import annotations

import argparse
import random
import sys
import traceback
from dataclasses import dataclass, field
from typing import Any

from graphlab import Graph, NotationError, ShapeError, parse

CALLS, CALLS_PER_CHARACTER = 80_000, 300
CALLS_PER_OPERATION = 500  # for every operation of the graph beyond the first five hundred

NAMES = [
    "x",
    "X",
    "W",
    "W_1",
    "b",
    "b_1",
    "w_2",
    "h",
    "y",
    "y_true",
    "loss",
    "lambda",
    "c~",
    "W_{hf}",
    "x^{[n]}",
    "σ_1",
    "z",
]
LATEX_NAMES = [
    r"\mathbf{x}",
    r"\mathbf{W}_1",
    r"\tilde{c}",
    r"y_{\text{true}}",
    r"\mathcal{L}",
    r"\lambda",
    r"\mathbf{W}_{hf}",
]
FUNCTIONS = [
    "tanh",
    "sigma",
    "σ",
    "ReLU",
    "exp",
    "log",
    "sqrt",
    "softmax",
    "sum",
    "mean",
    "max",
    "argmax",
    "log_softmax",
    "SELU",
    "concat",
    "dropout",
    "layernorm",
    "batchnorm",
    "weightnorm",
    "conv",
    "max_over_time",
    "embed",
    "last",
    "select",
    "mask_future",
]
LATEX_FUNCTIONS = [r"\tanh", r"\sigma", r"\operatorname{softmax}", r"\text{ReLU}", r"\exp", r"\log"]
TIMED = ["x_t", "h_t", "h_{t-1}", "g_t", "g_{t-1}", "h_T", "y_true_t", "x_{t-1}", "W", "b", r"\mathbf{h}_{t-1}", "c~_t"]
OPERATORS = [" + ", " - ", " ⊙ ", " * ", " ", " · ", " @ ", "/", " / ", " - -"]
LATEX_OPERATORS = [" + ", " - ", r" \odot ", r"\,", r" \cdot ", "/", " / "]
PIECES = [
    *NAMES, *LATEX_NAMES, *FUNCTIONS, *LATEX_FUNCTIONS, *OPERATORS, *LATEX_OPERATORS, "=", "==", "\n", "\\\\", "(", ")", "[",
    "]", "{", "}", "‖", "||", "|", r"\|", r"\left(", r"\right)", r"\left", r"\frac{", "^", "^T", "^{-1}", "^2", "_",
    "_t", "_{t-1}", "_{t+1}", "_T", "_0", "h_t = ", "h_0 = 0", ", t = 1..3", ", t = 1, \\ldots, T",
    ",", ", axis=0", ", p=2", ", eps=1e-3", "axis=", ";", "#", "%", "&", "$", "'", '"', ".", ".T", "0", "1", "2.5", "1e9", "1e999", "→",
    "->", "**", ":=", "×", "√", "∇", "х", "₁", "²", "ᵀ", "~", "\t", "\r", "\u200b", "\0", "\ud800", "𝐖", "é", "\\", r"\foo",
    r"\begin{aligned}", r"\mathbf{", r"\tilde", r"\sqrt{", r"\operatorname{", "λ/2", "e^x", "f(x)", "tmp_1", "const_1",
]  # fmt: skip


def expression(rng: random.Random, depth: int, latex: bool = False, names: list[str] | None = None) -> str:
    """A random expression that can be read (its shapes need not fit)."""
    names = names or (LATEX_NAMES + NAMES[:10] if latex else NAMES)
    kind = rng.random()
    if depth <= 0 or kind < 0.2:
        return rng.choice(names) if rng.random() < 0.85 else rng.choice(["2", "0.5", "1", "1e-3"])
    inner = expression(rng, depth - 1, latex, names)
    if kind < 0.4:
        return f"{rng.choice(LATEX_FUNCTIONS if latex else FUNCTIONS)}({inner})"
    if kind < 0.5:
        return f"({inner}){rng.choice(['^T', '^2', '^{-1}', ''])}"
    if kind < 0.55:
        return f"-({inner})"
    if kind < 0.6:
        return rf"\|{inner}\|^2" if latex else f"‖{inner}‖^2"
    if kind < 0.65:
        other = expression(rng, depth - 1, latex, names)
        return rf"\frac{{{inner}}}{{{other}}}" if latex else f"BCE({inner}, {other})"
    operator = rng.choice(LATEX_OPERATORS if latex else OPERATORS)
    return f"({inner}){operator}({expression(rng, depth - 1, latex, names)})"


def program(rng: random.Random, latex: bool = False) -> str:
    """A few equations, each using what stands above it."""
    names = list(LATEX_NAMES[:3] if latex else NAMES[:8])
    lines = []
    for k in range(rng.randint(1, 5)):
        name = f"v_{k}"
        lines.append(f"{name} {'&' if latex else ''}= {expression(rng, rng.randint(1, 4), latex, names)}")
        names.append(name)
    return (" \\\\\n" if latex else "\n").join(lines)


def over_time(rng: random.Random) -> str:
    """Equations over time: two layers, starts, a result. Now and then something of it does not go together."""

    def either(usual: str, names: list[str]) -> str:
        return usual if rng.random() < 0.6 else expression(rng, 2, names=names)

    lines = [f"h_t = {either('tanh(x_t W + h_{t-1} U + b)', ['x_t', 'h_{t-1}', 'W', 'b', 'x_{t-1}'])}", "h_0 = 0"]
    if rng.random() < 0.5:
        lines += [f"g_t = {either('h_t ⊙ g_{t-1}', ['h_t', 'g_{t-1}', 'h_{t-2}', 'W'])}", "g_0 = 0"]
    if rng.random() < 0.5:
        lines += [f"c~_t = {either('softmax(h_t V)', TIMED)}"]
    lines.append(
        rng.choice(
            [
                "loss = mean(h_t)",
                "loss = sum(BCE(y_true_t, sigma(h_t)))",
                "z = last(h_t, n)",
                "z = concat(h_t)",
                "y = h_T",
            ]
        )
    )
    lines.append(f"v = {either('h_T w^T', ['h_T', 'x_T', 'W', 'g_T', 'h_0'])}")
    if rng.random() < 0.1:
        rng.shuffle(lines)
    return "\n".join(line for line in lines if rng.random() < 0.97)


def mutated(rng: random.Random, text: str) -> str:
    """The text with a few small accidents."""
    for _ in range(rng.randint(1, 4)):
        i = rng.randrange(len(text) + 1)
        j = min(len(text), i + rng.randint(0, 4))
        accident = rng.random()
        if accident < 0.35:
            text = text[:i] + text[j:]
        elif accident < 0.8:
            text = text[:i] + rng.choice(PIECES) + text[j:]
        elif accident < 0.9:
            text = text[:i] + text[i:j] * rng.randint(2, 40) + text[j:]
        else:
            k = rng.randrange(len(text) + 1)
            text = text[:i] + text[min(j, k) : max(j, k)] + text[i:]
    return text[:4500]


def garbage(rng: random.Random) -> str:
    """Pieces of notation, or characters, in no order; now and then a long monotonous text."""
    kind = rng.random()
    if kind < 0.5:
        return "".join(rng.choice(PIECES) for _ in range(rng.randint(0, 30)))
    if kind < 0.6:
        return "".join(chr(rng.randrange(0x110000)) for _ in range(rng.randint(0, 60)))
    if kind < 0.7:
        return "".join(chr(rng.randrange(32, 0x500)) for _ in range(rng.randint(0, 200)))
    piece = "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 3)))
    count = rng.randint(1, 4200 // max(1, len(piece)))
    return rng.choice(["y = ", "", "y = (", "y = tanh("]) + piece * count + rng.choice(["", "x", ")", " x"])


def axes(rng: random.Random) -> Any:
    """A random shape, now and then one that is none."""
    if rng.random() < 0.03:
        return rng.choice([(0,), (-1,), ("Q",), (1.5,), (True,), (10**9,), (2,) * 20, "DH", 3, ("D", "D", "D", "D")])
    return tuple(rng.choice(["D", "H", 1, 2, 3, 4, 5]) for _ in range(rng.choice([0, 1, 1, 2, 2, 3])))


@dataclass
class Case:
    """One call of parse."""

    text: str
    shapes: dict[str, Any] = field(default_factory=dict)
    sizes: dict[str, Any] = field(default_factory=dict)
    kinds: dict[str, Any] = field(default_factory=dict)


def case(rng: random.Random) -> Case:
    """A random call: valid, mutated or garbage; with shapes for some, all or none of the names."""
    kind = rng.random()
    text = garbage(rng) if kind < 0.2 else program(rng, latex=rng.random() < 0.5)
    if rng.random() < 0.3:
        text = over_time(rng)
    if 0.2 < kind < 0.85:
        text = mutated(rng, text)
    sizes = (
        {"D": rng.choice([1, 2, 3, 4, 10**5]), "H": 3} if rng.random() < 0.95 else {"D": rng.choice([0, -1, 1.5, "3"])}
    )
    if rng.random() < 0.8:
        sizes["T"] = rng.choice([1, 2, 3, 3, 3, 5, 40, 40, 10**6, 0, "3"])
    square = (3, 3) if rng.random() < 0.4 else None
    shapes = {n: square or axes(rng) for n in (*NAMES, "L", "h_0", "x_t") if rng.random() < rng.choice([0, 0.5, 1])}
    kinds = {
        n: rng.choice(["input", "parameter", "constant", "output", "temporary"]) for n in NAMES if rng.random() < 0.1
    }
    return Case(text, shapes, sizes, kinds)


def bound(c: Case, operations: int = 0) -> int:
    """How many function calls a text may take: a number that grows with its length, and with its graph."""
    return CALLS + CALLS_PER_CHARACTER * len(c.text) + CALLS_PER_OPERATION * max(0, operations - 500)


def attempt(c: Case) -> tuple[float, str]:
    """Parse it: (the share of its bound that it took, "graph" or the name of the error).

    Raises whatever parse should not raise.
    """
    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        result = parse(c.text, c.shapes, c.sizes, c.kinds)
    except (NotationError, ShapeError) as e:
        sys.setprofile(None)
        if not e.text():
            raise AssertionError("an error with no message") from e
        if e.fix is not None and e.fix.shape is None and not isinstance(e.fix.apply(c.text), str):
            raise AssertionError("a fix that gives no text") from e
        return calls / bound(c), type(e).__name__
    finally:
        sys.setprofile(None)
    if not isinstance(result, Graph):
        raise AssertionError("not a graph")
    return calls / bound(c, len(result.operations)), "graph"


def run(count: int, seed: int) -> tuple[dict[str, int], float, Case, list[Case]]:
    """(how often each outcome came, the largest share of a bound, its case, the cases that failed)."""
    rng = random.Random(seed)
    outcomes: dict[str, int] = {}
    worst, largest, failures = 0.0, Case(""), []
    attempt(Case("y = tanh(x W)"))
    for _ in range(count):
        c = case(rng)
        try:
            share, outcome = attempt(c)
        except Exception:
            traceback.print_exc()
            failures.append(c)
            if len(failures) >= 10:
                break
            continue
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
        if share > worst:
            worst, largest = share, c
    return outcomes, worst, largest, failures


def main() -> int:
    """The command line. Returns 1 where parse raised something else or took more work than its bound."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    outcomes, worst, largest, failures = run(options.count, options.seed)
    for outcome, n in sorted(outcomes.items()):
        print(f"{outcome:20} {n}")
    print(f"largest share        {worst:.2f} of its bound, for {largest.text[:100]!r} ({len(largest.text)} characters)")
    for c in failures:
        print("failed:", repr(c))
    return int(bool(failures) or worst > 1)


if __name__ == "__main__":
    sys.exit(main())

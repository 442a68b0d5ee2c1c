"""A small reader of the LaTeX of numbers: what a formula with numbers put in comes to, worked out by itself."""

import math
import re

import numpy as np


def _normal(x):
    return 0.5 * math.erfc(-x / math.sqrt(2))


def _density(x):
    return math.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def _gelu_tanh(x):
    return 0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def _mish(x):
    return x * math.tanh(math.log1p(math.exp(x)))


def _slope(function):
    """The derivative of a smooth function, to ten digits, from four of its values."""
    h = 1e-3
    return lambda x: (8 * (function(x + h) - function(x - h)) - function(x + 2 * h) + function(x - 2 * h)) / (12 * h)


SIGNS = {
    "=": lambda a, b: a == b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
    r"\neq": lambda a, b: a != b,
    r"\ne": lambda a, b: a != b,
    r"\le": lambda a, b: a <= b,
    r"\ge": lambda a, b: a >= b,
    r"\geq": lambda a, b: a >= b,
}
CONNECTIVES = {r"\land": lambda a, b: a != 0 and b != 0, r"\lor": lambda a, b: a != 0 or b != 0}
# With a number below: its value where there is none.
WITH_A_NUMBER = {
    r"\operatorname{LeakyReLU}": (0.01, lambda x, slope: x if x > 0 else slope * x),
    r"\operatorname{ELU}": (1, lambda x, alpha: x if x > 0 else alpha * math.expm1(x)),
    r"\operatorname{ELU}'": (1, lambda x, alpha: 1 if x > 0 else alpha * math.exp(x)),
    r"\log": (math.e, lambda x, base: math.log(x) / math.log(base) if x > 0 else -math.inf),
}
FUNCTIONS = {
    r"\exp": math.exp,
    r"\sin": math.sin,
    r"\cos": math.cos,
    r"\tan": math.tan,
    r"\sinh": math.sinh,
    r"\cosh": math.cosh,
    r"\arctan": math.atan,
    r"\ln": math.log,
    r"\lnot": lambda x: float(x == 0),
    r"\Phi": _normal,
    r"\varphi": _density,
    r"\operatorname{erf}": math.erf,
    r"\operatorname{GELU}": lambda x: x * _normal(x),
    r"\operatorname{GELU}_{\tanh}": _gelu_tanh,
    r"\operatorname{GELU}_{\tanh}'": _slope(_gelu_tanh),
    r"\operatorname{SiLU}": lambda x: x / (1 + math.exp(-x)),
    r"\operatorname{Mish}": _mish,
    r"\operatorname{Mish}'": _slope(_mish),
    r"\operatorname{softplus}": lambda x: math.log1p(math.exp(x)),
    r"\operatorname{softsign}": lambda x: x / (1 + abs(x)),
    r"\operatorname{hardtanh}": lambda x: min(max(x, -1), 1),
    r"\operatorname{ReLU6}": lambda x: min(max(x, 0), 6),
    r"\tanh": math.tanh,
    r"\sigma": lambda x: 1 / (1 + math.exp(-x)),
    r"\operatorname{sign}": lambda x: float((x > 0) - (x < 0)),
    r"\operatorname{ReLU}": lambda x: max(x, 0.0),
    r"\operatorname{SELU}": lambda x: 1.0507009873554805 * (x if x > 0 else 1.6732632423543772 * math.expm1(x)),
    r"\operatorname{SELU}'": lambda x: 1.0507009873554805 * (1 if x > 0 else 1.6732632423543772 * math.exp(x)),
}
TOKEN = re.compile(
    r"\\sigma_\{\\max\}|;|\\operatorname\{\w+\}(?:_\{\\tanh\})?'?|\\(?:left|right)(?=[()\[\]])|\\[a-zA-Z]+|\\.|\d+\.?\d*|[-+*/^_=<>(){}\[\],|&]|[a-zA-Z]"
)
ENDS = {None, "+", "-", ")", "}", "]", ",", ";", "|", "&", r"\\", r"\end", *SIGNS, *CONNECTIVES}
SKIPPED = {r"\left", r"\right", r"\,", r"\;", r"\quad", r"\displaystyle", r"\textstyle"}


class Reader:
    """Recursive descent over the tokens; `names` are the values of the definitions."""

    def __init__(self, latex, names=None):
        self.tokens = [t for t in TOKEN.findall(latex) if t not in SKIPPED]
        self.names = names or {}

    def peek(self):
        return self.tokens[0] if self.tokens else None

    def take(self, expected=None):
        token = self.tokens.pop(0)
        assert expected in (None, token), (expected, token, self.tokens)
        return token

    def whole(self):
        value = self.total()
        if self.peek() in CONNECTIVES:
            value = float(CONNECTIVES[self.take()](value, self.total()))
        assert not self.tokens, self.tokens
        return value

    def total(self):
        value = self.product()
        while self.peek() in ("+", "-"):
            sign = 1 if self.take() == "+" else -1
            value += sign * self.product()
        return value

    def product(self):
        if self.peek() == "-":
            self.take()
            return -self.product()
        value = self.power()
        while self.peek() not in ENDS:
            token = self.peek()
            if token in (r"\cdot", r"\odot"):
                self.take()
                factor = self.power()
                value = 0.0 if value == 0 else value * factor  # 0 log 0 = 0, its limit
            elif token == "/":
                self.take()
                value /= self.power()
            else:
                value *= self.power()
        return value

    def power(self):
        if self.peek() == "-":
            self.take()
            return -self.power()
        value = self.atom()
        if self.peek() == "^":
            self.take()
            value **= self.braced()
        return value

    def braced(self):
        if self.peek() != "{":
            return self.atom()
        self.take("{")
        value = self.total()
        self.take("}")
        return value

    def atom(self):
        token = self.take()
        if token[0].isdigit():
            return float(token)
        if token == "(":
            value = self.total()
            self.take(")")
            return value
        if token == "|":
            value = abs(self.total())
            self.take("|")
            return value
        if token == "[":  # Iverson's bracket
            value = self.condition()
            self.take("]")
            return value
        if token == r"\begin":
            return self.cases()
        if token == r"\operatorname{clip}":
            value, low, high = self.listed()
            return min(max(value, low), high)
        if token in WITH_A_NUMBER:
            number, function = WITH_A_NUMBER[token]
            if self.peek() == "_":
                self.take()
                number = self.braced()
            return function(self.power(), number)
        if token in (r"\max", r"\min"):
            return (max if token == r"\max" else min)(self.listed())
        if token == r"\sigma_{\max}":
            return np.linalg.norm(self.rows(), 2)
        if token == r"\operatorname{argmax}":
            values = self.listed()
            return float(values.index(max(values)))
        if token == r"\operatorname{BCE}":
            return self.of_logits()
        if token in FUNCTIONS:
            return FUNCTIONS[token](self.power())
        if token == r"\frac":
            return self.braced() / self.braced()
        if token == r"\sqrt":
            return math.sqrt(self.braced())
        if token == "e":
            self.take("^")
            return math.exp(self.braced())
        if token == r"\pi":
            return math.pi
        if token == r"\infty":
            return math.inf
        if token == r"\sigma" and self.peek() == "^":
            self.take("^")
            self.take("2")
            return self.names[r"\sigma^2"]
        return self.names[token]

    def condition(self):
        """Numbers with signs between them: 1 where all of them hold, else 0."""
        left, holds = self.total(), True
        while self.peek() in SIGNS:
            sign, right = self.take(), self.total()
            holds, left = holds and SIGNS[sign](left, right), right
        return float(holds)

    def cases(self):
        """One value where a number is not 0, and another one elsewhere."""
        while self.take() != "}":
            pass
        first = self.total()
        self.take("&")
        chosen = self.total() != 0
        self.take(r"\\")
        other = self.total()
        while self.take() != r"\end":
            pass
        while self.take() != "}":
            pass
        return first if chosen else other

    def rows(self):
        """(1, 2; 3, 4): a matrix, row by row."""
        self.take("(")
        rows = [[]]
        while True:
            rows[-1].append(self.total())
            match self.take():
                case ";":
                    rows.append([])
                case ")":
                    return rows

    def listed(self):
        self.take("(")
        values = [self.total()]
        while self.peek() == ",":
            self.take()
            values.append(self.total())
        self.take(")")
        return values

    def of_logits(self):
        self.take("(")
        truth = self.total()
        self.take(",")
        p = self.total()
        self.take(")")
        return -(truth * math.log(p) + (1 - truth) * math.log(1 - p))


def worked_out(latex, definitions=()):
    r"""The number that a formula comes to. `definitions` are "name = formula", each over those before it."""
    names = {}
    for definition in definitions:
        name, formula = definition.split(" = ", 1)
        names[name] = Reader(formula, names).whole()
    variance = names.get(r"\sigma^2")
    if variance is not None:
        names["V"] = variance
        latex = latex.replace(r"\sigma^2", "V")
    return Reader(latex, names).whole()

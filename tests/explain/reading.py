"""A small reader of the LaTeX of numbers: what a formula with numbers put in comes to, worked out by itself."""

import math
import re

FUNCTIONS = {
    r"\exp": math.exp,
    r"\log": lambda x: math.log(x) if x > 0 else -math.inf,
    r"\tanh": math.tanh,
    r"\sigma": lambda x: 1 / (1 + math.exp(-x)),
    r"\operatorname{sign}": lambda x: float((x > 0) - (x < 0)),
    r"\operatorname{ReLU}": lambda x: max(x, 0.0),
    r"\operatorname{SELU}": lambda x: 1.0507009873554805 * (x if x > 0 else 1.6732632423543772 * math.expm1(x)),
    r"\operatorname{SELU}'": lambda x: 1.0507009873554805 * (1 if x > 0 else 1.6732632423543772 * math.exp(x)),
}
TOKEN = re.compile(
    r"\\operatorname\{(?:ReLU|SELU|BCE|argmax|sign)\}'?|\\(?:left|right)(?=[()\[\]])|\\[a-zA-Z]+|\\.|\d+\.?\d*|[-+*/^_=<>(){}\[\],|]|[a-zA-Z]"
)
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
        while self.peek() not in (None, "+", "-", ")", "}", "]", ",", "|", "=", ">", "<", r"\neq", r"\geq"):
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
            left, sign, right = self.total(), self.take(), self.total()
            self.take("]")
            return float({"=": left == right, ">": left > right, r"\neq": left != right}[sign])
        if token in (r"\max", r"\min"):
            return (max if token == r"\max" else min)(self.listed())
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
        if token == r"\infty":
            return math.inf
        if token == r"\sigma" and self.peek() == "^":
            self.take("^")
            self.take("2")
            return self.names[r"\sigma^2"]
        return self.names[token]

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

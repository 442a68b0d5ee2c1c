"""Characters and operators that the notation does not have, and numbers that are none."""

from __future__ import annotations

import re

from ...errors import N_, NotationError, message
from ..spans import Line, Span
from ..tree import Node
from .common import mistake, remove, write

_LOOKALIKES = {
    "Cyrillic": dict(zip("аАВсСеЕНіІјКМоОрРѕЅТхХуУ", "aABcCeEHiIjKMoOpPsSTxXyY", strict=True)),
    "Greek": dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΧοϲ", "ABEZHIKMNOPTXoc", strict=True)),
}


def unknown_character(span: Span) -> NotationError:
    """A character that is not part of the notation."""
    c = span.text
    for alphabet, letters in _LOOKALIKES.items():
        if c in letters:
            reason = (
                N_("the Cyrillic letter {c} looks like the Latin {latin}, but it is another one")
                if alphabet == "Cyrillic"
                else N_("the Greek letter {c} looks like the Latin {latin}, but it is another one")
            )
            return write(span, letters[c], message(reason, c=c, latin=letters[c]))
    if c == "_":
        return remove(span, message(N_("a subscript needs a name in front of it")), message(N_("a name")))
    shown = c if c.isprintable() else f"U+{ord(c):04X}"
    return mistake(
        span,
        message(N_("{c} is not part of the notation"), c=shown),
        message(N_("letters, numbers, + - · ⊙ / ^ = and parentheses")),
        message(N_("remove {this}"), this=shown),
        span.replaced(""),
    )


# What people write instead of an operator: the characters, what takes their place, and why.
_WRONG = (
    ("**", "^", N_("{c} is not part of the notation: a power is written with ^")),
    ("==", "=", N_("an equation has a single equals sign")),
    ("<-", "=", N_("a definition is written with =")),
    ("←", "=", N_("a definition is written with =")),
    ("->", "=", N_("an arrow is not part of the notation: the result stands on the left of =")),
    ("→", "=", N_("an arrow is not part of the notation: the result stands on the left of =")),
    ("=>", "=", N_("an arrow is not part of the notation: the result stands on the left of =")),
    (";", "\n", N_("a line holds one equation: begin a new line instead of {c}")),
    ("÷", "/", N_("division is written with /")),
    ("∕", "/", N_("division is written with /")),
    ('"', "", N_("quotation marks are not part of the notation")),
)

# Characters that one of the typical wrong operators begins with.
SUSPICIOUS = frozenset(characters[0] for characters, _, _ in _WRONG) | frozenset("+-*@√'’")


def wrong_operator(line: Line, i: int) -> NotationError | None:
    """The mistake at this place, if one of the typical wrong operators stands there."""
    s = line.source
    for characters, right, reason in _WRONG:
        if s.startswith(characters, i):
            if characters in ("->", "→", "=>") and (error := _arrow(line, i, len(characters))) is not None:
                return error
            opens = characters == '"' or (characters == "'" and not s[:i][-1:].isalnum())
            if opens and (j := s.find(characters, i + 1)) > i + 1:
                whole = line.span(i, j + 1)
                return write(whole, s[i + 1 : j], message(N_("quotation marks are not part of the notation")))
            return _wrong(line.span(i, i + len(characters)), right, reason)
    if s[i] in "'’" and not (s[:i][-1:].isalnum() or s[:i][-1:] in ")}]'’"):
        end = s.find(s[i], i + 1)
        if end > i + 1:
            return write(
                line.span(i, end + 1), s[i + 1 : end], message(N_("quotation marks are not part of the notation"))
            )
    if s[i] in "+-*@" and s[i + 1 : i + 2] == "=" and s[i + 2 : i + 3] != "=":
        return _compound(line, i)
    if s[i] == "√":
        match = re.compile(r"√\s*([A-Za-z0-9_]+)?").match(s, i)
        inner = match[1] if match and match[1] else ""
        span = line.span(i, match.end() if inner and match else i + 1)
        return write(span, f"sqrt({inner})" if inner else "sqrt", message(N_("a root is written sqrt(…)")))
    return None


def _arrow(line: Line, i: int, width: int) -> NotationError | None:
    """`tanh(x W) -> h`: the sides of the equation are exchanged."""
    left, right = line.source[:i].strip(), line.source[i + width :].strip()
    if not re.fullmatch(r"\w+", right) or re.fullmatch(r"\w+", left) or not left:
        return None
    return mistake(
        line.span(i, i + width),
        message(N_("an arrow is not part of the notation: the result stands on the left of =")),
        message(N_("name = expression")),
        message(N_("write {this}"), this=f"{right} = {left}"),
        line.span(0, len(line.source)).replaced(f"{right} = {left}"),
    )


def _wrong(span: Span, right: str, reason: str) -> NotationError:
    error = message(reason, c=span.text)
    if right == "\n":
        return mistake(
            span,
            error,
            message(N_("one equation a line")),
            message(N_("put each equation on a line of its own")),
            span.replaced(right),
        )
    if not right:
        return remove(span, error, message(N_("letters, digits and subscripts")))
    return write(span, right, error)


def _compound(line: Line, i: int) -> NotationError:
    name = line.source[:i].strip()
    span = line.span(i, i + 2)
    return mistake(
        span,
        message(N_("a vertex gets its value once; {c} would change it"), c=span.text),
        message(N_("name = expression")),
        message(N_("give the sum a name of its own: {this}"), this=f"{name}_2 = {name} {span.text[0]} …"),
        line.span(0, i + 2).replaced(f"{name}_2 = {name} {span.text[0]}"),
    )


def number_too_large(span: Span) -> NotationError:
    """A literal that is not a finite number, or an exponent that makes no sense."""
    if span.text[0] == "^":
        return write(span, "^2", message(N_("this number is too large")), message(N_("an exponent of at most 1000")))
    return write(span, "1", message(N_("this number is too large")), message(N_("a number below 1e308")))


def two_numbers(first: Span, second: Span) -> NotationError:
    """`1 000`, `1.2.3`: two numbers beside each other."""
    both = first.to(second)
    if first.end == second.start:
        return mistake(
            both,
            message(N_("{this} is not a number"), this=both.text),
            message(N_("digits with one point, as in 0.5")),
            message(N_("write {this}"), this=first.text),
            both.replaced(first.text),
        )
    return mistake(
        both,
        message(N_("two numbers stand beside each other")),
        message(N_("an operator between them")),
        message(
            N_("write {this} for their product, or one number with no space in it"),
            this=f"{first.text} · {second.text}",
        ),
        both.replaced(f"{first.text} · {second.text}"),
    )


def lopsided_slash(line: Line, i: int, space_on_left: bool) -> NotationError:
    """`a /b`: a space on one side only, so the eye can not tell what is divided."""
    s = line.source
    end = i + 1
    while end < len(s) and s[end].isspace():
        end += 1
    start = i
    while start > 0 and s[start - 1].isspace():
        start -= 1
    return mistake(
        line.span(i, i + 1),
        message(N_("it is not clear what is divided: / has a space on one side only")),
        message(N_("a/b for a fraction, or a / b to divide the whole product on its left")),
        message(N_("put a space on both sides")),
        line.span(start, end).replaced(" / "),
    )


def unclear_division(dividend: Span, first: Span, divisor: Node) -> NotationError:
    """`a / b c`: is c above or below the line?"""
    fraction = f"({dividend.text})/{first.text}" if " " in dividend.text else f"{dividend.text}/{first.text}"
    return mistake(
        dividend.to(divisor.outer),
        message(N_("it is not clear whether all of {this} is below the line"), this=divisor.outer.text),
        message(N_("a/b c, or a / (b c)")),
        message(
            N_("write {above} or {below}"),
            above=fraction + divisor.outer.text[len(first.text) :],
            below=f"{dividend.text} / ({divisor.outer.text})",
        ),
        divisor.outer.replaced(f"({divisor.outer.text})"),
    )

"""Typical mistakes in the text of equations: what is said of each, and the fix that is offered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from ..errors import N_, Fix, Message, NotationError, Place, message
from . import names
from .latex import ACCENTS, OPERATORS, STYLES
from .spans import Line, Span

if TYPE_CHECKING:
    from ..op import Op
    from .tokens import Word
    from .tree import Node

_LOOKALIKES = {
    "Cyrillic": dict(zip("аАВсСеЕНіІјКМоОрРѕЅТхХуУ", "aABcCeEHiIjKMoOpPsSTxXyY", strict=True)),
    "Greek": dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΧοϲ", "ABEZHIKMNOPTXoc", strict=True)),
}
_OPERATORS = frozenset("PLUS MINUS ODOT OVER DOT SLASH".split())


def mistake(
    span: Span, reason: Message, expected: Message | None = None, help: Message | None = None, fix: Fix | None = None
) -> NotationError:
    """A NotationError at a span."""
    return NotationError(reason, expected=expected, help=help, place=span.place, fix=fix)


def _write(span: Span, by: str, reason: Message, expected: Message | None = None) -> NotationError:
    """The mistake with the help "write BY", and BY as the fix."""
    return mistake(span, reason, expected, message(N_("write {this}"), this=by.strip() or by), span.replaced(by))


def _remove(span: Span, reason: Message, expected: Message | None = None) -> NotationError:
    return mistake(span, reason, expected, message(N_("remove {this}"), this=span.text), span.replaced(""))


def closest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, or ''."""
    known = list(known)
    lower = {k.lower(): k for k in reversed(known)}
    if word.lower() in lower:
        return lower[word.lower()]
    near = get_close_matches(word[:40], known, n=1, cutoff=0.6)
    return near[0] if near else ""


# --- the text as a whole


def check_text(text: str, limit: int) -> None:
    """Raises NotationError for a text that is empty or longer than the limit."""
    if len(text) > limit:
        raise NotationError(
            message(N_("the text has {n} characters"), n=len(text)),
            expected=message(N_("at most {limit} characters"), limit=limit),
            help=message(N_("leave out what is not needed, or split the model in two")),
            fix=Fix(whole=_first_lines(text, limit)),
        )


def _first_lines(text: str, limit: int) -> str:
    return text[:limit].rpartition("\n")[0]


def no_equation(text: str) -> NotationError:
    """Nothing but white space and comments."""
    first = (text.split("\n") or [""])[0]
    return NotationError(
        message(N_("there is no equation")),
        expected=message(N_("one equation a line, name = expression")),
        help=message(N_("write for example {this}"), this="y = sigma(x w^T + b)"),
        place=Place(1, 0, len(first), first),
        fix=Fix(whole=text.rstrip() + "\n" * bool(text.strip()) + "y = sigma(x w^T + b)"),
    )


def time_index(timed: Sequence[Span], text: str) -> NotationError:
    """`h_t`: equations over time come later."""
    lines = text.split("\n")
    for span in reversed(timed):
        i = span.line.number - 1
        plain = re.sub(r"[^t0-9+-]", "", span.text) == "t"
        lines[i] = lines[i][: span.start] + ("" if plain else "_0") + lines[i][span.end :]
    return mistake(
        timed[0],
        message(N_("equations over time are not supported yet")),
        message(N_("names with no time index")),
        message(N_("write one step by itself: h instead of h_t, and h_0 for the step before")),
        Fix(whole="\n".join(lines)),
    )


# --- single characters


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
            return _write(span, letters[c], message(reason, c=c, latin=letters[c]))
    if c == "_":
        return _remove(span, message(N_("a subscript needs a name in front of it")))
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
    (":=", "=", N_("a definition is written with =")),
    ("<-", "=", N_("a definition is written with =")),
    ("←", "=", N_("a definition is written with =")),
    ("->", "=", N_("an arrow is not part of the notation: the result stands on the left of =")),
    ("→", "=", N_("an arrow is not part of the notation: the result stands on the left of =")),
    ("=>", "=", N_("an arrow is not part of the notation: the result stands on the left of =")),
    (";", "\n", N_("a line holds one equation: begin a new line instead of {c}")),
    ("×", "·", N_("{c} can mean several products")),
    ("÷", "/", N_("division is written with /")),
    ("∕", "/", N_("division is written with /")),
    ("'", "", N_("a prime is not part of the notation")),
    ("’", "", N_("a prime is not part of the notation")),
    ('"', "", N_("quotation marks are not part of the notation")),
)


def wrong_operator(line: Line, i: int) -> NotationError | None:
    """The mistake at this place, if one of the typical wrong operators stands there."""
    s = line.source
    for characters, right, reason in _WRONG:
        if s.startswith(characters, i):
            if characters in ("->", "→", "=>") and (error := _arrow(line, i, len(characters))) is not None:
                return error
            if characters == '"' and (j := s.find('"', i + 1)) > 0:
                whole = line.span(i, j + 1)
                return _write(whole, s[i + 1 : j], message(reason))
            return _wrong(line.span(i, i + len(characters)), right, reason)
    if s[i] in "+-*@" and s[i + 1 : i + 2] == "=" and s[i + 2 : i + 3] != "=":
        return _compound(line, i)
    if s[i] == "|" and s[i + 1 : i + 2] != "|":
        if (j := s.find("|", i + 1)) > 0:
            span = line.span(i, j + 1)
            return mistake(
                span,
                message(N_("single bars are not part of the notation")),
                message(N_("a norm, ‖w‖^2")),
                message(N_("write {this}"), this=f"‖{s[i + 1 : j]}‖"),
                span.replaced(f"‖{s[i + 1 : j]}‖"),
            )
        return unknown_character(line.span(i, i + 1))
    if s[i] == "." and not s[i + 1 :].strip() and not s[i + 1 : i + 2].isdigit():
        return _remove(line.span(i, i + 1), message(N_("an equation ends without a full stop")))
    if s[i] == "√":
        match = re.compile(r"√\s*([A-Za-z0-9_]+)?").match(s, i)
        inner = match[1] if match and match[1] else ""
        span = line.span(i, match.end() if inner and match else i + 1)
        return _write(span, f"sqrt({inner})" if inner else "sqrt", message(N_("a root is written sqrt(…)")))
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
        return mistake(span, error, None, message(N_("put each equation on a line of its own")), span.replaced(right))
    if not right:
        return _remove(span, error)
    if span.text in ("×",):
        help = message(N_("write · for the matrix product, or ⊙ for the product element by element"))
        return mistake(span, error, None, help, span.replaced(right))
    return _write(span, right, error)


def _compound(line: Line, i: int) -> NotationError:
    name = line.source[:i].strip()
    span = line.span(i, i + 2)
    return mistake(
        span,
        message(N_("a vertex gets its value once; {c} would change it"), c=span.text),
        None,
        message(N_("give the sum a name of its own: {this}"), this=f"{name}_2 = {name} {span.text[0]} …"),
        line.span(0, i + 2).replaced(f"{name}_2 = {name} {span.text[0]}"),
    )


def number_too_large(span: Span) -> NotationError:
    """A literal that is not a finite number, or an exponent that makes no sense."""
    return _write(span, "1" if span.text[0] != "^" else "^2", message(N_("this number is too large")))


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
        None,
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


# --- brackets


def too_deep(span: Span, limit: int) -> NotationError:
    """More brackets inside each other than the limit allows."""
    return mistake(
        span,
        message(N_("the brackets are nested too deeply")),
        message(N_("at most {limit} levels"), limit=limit),
        message(N_("give the inner part a name, in an equation of its own")),
        None,
    )


def never_closed(opened: Span, closing: str, end: Span) -> NotationError:
    """A bracket with no partner."""
    if end.end == opened.end:
        return _remove(opened, message(N_("this {c} opens nothing"), c=opened.text))
    if not closing:
        return mistake(
            opened,
            message(N_("this norm is never closed")),
            message(N_("a second {c}"), c="‖"),
            message(N_("write {c} at the end of the norm"), c="‖"),
            end.replaced("‖"),
        )
    right = "\\right" if opened.text.startswith("\\left") else ""
    return mistake(
        opened,
        message(N_("this {c} is never closed"), c=opened.text),
        message(N_("a {c} that closes it"), c=right + closing),
        message(N_("write {c} where it ends, for example at the end of the line"), c=right + closing),
        end.replaced(right + closing),
    )


def never_opened(span: Span) -> NotationError:
    """A closing bracket too many."""
    return _remove(span, message(N_("this {c} closes nothing"), c=span.text))


def wrong_partner(opened: Span, span: Span, closing: str) -> NotationError:
    """`(a]`."""
    return mistake(
        span,
        message(N_("{opened} is closed by {c}"), opened=opened.text, c=span.text),
        message(N_("a {c}"), c=closing),
        message(N_("write {this}"), this=closing),
        span.replaced(("\\right" if span.text.startswith("\\right") else "") + closing),
    )


def braces(span: Span) -> NotationError:
    """\\{ … \\}."""
    rest = span.line.source[span.end :]
    inner, closed, _ = rest.partition("\\}")
    whole = span.line.span(span.start, span.end + len(inner) + 2) if closed else span
    fixed = f"({inner})" if closed else "("
    return mistake(
        span,
        message(N_("braces are not part of the notation")),
        message(N_("parentheses")),
        message(N_("write {this}"), this=fixed),
        whole.replaced(fixed),
    )


def other_norm(span: Span) -> NotationError:
    """‖w‖_1."""
    return mistake(
        span,
        message(N_("this norm is not supported")),
        message(N_("‖w‖ or ‖W‖_F, the root of the sum of the squares")),
        message(N_("remove {this}"), this=span.text),
        span.replaced(""),
    )


# --- names and LaTeX


def unknown_command(span: Span, functions: Mapping[str, Any]) -> NotationError:
    """A LaTeX command that the notation does not know."""
    word = span.text[1:]
    fixed = {
        "times": r"\cdot",
        "div": "/",
        "leftarrow": "=",
        "gets": "=",
        "to": "=",
        "rightarrow": "=",
        "coloneqq": "=",
    }
    if word == "times":
        return mistake(
            span,
            message(N_("{c} can mean several products"), c=span.text),
            None,
            message(N_("write \\cdot for the matrix product, or \\odot for the product element by element")),
            span.replaced(fixed[word]),
        )
    reason = message(N_("the LaTeX command {c} is not part of the notation"), c=span.text)
    if word in fixed:
        return _write(span, fixed[word], reason)
    known = {*functions, *names.GREEK, *STYLES, *ACCENTS, *OPERATORS, "frac", "sqrt", "left", "right"}
    if near := closest(word, sorted(w for w in known if w.isascii())):
        return mistake(
            span,
            reason,
            None,
            message(N_("did you mean {this}?"), this=f"\\{near}"),
            span.replaced(f"\\{near}"),
        )
    return _remove(span, reason)


def missing_group(span: Span) -> NotationError:
    """\\frac, \\mathbf … with nothing in braces behind it."""
    command = span.text.split("{")[0].strip()
    example = {"\\frac": "\\frac{a}{b}", "\\begin": "\\begin{aligned}"}.get(command, f"{command}{{x}}")
    if command == "\\frac" and (m := re.compile(r"\s*(\w)\s*(\w)").match(span.line.source, span.end)):
        example, span = f"\\frac{{{m[1]}}}{{{m[2]}}}", span.line.span(span.start, m.end())
    return mistake(
        span,
        message(N_("{c} needs braces behind it"), c=command),
        message(N_("for example {this}"), this=example),
        message(N_("write {this}"), this=example),
        span.replaced(example),
    )


def not_a_name(span: Span) -> NotationError:
    """\\mathbf{…} with something in it that is not one name."""
    inner = span.text[span.text.find("{") + 1 : -1].strip() if "{" in span.text else "x"
    return mistake(
        span,
        message(N_("{this} does not hold a single name"), this=span.text),
        message(N_("a name in the braces, such as \\mathbf{{W}}")),
        message(N_("take the braces away: {this}"), this=inner),
        span.replaced(inner),
    )


def sizing_without_bracket(span: Span) -> NotationError:
    """\\left or \\big with no bracket behind it."""
    span = span.line.span(span.start, span.start + len(span.text.rstrip()))
    return _remove(
        span, message(N_("{c} has to stand in front of a bracket"), c=span.text), message(N_("( ) [ ] or \\|"))
    )


def bad_subscript(span: Span) -> NotationError:
    """A subscript that is empty or no name."""
    return _write(span, "_1", message(N_("this is not a subscript")), message(N_("letters or digits, W_1 or W_{{hf}}")))


def bad_exponent(span: Span) -> NotationError:
    """An exponent that is not a number."""
    base = span.line.source[: span.start].rstrip()
    expected = message(N_("a number as in ^2, or ^T"))
    text = span.text[1:].strip("{} ")
    if base.endswith("e") and not base[-2:-1].isalnum() and text:
        whole = span.line.span(len(base) - 1, span.end)
        return _write(whole, f"exp({text})", message(N_("the exponential function is written exp(…)")), expected)
    if (layer := re.fullmatch(r"\((\w+)\)", text)) is not None:
        return _write(
            span, f"^{{[{layer[1]}]}}", message(N_("an index above a name stands in square brackets")), expected
        )
    return _write(span, "^2", message(N_("an exponent has to be a number")), expected)


def unknown_function(span: Span, name: str, functions: Mapping[str, Any]) -> NotationError:
    """A name with a parenthesis behind it that is no function."""
    rest = re.compile(r"\([^()=]*\)(?=\s*=)").match(span.line.source, span.end)
    if rest and not span.line.source[: span.start].strip():
        return _bad_left(span.line.span(span.start, rest.end()), span.text)
    reason = message(N_("there is no function {name}"), name=span.text)
    words = sorted({_word(name) for name in functions})
    near = closest(name, words)
    if near and len(name) > 1:
        help = message(N_("did you mean {this}?"), this=near)
        return mistake(span, reason, None, help, span.replaced(near))
    if name in ("f", "g", "φ"):
        help = message(N_("name it: for example sigma, tanh or ReLU"))
        return mistake(span, reason, message(N_("the name of a function")), help, span.replaced("sigma"))
    return mistake(
        span,
        reason,
        message(N_("the name of a function")),
        message(N_("for a product, put a space in front of the parenthesis")),
        span.after().replaced(" "),
    )


def _word(name: str) -> str:
    return "sigma" if name == "σ" else name


# --- words in the wrong order


def check_words(words: Sequence[Word], functions: Mapping[str, Any], text: str) -> None:
    """Raises NotationError for an equation whose sides are wrong, before its expression is read."""
    depth, equals = 0, []
    for i, word in enumerate(words):
        depth += (word.type in ("OPEN", "NORM")) - (word.type in ("CLOSE", "END_NORM"))
        if word.type == "EQUALS" and not depth:
            equals.append(i)
        following = words[i + 1].type if i + 1 < len(words) else ""
        if word.type == "FUNCTION" and following != "OPEN":
            raise _function_alone(words, i, following)
    if not equals:
        raise _no_equals(words)
    if len(equals) > 1:
        raise _chained(words, equals)
    _check_left(words, equals[0])
    if equals[0] == len(words) - 1:
        last = words[-1].span
        raise mistake(
            last,
            message(N_("nothing stands on the right of =")),
            message(N_("an expression")),
            message(
                N_("write what {name} is, for example {this}"), name=words[0], this=f"{words[0].span.text} = tanh(x)"
            ),
            last.replaced("= tanh(x)"),
        )


def _function_alone(words: Sequence[Word], i: int, following: str) -> NotationError:
    word = words[i]
    span = word.span
    if following in ("NAME", "NUMBER", "FUNCTION", "NORM"):
        end = _operand_end(words, i + 1)
        while end + 1 < len(words) and words[end + 1].type in ("POWER", "TRANSPOSE"):
            end += 1
        argument = words[i + 1].span.to(words[end].span)
        return mistake(
            span.to(argument),
            message(N_("the argument of {name} stands in parentheses"), name=_word(word)),
            message(N_("( after {name}"), name=_word(word)),
            message(N_("write {this}"), this=f"{span.text}({argument.text})"),
            span.to(argument).replaced(f"{span.text}({argument.text})"),
        )
    return mistake(
        span,
        message(N_("{name} is a function and can not name a vertex"), name=_word(word)),
        message(N_("another name, or ( after {name}"), name=_word(word)),
        message(N_("give it a name of its own, such as {this}"), this=f"{span.text}_1"),
        span.replaced(f"{span.text}_1"),
    )


def _operand_end(words: Sequence[Word], i: int) -> int:
    """The last word of the operand that begins with word i: a name, a norm, or a function with its parentheses."""
    depth = 0
    for j in range(i, len(words)):
        depth += (words[j].type in ("OPEN", "NORM")) - (words[j].type in ("CLOSE", "END_NORM"))
        if not depth and words[j].type != "FUNCTION":
            return j
    return len(words) - 1


def _no_equals(words: Sequence[Word]) -> NotationError:
    whole = words[0].span.to(words[-1].span)
    if len(words) == 1 and words[0].type == "NAME":
        this, fix = f"{whole.text} = tanh(x)", whole.after().replaced(" = tanh(x)")
    else:
        this, fix = f"y = {whole.text}", whole.before().replaced("y = ")
    return mistake(
        whole,
        message(N_("this is not an equation: there is no =")),
        message(N_("name = expression")),
        message(N_("give the result a name: {this}"), this=this),
        fix,
    )


def _chained(words: Sequence[Word], equals: Sequence[int]) -> NotationError:
    first, second = equals[:2]
    span = words[second].span
    reason, expected = message(N_("a second = in one equation")), message(N_("one name and one expression"))
    if second == first + 2 and words[first + 1].type == "NAME" and second + 1 < len(words):
        drop = words[0].span.to(words[first].span)
        cut = drop.line.span(drop.start, words[first + 1].span.start)
        this = words[first + 1].span.to(words[-1].span).text
        return mistake(
            span, reason, expected, message(N_("keep one of the names: {this}"), this=this), cut.replaced("")
        )
    tail = span.to(words[-1].span)
    this = words[0].span.to(words[second - 1].span).text
    return mistake(span, reason, expected, message(N_("keep one expression: {this}"), this=this), tail.replaced(""))


def _check_left(words: Sequence[Word], equals: int) -> None:
    expected = message(N_("a single name on the left of ="))
    if not equals:
        span = words[0].span
        raise mistake(
            span,
            message(N_("nothing stands on the left of =")),
            expected,
            message(N_("give the result a name: {this}"), this="y ="),
            span.replaced("y ="),
        )
    if equals == 1 and words[0].type == "NAME":
        return
    left = words[0].span.to(words[equals - 1].span)
    if len(words) == equals + 2 and words[-1].type == "NAME":
        exchanged = f"{words[-1].span.text} = {left.text}"
        raise mistake(
            left,
            message(N_("{this} is not a name that can be defined"), this=left.text),
            expected,
            message(N_("exchange the sides: {this}"), this=exchanged),
            words[0].span.to(words[-1].span).replaced(exchanged),
        )
    name = next((w for w in words[:equals] if w.type == "NAME"), None)
    raise _bad_left(left, name.span.text if name is not None else "y")


def _bad_left(left: Span, name: str) -> NotationError:
    return mistake(
        left,
        message(N_("{this} is not a name that can be defined"), this=left.text),
        message(N_("a single name on the left of =")),
        message(N_("write {this}"), this=f"{name} = …"),
        left.replaced(name),
    )


def unexpected(words: Sequence[Word], i: int, functions: Mapping[str, Any]) -> NotationError:
    """What to say of word `i` (or of the end), which can not follow the words before it."""
    before, word = words[i - 1], words[i] if i < len(words) else None
    if before.type in _OPERATORS | {"EQUALS", "OPEN", "COMMA", "NORM"}:
        return _operand_missing(words, i, functions)
    if word is not None and word.type == "COMMA":
        return _comma(words, i)
    if word is not None and word.type == "EQUALS":
        return _equals_inside(words, i)
    if any(w.type == "FRAC" for w in words[:i]) and (word is None or before.span.text == "}"):
        return mistake(
            before.span,
            message(N_("\\frac has two groups in braces, and the second is missing")),
            message(N_("\\frac{{a}}{{b}}")),
            message(N_("write the part below the line, for example {this}"), this="{2}"),
            before.span.after().replaced("{2}"),
        )
    span = word.span if word is not None else before.span
    return _remove(span, message(N_("{c} can not stand here"), c=span.text))


def _operand_missing(words: Sequence[Word], i: int, functions: Mapping[str, Op]) -> NotationError:
    before, word = words[i - 1], words[i] if i < len(words) else None
    expected = message(N_("a name, a number, a function or ("))
    if before.type == "EQUALS" and i > 2:
        return _keyword_value(words, i)
    if before.type == "OPEN" and word is not None and word.type == "CLOSE":
        op = functions.get(words[i - 2]) if words[i - 2].type == "FUNCTION" else None
        if op is not None:
            return wrong_arity(words[i - 2].span.to(word.span), words[i - 2].span, op, ())
        return mistake(
            before.span.to(word.span),
            message(N_("nothing stands between the parentheses")),
            expected,
            message(N_("write what belongs there, for example {this}"), this=f"{before.span.text}x{word.span.text}"),
            before.span.after().replaced("x"),
        )
    if word is not None and word.type in ("POWER", "TRANSPOSE"):
        return mistake(
            word.span,
            message(N_("nothing stands in front of {c}"), c=word.span.text),
            expected,
            message(N_("write what it applies to, for example {this}"), this=f"x{word.span.text}"),
            word.span.before().replaced("x"),
        )
    if before.type == "NORM" and word is not None and word.type == "END_NORM":
        return mistake(
            before.span.to(word.span),
            message(N_("nothing stands between the bars")),
            expected,
            message(N_("write what belongs there, for example {this}"), this="‖w‖"),
            before.span.after().replaced("w"),
        )
    if word is not None and word.type == "MINUS" and before.type in ("DOT", "SLASH") and i + 1 < len(words):
        signed = word.span.to(words[i + 1].span)
        return mistake(
            word.span,
            message(N_("a minus behind {c} needs parentheses"), c=before.span.text),
            expected,
            message(N_("write {this}"), this=f"({signed.text})"),
            signed.replaced(f"({signed.text})"),
        )
    if word is not None and word.type not in ("CLOSE", "END_NORM", "EQUALS"):
        return _remove(
            word.span, message(N_("nothing stands between {a} and {b}"), a=before.span.text, b=word.span.text), expected
        )
    if word is not None and word.type == "EQUALS":
        return _remove(word.span, message(N_("= can not stand here")), expected)
    reason = message(N_("the right side of {c} is missing"), c=before.span.text)
    if before.type == "COMMA":
        reason = message(N_("nothing follows the comma"))
    span = before.span
    return _remove(span, reason, expected)


def _comma(words: Sequence[Word], i: int) -> NotationError:
    span, before = words[i].span, words[i - 1]
    following = words[i + 1] if i + 1 < len(words) else None
    if following is None:
        return _remove(span, message(N_("an equation ends without a comma")))
    if before.type == following.type == "NUMBER":
        number = before.span.to(following.span)
        return _write(number, f"{before}.{following}", message(N_("a decimal number is written with a point")), None)
    return mistake(
        span,
        message(N_("a comma separates the arguments of a function, and no function is called here")),
        message(N_("an operator")),
        message(N_("write + or another operator instead")),
        span.replaced(" +"),
    )


def _keyword_value(words: Sequence[Word], i: int) -> NotationError:
    """`sum(X, axis=a)`: word i should be a number."""
    key, word = words[i - 2], words[i] if i < len(words) else None
    empty = word is None or word.type in ("CLOSE", "COMMA")
    span = words[i - 1].span if empty else word.span  # type: ignore[union-attr]
    return mistake(
        span,
        message(N_("the value of {name} has to be a number"), name=key),
        message(N_("a number, as in axis=0")),
        message(N_("write {this}"), this=f"{key}=0"),
        (span.after() if empty else span).replaced("0"),
    )


def _equals_inside(words: Sequence[Word], i: int) -> NotationError:
    """`tanh((h = x W))`."""
    name = words[i - 1].type == "NAME" and words[i - 2].type in ("OPEN", "COMMA")
    span = words[i - 1].span.to(words[i].span) if name else words[i].span
    return _remove(span, message(N_("an equation can not stand inside parentheses")))


# --- calls


def wrong_arity(call: Span, function: Span, op: Op, operands: Sequence[Node]) -> NotationError:
    """Too many arguments, or too few."""
    reason = message(
        N_("{name} takes {n} arguments, not {given}")
        if op.arity != 1
        else N_("{name} takes one argument, not {given}"),
        name=op.function,
        n=op.arity,
        given=len(operands),
    )
    if len(operands) > op.arity:
        kept = operands[op.arity - 1].outer if op.arity else function
        extra = call.line.span(kept.end, operands[-1].outer.end)
        fixed = f"{call.line.source[call.start : extra.start]}{call.line.source[extra.end : call.end]}"
        return mistake(call, reason, None, message(N_("write {this}"), this=fixed), extra.replaced(""))
    missing = ", ".join(["y_true", "y"][: op.arity - len(operands)] if op.arity > 1 else ["x"])
    inside = operands[0].outer.before() if operands else call.line.span(call.end - 1, call.end - 1)
    extra = missing + (", " if operands else "")
    fixed = f"{call.line.source[call.start : inside.start]}{extra}{call.line.source[inside.start : call.end]}"
    return mistake(call, reason, None, message(N_("write for example {this}"), this=fixed), inside.replaced(extra))


def keyword_first(span: Span) -> NotationError:
    """`sum(axis=0, X)`."""
    match = re.compile(r"\s*=\s*[-−]?\s*[\w.]+\s*,\s*").match(span.line.source, span.end)
    whole = span.line.span(span.start, match.end() if match else span.end)
    return mistake(
        span,
        message(N_("{name}=… has to stand behind the other arguments"), name=span.text),
        message(N_("an argument")),
        message(N_("move it to the end, or leave it out")),
        whole.replaced(""),
    )


def unknown_attribute(span: Span, key: str, op: Op, twice: bool, alone: bool) -> NotationError:
    """`tanh(x, axis=0)`, `sum(X, axes=0)`."""
    source = span.line.source
    comma = source.rfind(",", 0, span.start)
    whole = span.line.span(comma if comma >= 0 else span.start, span.end)
    if twice:
        return _remove(whole, message(N_("{key} is given twice"), key=key))
    reason = message(N_("{name} has no setting {key}"), name=op.function, key=key)
    if alone:
        value = re.sub(r"^.*?=\s*", "", span.text)
        return _write(span, value, reason, message(N_("an argument")))
    if near := closest(key, op.attributes):
        fixed = span.text.replace(key, near, 1)
        return mistake(span, reason, None, message(N_("did you mean {this}?"), this=fixed), span.replaced(fixed))
    return mistake(span, reason, None, message(N_("remove {this}"), this=whole.text.lstrip(", ")), whole.replaced(""))


def attribute_value(key: str, text: str, negative: bool, span: Span) -> int | float:
    """The value of a keyword argument; an axis has to be a whole number. Raises NotationError."""
    value = float(text) * (-1 if negative else 1)
    if value == int(value) and "." not in text and abs(value) < 1e6:
        return int(value)
    if key == "axis":
        raise _write(span, "0", message(N_("an axis is a whole number, counted from 0")))
    return value

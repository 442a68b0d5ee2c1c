"""Words in an order that is no equation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ...errors import N_, NotationError, message
from ...op import Op
from ..spans import Span
from .calls import wrong_arity
from .common import mistake, remove, spoken, write

if TYPE_CHECKING:
    from ..word import Word

# Words that an operand can end with.
_ENDS = frozenset(["NAME", "NUMBER", "CLOSE", "END_NORM", "TRANSPOSE", "POWER"])
_OPENING = frozenset(["OPEN", "NORM", "BAR", "LANGLE", "CASES", "MATRIX"])
_CLOSING = frozenset(["CLOSE", "END_NORM", "END_BAR", "RANGLE", "END_CASES", "END_MATRIX"])
_OPERATORS = frozenset(["PLUS", "MINUS", "ODOT", "OVER", "DOT", "SLASH"])


def check_words(words: Sequence[Word], functions: Mapping[str, Op], text: str) -> None:
    """Raises NotationError for an equation whose sides are wrong, before its expression is read."""
    depth, equals = 0, []
    for i, word in enumerate(words):
        depth += (word.type in _OPENING) - (word.type in _CLOSING)
        if word.type == "EQUALS" and not depth:
            equals.append(i)
        following = words[i + 1].type if i + 1 < len(words) else ""
        if word.type == "FUNCTION" and following not in ("OPEN", "POWER"):
            raise _function_alone(words, i, following)
    if not equals:
        raise _no_equals(words)
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
            message(N_("the argument of {name} stands in parentheses"), name=spoken(word)),
            message(N_("( after {name}"), name=spoken(word)),
            message(N_("write {this}"), this=f"{span.text}({argument.text})"),
            span.to(argument).replaced(f"{span.text}({argument.text})"),
        )
    return mistake(
        span,
        message(N_("{name} is a function and can not name a vertex"), name=spoken(word)),
        message(N_("another name, or ( after {name}"), name=spoken(word)),
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
    raise bad_left(left, name.span.text if name is not None else "y")


def bad_left(left: Span, name: str) -> NotationError:
    return mistake(
        left,
        message(N_("{this} is not a name that can be defined"), this=left.text),
        message(N_("a single name on the left of =")),
        message(N_("write {this}"), this=f"{name} = …"),
        left.replaced(name),
    )


def unexpected(words: Sequence[Word], i: int, functions: Mapping[str, Op]) -> NotationError:
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
    return remove(
        span, message(N_("{c} can not stand here"), c=span.text), message(N_("an operator, or the end of the line"))
    )


def _operand_missing(words: Sequence[Word], i: int, functions: Mapping[str, Op]) -> NotationError:
    before, word = words[i - 1], words[i] if i < len(words) else None
    expected = message(N_("a name, a number, a function or ("))
    if before.type == "EQUALS" and word is None and i > 2:
        return remove(before.span, message(N_("nothing stands on the right of =")), message(N_("an expression")))
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
        return remove(
            word.span, message(N_("nothing stands between {a} and {b}"), a=before.span.text, b=word.span.text), expected
        )
    if word is not None and word.type == "EQUALS":
        return remove(word.span, message(N_("= can not stand here")), expected)
    reason = message(N_("the right side of {c} is missing"), c=before.span.text)
    if before.type == "COMMA":
        reason = message(N_("nothing follows the comma"))
    span = before.span
    return remove(span, reason, expected)


def _comma(words: Sequence[Word], i: int) -> NotationError:
    span, before = words[i].span, words[i - 1]
    following = words[i + 1] if i + 1 < len(words) else None
    if following is None:
        return remove(span, message(N_("an equation ends without a comma")), message(N_("the end of the line")))
    if before.type == following.type == "NUMBER":
        number = before.span.to(following.span)
        return write(number, f"{before}.{following}", message(N_("a decimal number is written with a point")), None)
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
    return remove(span, message(N_("an equation can not stand inside parentheses")), message(N_("an expression")))

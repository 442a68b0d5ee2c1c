"""Typical mistakes in the text of equations: what is said of each, and the fix that is offered."""

from .brackets import braces, never_closed, never_opened, other_norm, too_deep, wrong_partner
from .calls import attribute_value, keyword_first, unknown_attribute, wrong_arity
from .characters import (
    SUSPICIOUS,
    lopsided_slash,
    number_too_large,
    two_numbers,
    unclear_division,
    unknown_character,
    wrong_operator,
)
from .common import closest, mistake
from .naming import (
    bad_exponent,
    bad_subscript,
    missing_group,
    not_a_name,
    sizing_without_bracket,
    unknown_command,
    unknown_function,
)
from .order import check_words, unexpected
from .text import check_text, no_equation
from .timing import minus_in_the_index

__all__ = [
    "SUSPICIOUS",
    "attribute_value",
    "bad_exponent",
    "bad_subscript",
    "braces",
    "check_text",
    "check_words",
    "closest",
    "keyword_first",
    "lopsided_slash",
    "minus_in_the_index",
    "missing_group",
    "mistake",
    "never_closed",
    "never_opened",
    "no_equation",
    "not_a_name",
    "number_too_large",
    "other_norm",
    "sizing_without_bracket",
    "too_deep",
    "two_numbers",
    "unclear_division",
    "unexpected",
    "unknown_attribute",
    "unknown_character",
    "unknown_command",
    "unknown_function",
    "wrong_arity",
    "wrong_operator",
    "wrong_partner",
]

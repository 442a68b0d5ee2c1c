"""The table of mistakes over time: the text, what is said of it, the text or the shapes after the help, and more that is
given."""

from typing import Any

# Given beside every text, unless a row brings its own; T stands among the shapes.
SHAPES: dict[str, Any] = {
    "x": (3, 4),
    "y_true": (3, 3),
    "W": (4, 3),
    "U": (3, 3),
    "V": (3, 2),
    "b": (3,),
}

# (text, message, corrected text or shapes, further shapes; None takes one away)
TIME: list[tuple[Any, ...]] = [
    (
        "h_t = tanh(x_t W + h_t-1 U)\nh_0 = 0",
        """
        line 1: h_t = tanh(x_t W + h_t-1 U)
                                   ^^^^^
        this is h_t minus a number, or an index without its braces
        expected: h_{t-1} for an earlier step, spaces around a minus
        help: write h_{t-1}
        """,
        "h_t = tanh(x_t W + h_{t-1} U)\nh_0 = 0",
        {},
    ),
    (
        "h_t = tanh(x_t W + h_(t-1) U)\nh_0 = 0",
        """
        line 1: h_t = tanh(x_t W + h_(t-1) U)
                                    ^^^^^^
        a subscript stands in braces
        expected: _{t-1}
        help: write _{t-1}
        """,
        "h_t = tanh(x_t W + h_{t-1} U)\nh_0 = 0",
        {},
    ),
    (
        "h_t = f_h(x_t W)",
        """
        line 1: h_t = f_h(x_t W)
                      ^^^
        there is no function f_h
        expected: a function that the text defines or the notation has, or a known name for a product
        help: define it in a line of its own: f_h(x) = …
        """,
        None,
        {},
    ),
    (
        "h_t = tanh(x_t W + h_{t-1} U)\nh_0 = 0",
        """
        line 1: h_t = tanh(x_t W + h_{t-1} U)
                ^^^
        the number of time steps T is not known
        expected: a size T, or a sequence whose shape begins with the number of steps
        help: say it behind the equation: t = 1..3
        """,
        "h_t = tanh(x_t W + h_{t-1} U), t = 1..3\nh_0 = 0",
        {"x": None, "y_true": None},
    ),
    (
        "h_t = tanh(x_t W + h_{t-1} U)",
        """
        line 1: h_t = tanh(x_t W + h_{t-1} U)
                                   ^^^^^^^
        at t = 1 this is h_0, which is not known
        expected: a start for the step before the first
        help: add a line: h_0 = 0
        """,
        "h_t = tanh(x_t W + h_{t-1} U)\nh_0 = 0",
        {},
    ),
    (
        r"\mathbf{h}_t &= tanh(x_t W + \mathbf{h}_{t-1} U), \quad t = 1, \ldots, 3 \\",
        r"""
        line 1: \mathbf{h}_t &= tanh(x_t W + \mathbf{h}_{t-1} U), \quad t = 1, \ldots, 3 \\
                                             ^^^^^^^^^^^^^^^^
        at t = 1 this is h_0, which is not known
        expected: a start for the step before the first
        help: add a line: h_0 = 0
        """,
        "\\mathbf{h}_t &= tanh(x_t W + \\mathbf{h}_{t-1} U), \\quad t = 1, \\ldots, 3 \\\\\nh_0 = 0",
        {},
    ),
    (
        "h_t = tanh(x_t W + h_{t+1} U)\nh_0 = 0",
        """
        line 1: h_t = tanh(x_t W + h_{t+1} U)
                                   ^^^^^^^
        h_{t+1} lies in the future: at step t it is not known yet
        expected: this step or an earlier one
        help: for another step write for example h_{t-1}
        """,
        None,
        {},
    ),
    (
        "h_t = tanh(x_{t+1} W)",
        """
        line 1: h_t = tanh(x_{t+1} W)
                           ^^^^^^^
        x_{t+1} lies in the future: at step t it is not known yet
        expected: this step or an earlier one
        help: for another step write for example x_t
        """,
        None,
        {},
    ),
    (
        "h_{t+1} = tanh(x_t W + h_t U)\nh_0 = 0",
        """
        line 1: h_{t+1} = tanh(x_t W + h_t U)
                ^^^^^^^
        an equation over time says what a name is at step t, not at another one
        expected: h_t
        help: shift the whole equation: h_t = tanh(x_t W + h_{t-1} U)
        """,
        "h_t = tanh(x_t W + h_{t-1} U)\nh_0 = 0",
        {},
    ),
    (
        "h_t = tanh(x_t W)\ny = h_t V",
        """
        line 2: y = h_t V
                    ^^^
        h_t changes with t, and y has no time index
        expected: _t on the left too, or a sum or mean over all steps
        help: for a value at every step write y_t =
        """,
        None,
        {},
    ),
    (
        "h = tanh(x_t W + h_{t-1} U)\nh_0 = 0",
        """
        line 1: h = tanh(x_t W + h_{t-1} U)
                         ^^^
        x_t changes with t, and h has no time index
        expected: _t on the left too, or a sum or mean over all steps
        help: for a value at every step write h_t =
        """,
        None,
        {},
    ),
    (
        "h_t = tanh(x_t W)\nloss = BCE(y_true_t, h_t)",
        """
        line 2: loss = BCE(y_true_t, h_t)
                       ^^^^^^^^^^^^^^^^^^
        y_true_t changes with t, and loss has no time index
        expected: _t on the left too, or a sum or mean over all steps
        help: for the mean over all steps write mean(…)
        """,
        None,
        {},
    ),
    (
        "h_t = tanh(x_t W_t)",
        """
        line 1: h_t = tanh(x_t W_t)
                               ^^^
        W_t has no equation, and a parameter is the same at every step
        expected: a sequence that has an equation or is fed, such as x_t or y_true_t
        help: give W the shape (T, …) if it is fed, or leave the index out if it is a parameter
        """,
        None,
        {},
    ),
    (
        "h_t = tanh(x_t W)\ny_t = h V",
        """
        line 2: y_t = h V
                      ^
        h is a sequence: it needs a time index
        expected: h_t at each step, h_T at the last one
        help: write h_t
        """,
        "h_t = tanh(x_t W)\ny_t = h_t V",
        {},
    ),
    (
        "h_t = tanh(x_t W)\ny = h V",
        """
        line 2: y = h V
                    ^
        h is a sequence: it needs a time index
        expected: h_t at each step, h_T at the last one
        help: write h_T
        """,
        "h_t = tanh(x_t W)\ny = h_T V",
        {},
    ),
    (
        "h_t = tanh(x_t W)\nx = 3",
        """
        line 2: x = 3
                ^
        x is a sequence: it needs a time index
        expected: x_t at each step, x_T at the last one
        help: give it a name of its own, such as xa
        """,
        "h_t = tanh(x_t W)\nxa = 3",
        {},
    ),
    (
        "h_t = tanh(x_t W)\ny_t = h_T V",
        """
        line 2: y_t = h_T V
                      ^^^
        h_T is known only after the last step
        expected: this step or an earlier one
        help: write h_t
        """,
        "h_t = tanh(x_t W)\ny_t = h_t V",
        {},
    ),
    (
        "h_t = tanh(x_t W)\ny = g_T V",
        """
        line 2: y = g_T V
                    ^^^
        g_T has no equation: nothing says what g_t is
        expected: the last of a sequence: h_T, x_T
        help: did you mean h_T?
        """,
        "h_t = tanh(x_t W)\ny = h_T V",
        {},
    ),
    (
        "h_t = tanh(x_t W)\nh_T = tanh(b)",
        """
        line 2: h_T = tanh(b)
                ^^^
        h_T is h_t at the last step already
        expected: a name that is not in use
        help: give it a name of its own, such as h_end
        """,
        "h_t = tanh(x_t W)\nh_end = tanh(b)",
        {},
    ),
    (
        "h_t = tanh(x_t W)\nh_1 = tanh(b)\ny = h_1 V",
        """
        line 2: h_1 = tanh(b)
                ^^^
        h_1 is the name of h_t at t = 1
        expected: a name that no step has
        help: if another value is meant, give it another name, such as ha
        """,
        "h_t = tanh(x_t W)\nha = tanh(b)\ny = ha V",
        {},
    ),
    (
        "h_t = tanh(x_t W + h_t U)\nh_0 = 0",
        """
        line 1: h_t = tanh(x_t W + h_t U)
                                   ^^^
        h_t is used in its own definition
        expected: this step's names that are defined above, or an earlier step
        help: for the step before, write h_{t-1}
        """,
        "h_t = tanh(x_t W + h_{t-1} U)\nh_0 = 0",
        {},
    ),
    (
        "h_t = tanh(x_t W + h_{t+1} U)",
        """
        line 1: h_t = tanh(x_t W + h_{t+1} U)
                                   ^^^^^^^
        at t = T this is h_{T+1}, which is not known
        expected: an end for the step behind the last
        help: add a line: h_{T+1} = 0
        """,
        "h_t = tanh(x_t W + h_{t+1} U)\nh_{T+1} = 0",
        {},
    ),
    (
        "h_t = tanh(h_{t+1} ⊙ y_true_t), t = 1..S",
        """
        line 1: h_t = tanh(h_{t+1} ⊙ y_true_t), t = 1..S
                           ^^^^^^^
        at t = S this is h_{S+1}, which is not known
        expected: an end for the step behind the last
        help: add a line: h_{S+1} = 0
        """,
        "h_t = tanh(h_{t+1} ⊙ y_true_t), t = 1..S\nh_{S+1} = 0",
        {},
    ),
    (
        "h_t = tanh(x_t W)\ng_t = tanh(g_{t-1} + y_true_t)\ng_0 = h_S",
        """
        line 3: g_0 = h_S
                      ^^^
        h_t has another length: its last step is h_T
        expected: h_T
        help: write h_T
        """,
        "h_t = tanh(x_t W)\ng_t = tanh(g_{t-1} + y_true_t)\ng_0 = h_T",
        {"y_true": ("S", 3), "S": 5},
    ),
    (
        "h_t = tanh(x_t W + h_T U)\nh_0 = 0",
        """
        line 1: h_t = tanh(x_t W + h_T U)
                                   ^^^
        h_T is known only after the last step
        expected: this step or an earlier one
        help: write h_{t-1}
        """,
        "h_t = tanh(x_t W + h_{t-1} U)\nh_0 = 0",
        {},
    ),
    (
        "h_t = tanh(g_t U)\ng_t = tanh(h_t)\ng_0 = 0",
        """
        line 1: h_t = tanh(g_t U)
                           ^^^
        h_t and g_t need each other
        expected: this step's names that are defined above, or an earlier step
        help: for the step before, write g_{t-1}
        """,
        "h_t = tanh(g_{t-1} U)\ng_t = tanh(h_t)\ng_0 = 0",
        {"T": 3},
    ),
    (
        "h_t = tanh(x_t W)\nh_t = tanh(x_t)",
        """
        line 2: h_t = tanh(x_t)
                ^^^
        h_t is defined in line 1 already
        expected: a name that is not in use
        help: give it a name of its own, such as h2_t
        """,
        "h_t = tanh(x_t W)\nh2_t = tanh(x_t)",
        {},
    ),
    (
        "h_t = tanh(x_t W), t = 1..4",
        """
        line 1: h_t = tanh(x_t W), t = 1..4
                                   ^^^^^^^^
        this says 4 steps, and there are 3
        expected: t = 1..3
        help: write t = 1..3
        """,
        "h_t = tanh(x_t W), t = 1..3",
        {"T": 3},
    ),
    (
        "h_t = tanh(x_t W), t = 1..0",
        """
        line 1: h_t = tanh(x_t W), t = 1..0
                                   ^^^^^^^^
        the number of time steps T is 0
        expected: whole numbers from 1 on
        help: write t = 1..3
        """,
        "h_t = tanh(x_t W), t = 1..3",
        {"x": None, "y_true": None},
    ),
    (
        "h_t = tanh(x_t W) ⊙ y_true_t",
        """
        line 1: h_t = tanh(x_t W) ⊙ y_true_t
                                    ^^^^^^^^
        y_true has 5 steps, and x has 3
        expected: sequences of one length
        help: give y_true the shape (3, 3)
        """,
        {"y_true": (3, 3)},
        {"y_true": (5, 3)},
    ),
    (
        "h_t = tanh(x_t W)",
        """
        line 1: h_t = tanh(x_t W)
                           ^^^^^
        x_t W: inner sizes differ: x_t is (5,), W is (4, 3)
        help: W needs 5 rows
        """,
        {"W": (5, 3)},
        {"x": (3, 5)},
    ),
    (
        "h_t = tanh(x_t W)\ny = h_T U",
        """
        line 1: h_t = tanh(x_t W)
                           ^^^
        x has 4 steps, and T is 3
        expected: sequences of one length
        help: give x the shape (3, 4)
        """,
        {"x": (3, 4)},
        {"x": (4,), "T": 3},
    ),
    (
        "h_t = tanh(x_t W)\ny = mean(h_t, axis=1)",
        """
        line 2: y = mean(h_t, axis=1)
                    ^^^^^^^^^^^^^^^^^
        mean(h_t, axis=1): over time only axis=0 can be taken, which is time itself: h_1 is (3,)
        help: leave axis out
        """,
        "h_t = tanh(x_t W)\ny = mean(h_t)",
        {},
    ),
    (
        "h_t = tanh(x_t A)",
        """
        line 1: h_t = tanh(x_t A)
                               ^
        the shape of A can not be inferred
        help: give it, for example A: (4, 4)
        """,
        {"A": (4, 4)},
        {},
    ),
    (
        "h_t = tanh(q_t A)",
        """
        line 1: h_t = tanh(q_t A)
                           ^^^
        q_t has no equation, and a parameter is the same at every step
        expected: a sequence that has an equation or is fed, such as x_t or y_true_t
        help: give q the shape (T, …) if it is fed, or leave the index out if it is a parameter
        """,
        None,
        {"q": (4,), "A": (4, 3), "T": 3},
    ),
]

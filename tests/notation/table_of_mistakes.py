"""The table of typical mistakes: the text, what is said of it, and the text or the shapes after the help is applied.

None where the help is words: nothing that could be done keeps the meaning of the text.
"""

from typing import Any

# Shapes that are declared beside every text, unless a row brings its own.
SHAPES: dict[str, Any] = {
    "x": (4,),
    "X": (5, 4),
    "W": (4, 3),
    "W_1": (4, 3),
    "b": (3,),
    "b_1": (3,),
    "w": (4,),
    "a": (),
    "c": (),
    "z": (3,),
    "h_0": (3,),
    "V": (3, 2),
}

# (text, message, corrected text or shapes[, further shapes])
NOTATION: list[tuple[Any, ...]] = [
    (
        "",
        """
        line 1:
                ^
        there is no equation
        expected: one equation a line, name = expression
        help: write for example y = sigma(x w^T + b)
        """,
        "y = sigma(x w^T + b)",
    ),
    (
        "tanh(x W + b)",
        """
        line 1: tanh(x W + b)
                ^^^^^^^^^^^^^
        this is not an equation: there is no =
        expected: name = expression
        help: give the result a name: y = tanh(x W + b)
        """,
        "y = tanh(x W + b)",
    ),
    (
        "h",
        """
        line 1: h
                ^
        this is not an equation: there is no =
        expected: name = expression
        help: give the result a name: h = tanh(x)
        """,
        "h = tanh(x)",
    ),
    (
        "= tanh(x W)",
        """
        line 1: = tanh(x W)
                ^
        nothing stands on the left of =
        expected: a single name on the left of =
        help: give the result a name: y =
        """,
        "y = tanh(x W)",
    ),
    (
        "h =",
        """
        line 1: h =
                  ^
        nothing stands on the right of =
        expected: an expression
        help: write what h is, for example h = tanh(x)
        """,
        "h = tanh(x)",
    ),
    (
        "h == tanh(x W)",
        """
        line 1: h == tanh(x W)
                  ^^
        an equation has a single equals sign
        expected: =
        help: write =
        """,
        "h = tanh(x W)",
    ),
    (
        "h = tanh(x W) = z",
        """
        line 1: h = tanh(x W) = z
                                ^
        this is not equal to the expression before it
        expected: another way to write the same value
        help: write it as an equation of its own, or correct one of the two
        """,
        None,
    ),
    (
        "tanh(x W) -> h",
        """
        line 1: tanh(x W) -> h
                          ^^
        an arrow is not part of the notation: the result stands on the left of =
        expected: name = expression
        help: write h = tanh(x W)
        """,
        "h = tanh(x W)",
    ),
    (
        "h <- tanh(x W)",
        """
        line 1: h <- tanh(x W)
                  ^^
        a definition is written with =
        expected: =
        help: write =
        """,
        "h = tanh(x W)",
    ),
    (
        "h → tanh(x W)",
        """
        line 1: h → tanh(x W)
                  ^
        an arrow is not part of the notation: the result stands on the left of =
        expected: =
        help: write =
        """,
        "h = tanh(x W)",
    ),
    (
        "h + b = tanh(x W)",
        """
        line 1: h + b = tanh(x W)
                ^^^^^
        h + b is not a name that can be defined
        expected: a single name on the left of =
        help: write h = …
        """,
        "h = tanh(x W)",
    ),
    (
        "2 = tanh(x W)",
        """
        line 1: 2 = tanh(x W)
                ^
        2 is not a name that can be defined
        expected: a single name on the left of =
        help: write y = …
        """,
        "y = tanh(x W)",
    ),
    (
        "h = x W; y = tanh(h)",
        """
        line 1: h = x W; y = tanh(h)
                       ^
        a line holds one equation: begin a new line instead of ;
        expected: one equation a line
        help: put each equation on a line of its own
        """,
        "h = x W\n y = tanh(h)",
    ),
    (
        "z += x W",
        """
        line 1: z += x W
                  ^^
        a vertex gets its value once; += would change it
        expected: name = expression
        help: give the sum a name of its own: z_2 = z + …
        """,
        "z_2 = z + x W",
    ),
    (
        "h = x ** 2",
        """
        line 1: h = x ** 2
                      ^^
        ** is not part of the notation: a power is written with ^
        expected: ^
        help: write ^
        """,
        "h = x ^ 2",
    ),
    (
        "h = x W +",
        """
        line 1: h = x W +
                        ^
        the right side of + is missing
        expected: a name, a number, a function or (
        help: remove +
        """,
        "h = x W ",
    ),
    (
        "h = * x W",
        """
        line 1: h = * x W
                    ^
        nothing stands between = and *
        expected: a name, a number, a function or (
        help: remove *
        """,
        "h =  x W",
    ),
    (
        "h = (x W + ) a",
        """
        line 1: h = (x W + ) a
                         ^
        the right side of + is missing
        expected: a name, a number, a function or (
        help: remove +
        """,
        "h = (x W  ) a",
    ),
    (
        "h = a ÷ c",
        """
        line 1: h = a ÷ c
                      ^
        division is written with /
        expected: /
        help: write /
        """,
        "h = a / c",
    ),
    (
        "h = a / 2 x",
        """
        line 1: h = a / 2 x
                    ^^^^^^^
        it is not clear whether all of 2 x is below the line
        expected: a/b c, or a / (b c)
        help: write a/2 x or a / (2 x)
        """,
        "h = a / (2 x)",
    ),
    (
        "h = x · -W",
        """
        line 1: h = x · -W
                        ^
        a minus behind · needs parentheses
        expected: a name, a number, a function or (
        help: write (-W)
        """,
        "h = x · (-W)",
    ),
    (
        "h = x W ·",
        """
        line 1: h = x W ·
                        ^
        the right side of · is missing
        expected: a name, a number, a function or (
        help: remove ·
        """,
        "h = x W ",
    ),
    (
        "h = ^2",
        """
        line 1: h = ^2
                    ^^
        nothing stands in front of ^2
        expected: a name, a number, a function or (
        help: write what it applies to, for example x^2
        """,
        "h = x^2",
    ),
    (
        "h = x ⊙ ⊙ w",
        """
        line 1: h = x ⊙ ⊙ w
                        ^
        nothing stands between ⊙ and ⊙
        expected: a name, a number, a function or (
        help: remove ⊙
        """,
        "h = x ⊙  w",
    ),
    (
        "h = x^",
        """
        line 1: h = x^
                     ^
        this exponent can not be read
        expected: a number as in ^2, or ^T
        help: write x^2 for a power, x^n with a name, or W^{(1)} for an index
        """,
        None,
    ),
    (
        "h = x^{99999}",
        """
        line 1: h = x^{99999}
                     ^^^^^^^^
        this number is too large
        expected: an exponent of at most 1000
        help: write ^2
        """,
        "h = x^2",
    ),
    (
        "h = tanh(x W + b",
        """
        line 1: h = tanh(x W + b
                        ^
        this ( is never closed
        expected: a ) that closes it
        help: write ) where it ends, for example at the end of the line
        """,
        "h = tanh(x W + b)",
    ),
    (
        "h = tanh(x W + b))",
        """
        line 1: h = tanh(x W + b))
                                 ^
        this ) closes nothing
        expected: an operator, or the end of the line
        help: remove )
        """,
        "h = tanh(x W + b)",
    ),
    (
        "h = (x W] + b",
        """
        line 1: h = (x W] + b
                        ^
        ( is closed by ]
        expected: a )
        help: write )
        """,
        "h = (x W) + b",
    ),
    (
        "h = tanh()",
        """
        line 1: h = tanh()
                    ^^^^^^
        tanh takes one argument, not 0
        expected: tanh(a)
        help: write for example tanh(x)
        """,
        "h = tanh(x)",
    ),
    (
        "h = a ‖w‖^2 + ‖w",
        """
        line 1: h = a ‖w‖^2 + ‖w
                              ^
        this norm is never closed
        expected: a second ‖
        help: write ‖ at the end of the norm
        """,
        "h = a ‖w‖^2 + ‖w‖",
    ),
    (
        "h = ‖‖^2",
        """
        line 1: h = ‖‖^2
                    ^^
        nothing stands between the bars
        expected: a name, a number, a function or (
        help: write what belongs there, for example ‖w‖
        """,
        "h = ‖w‖^2",
    ),
    (
        "h = {x W",
        """
        line 1: h = {x W
                    ^
        this { is never closed
        expected: a } that closes it
        help: write } where it ends, for example at the end of the line
        """,
        "h = {x W}",
    ),
    (
        r"h = \left(x W + b",
        r"""
        line 1: h = \left(x W + b
                    ^^^^^^
        this \left( is never closed
        expected: a \right) that closes it
        help: write \right) where it ends, for example at the end of the line
        """,
        r"h = \left(x W + b\right)",
    ),
    (
        r"h = \left( x W \right] + b",
        r"""
        line 1: h = \left( x W \right] + b
                               ^^^^^^^
        \left( is closed by \right]
        expected: a )
        help: write )
        """,
        r"h = \left( x W \right) + b",
    ),
    (
        r"h = \left x W",
        r"""
        line 1: h = \left x W
                    ^^^^^
        \left has to stand in front of a bracket
        expected: ( ) [ ] or \|
        help: remove \left
        """,
        "h =  x W",
    ),
    (
        "y = f(x W)",
        """
        line 1: y = f(x W)
                    ^
        there is no function f
        expected: a function that the text defines or the notation has, or a known name for a product
        help: define it in a line of its own: f(x) = …
        """,
        None,
    ),
    (
        "h = tahn(x W)",
        """
        line 1: h = tahn(x W)
                    ^^^^
        there is no function tahn
        expected: a function that the text defines or the notation has, or a known name for a product
        help: did you mean tanh?
        """,
        "h = tanh(x W)",
    ),
    (
        "loss = BCE(y)",
        """
        line 1: loss = BCE(y)
                       ^^^^^^
        BCE takes 2 arguments, not 1
        expected: BCE(a, b)
        help: write for example BCE(y_true, y)
        """,
        "loss = BCE(y_true, y)",
        {"y": ()},
    ),
    (
        "h = tanh(x W, b)",
        """
        line 1: h = tanh(x W, b)
                    ^^^^^^^^^^^^
        tanh takes one argument, not 2
        expected: tanh(a)
        help: write tanh(x W)
        """,
        "h = tanh(x W)",
    ),
    (
        "loss = BCE()",
        """
        line 1: loss = BCE()
                       ^^^^^
        BCE takes 2 arguments, not 0
        expected: BCE(a, b)
        help: write for example BCE(y_true, y)
        """,
        "loss = BCE(y_true, y)",
        {"y": ()},
    ),
    (
        "h = sum(X, axes=0)",
        """
        line 1: h = sum(X, axes=0)
                           ^^^^^^
        sum has no setting axes
        expected: the settings axis
        help: did you mean axis=0?
        """,
        "h = sum(X, axis=0)",
    ),
    (
        "h = tanh(x, axis=0)",
        """
        line 1: h = tanh(x, axis=0)
                            ^^^^^^
        tanh has no setting axis
        expected: no settings
        help: remove axis=0
        """,
        "h = tanh(x)",
    ),
    (
        "h = sum(X, axis=a)",
        """
        line 1: h = sum(X, axis=a)
                                ^
        the value of axis has to be a number
        expected: a number, as in axis=0
        help: write axis=0
        """,
        "h = sum(X, axis=0)",
    ),
    (
        "h = sum(axis=0, X)",
        """
        line 1: h = sum(axis=0, X)
                        ^^^^
        axis=… has to stand behind the other arguments
        expected: an argument
        help: move it to the end, or leave it out
        """,
        "h = sum(X)",
    ),
    (
        "h = sum(X, axis=0.5)",
        """
        line 1: h = sum(X, axis=0.5)
                                ^^^
        an axis is a whole number, counted from 0
        expected: a whole number
        help: write 0
        """,
        "h = sum(X, axis=0)",
    ),
    (
        "h = sum(X, axis=0, axis=1)",
        """
        line 1: h = sum(X, axis=0, axis=1)
                                 ^^^^^^^^
        axis is given twice
        expected: each setting once
        help: remove , axis=1
        """,
        "h = sum(X, axis=0)",
    ),
    (
        "h = tanh(b = 2)",
        """
        line 1: h = tanh(b = 2)
                         ^^^^^
        tanh has no setting b
        expected: an argument
        help: write 2
        """,
        "h = tanh(2)",
    ),
    (
        "h = sum(X, , axis=0)",
        """
        line 1: h = sum(X, , axis=0)
                           ^
        nothing stands between , and ,
        expected: a name, a number, a function or (
        help: remove ,
        """,
        "h = sum(X,  axis=0)",
    ),
    (
        "h = tanh(x W,)",
        """
        line 1: h = tanh(x W,)
                            ^
        nothing follows the comma
        expected: a name, a number, a function or (
        help: remove ,
        """,
        "h = tanh(x W)",
    ),
    (
        "h = 0,5 x",
        """
        line 1: h = 0,5 x
                    ^^^
        a decimal number is written with a point
        expected: 0.5
        help: write 0.5
        """,
        "h = 0.5 x",
    ),
    (
        "h = (a, c) + b",
        """
        line 1: h = (a, c) + b
                      ^
        a comma separates the arguments of a function, and no function is called here
        expected: an operator, or square brackets around a list
        help: write [a, b] to join two arrays
        """,
        None,
    ),
    (
        "h = х W",
        """
        line 1: h = х W
                    ^
        the Cyrillic letter х looks like the Latin x, but it is another one
        expected: x
        help: write x
        """,
        "h = x W",
    ),
    (
        "h = x W!",
        """
        line 1: h = x W!
                       ^
        ! is not part of the notation
        expected: letters, numbers, + - · ⊙ / ^ = and parentheses
        help: remove !
        """,
        "h = x W",
    ),
    (
        "h = √a",
        """
        line 1: h = √a
                    ^^
        a root is written sqrt(…)
        expected: sqrt(a)
        help: write sqrt(a)
        """,
        "h = sqrt(a)",
    ),
    (
        "h = 1e999 x",
        """
        line 1: h = 1e999 x
                    ^^^^^
        this number is too large
        expected: a number below 1e308
        help: write 1
        """,
        "h = 1 x",
    ),
    (
        "h = _1 + b",
        """
        line 1: h = _1 + b
                    ^
        a subscript needs a name in front of it
        expected: a name
        help: remove _
        """,
        "h = 1 + b",
    ),
    (
        'h = "x" W',
        """
        line 1: h = "x" W
                    ^^^
        quotation marks are not part of the notation
        expected: x
        help: write x
        """,
        "h = x W",
    ),
    (
        "h = W_{} + b",
        """
        line 1: h = W_{} + b
                     ^^^
        this is not a subscript
        expected: letters or digits, W_1 or W_{hf}
        help: write a name or a number
        """,
        None,
    ),
    (
        "h = x ∇ W",
        """
        line 1: h = x ∇ W
                      ^
        ∇ is not part of the notation
        expected: letters, numbers, + - · ⊙ / ^ = and parentheses
        help: remove ∇
        """,
        "h = x  W",
    ),
    (
        r"h = \tahn(x W)",
        r"""
        line 1: h = \tahn(x W)
                    ^^^^^
        the LaTeX command \tahn is not part of the notation
        expected: commands such as \tanh, \odot, \frac or \mathbf
        help: did you mean \tanh?
        """,
        r"h = \tanh(x W)",
    ),
    (
        "h = \\foo x W",
        """
        line 1: h = \\foo x W
                    ^^^^
        the LaTeX command \\foo is not part of the notation
        expected: commands such as \\tanh, \\odot, \\frac or \\mathbf
        help: write it with the functions and operators of the notation
        """,
        None,
    ),
    (
        r"h = \frac{a}{}",
        r"""
        line 1: h = \frac{a}{}
                            ^^
        nothing stands between the parentheses
        expected: a name, a number, a function or (
        help: write what belongs there, for example {x}
        """,
        r"h = \frac{a}{x}",
    ),
    (
        "h = \\frac{a}",
        """
        line 1: h = \\frac{a}
                           ^
        \\frac has two groups in braces, and the second is missing
        expected: \\frac{a}{b}
        help: write the part below the line, for example {2}
        """,
        None,
    ),
    (
        "h = \\mathbf{} W",
        """
        line 1: h = \\mathbf{} W
                    ^^^^^^^^^
        \\mathbf needs braces behind it
        expected: for example \\mathbf{x}
        help: write what belongs there, for example \\mathbf{x}
        """,
        None,
    ),
    (
        r"h = \mathbf{x W}",
        r"""
        line 1: h = \mathbf{x W}
                    ^^^^^^^^^^^^
        \mathbf{x W} does not hold a single name
        expected: a name in the braces, such as \mathbf{W}
        help: take the braces away: x W
        """,
        "h = x W",
    ),
    (
        r"h \leftarrow x W",
        r"""
        line 1: h \leftarrow x W
                  ^^^^^^^^^^
        the LaTeX command \leftarrow is not part of the notation
        expected: =
        help: write =
        """,
        "h = x W",
    ),
    (
        r"h = \mathbf{W}_1(\mathbf{x}",
        r"""
        line 1: h = \mathbf{W}_1(\mathbf{x}
                                ^
        this ( is never closed
        expected: a ) that closes it
        help: write ) where it ends, for example at the end of the line
        """,
        r"h = \mathbf{W}_1(\mathbf{x})",
        {"W_1": (), "x": ()},
    ),
    (
        "h = tanh(xW)",
        """
        line 1: h = tanh(xW)
                         ^^
        xW is not a name of the text, and its letters are
        expected: a name, or factors with a space between them
        help: if a product is meant, put a space in it: x W
        """,
        "h = tanh(x W)",
    ),
    (
        "h = tanh((b = 2))",
        """
        line 1: h = tanh((b = 2))
                          ^^^
        an equation can not stand inside parentheses
        expected: an expression
        help: remove b =
        """,
        "h = tanh(( 2))",
    ),
    (
        "h = sum(X, axis=)",
        """
        line 1: h = sum(X, axis=)
                               ^
        the value of axis has to be a number
        expected: a number, as in axis=0
        help: write axis=0
        """,
        "h = sum(X, axis=0)",
    ),
    (
        "h = x W }",
        """
        line 1: h = x W }
                        ^
        this } closes nothing
        expected: an operator, or the end of the line
        help: remove }
        """,
        "h = x W ",
    ),
    (
        "h = ‖x W) + b",
        """
        line 1: h = ‖x W) + b
                        ^
        ‖ is closed by )
        expected: a ‖
        help: write ‖
        """,
        "h = ‖x W‖ + b",
    ),
    (
        "h = x W ‖",
        """
        line 1: h = x W ‖
                        ^
        this ‖ opens nothing
        expected: an operator, or the end of the line
        help: remove ‖
        """,
        "h = x W ",
    ),
    (
        "h = W x_",
        """
        line 1: h = W x_
                       ^
        this is not a subscript
        expected: letters or digits, W_1 or W_{hf}
        help: write a name or a number
        """,
        None,
    ),
    (
        "h = .5.5 x",
        """
        line 1: h = .5.5 x
                    ^^^^
        .5.5 is not a number
        expected: digits with one point, as in 0.5
        help: write .5
        """,
        "h = .5 x",
    ),
    (
        r"h = x W\\ y = tanh(h",
        r"""
        line 1: h = x W\\ y = tanh(h
                                  ^
        this ( is never closed
        expected: a ) that closes it
        help: write ) where it ends, for example at the end of the line
        """,
        r"h = x W\\ y = tanh(h)",
    ),
    (
        "h = x\\mathbf",
        """
        line 1: h = x\\mathbf
                     ^^^^^^^
        \\mathbf needs braces behind it
        expected: for example \\mathbf{x}
        help: write what belongs there, for example \\mathbf{x}
        """,
        None,
    ),
    (
        "h = sum(X, axis=0) = 2",
        """
        line 1: h = sum(X, axis=0) = 2
                                     ^
        this is not equal to the expression before it
        expected: another way to write the same value
        help: write it as an equation of its own, or correct one of the two
        """,
        None,
    ),
    (
        "h = loss(x)",
        """
        line 1: h = loss(x)
                    ^^^^
        there is no function loss
        expected: a function that the text defines or the notation has, or a known name for a product
        help: define it in a line of its own: loss(x) = …
        """,
        None,
    ),
    (
        "h = (((x)) W",
        """
        line 1: h = (((x)) W
                    ^
        this ( is never closed
        expected: a ) that closes it
        help: write ) where it ends, for example at the end of the line
        """,
        "h = (((x)) W)",
    ),
    (
        r"\frac{a}{c} = h",
        r"""
        line 1: \frac{a}{c} = h
                ^^^^^^^^^^^
        \frac{a}{c} is not a name that can be defined
        expected: a single name on the left of =
        help: exchange the sides: h = \frac{a}{c}
        """,
        r"h = \frac{a}{c}",
    ),
    (
        "h = x W\nh = tanh(h)",
        """
        line 2: h = tanh(h)
                ^
        h is defined in line 1 already
        expected: a name that is not in use
        help: give it a name of its own, such as h_2
        """,
        "h = x W\nh_2 = tanh(h)",
    ),
    (
        "h = tanh(h W)",
        """
        line 1: h = tanh(h W)
                         ^
        h is used in its own definition
        expected: names that are fed or defined above
        help: if another value is meant, give it another name, such as h_0
        """,
        "h = tanh(h_0 W)",
        {"h_0": (4,)},
    ),
    (
        "h = tanh(y)\ny = sigma(h)",
        """
        line 2: y = sigma(h)
                          ^
        y and h need each other
        expected: equations that can be computed one after the other
        help: write what h is with names that are fed or defined without it
        """,
        None,
        {"y_0": (3,)},
    ),
    (
        "y = x",
        """
        line 1: y = x
                    ^
        this computes nothing: y would be another name for x
        expected: an operation or a function
        help: use x itself, or compute something from it
        """,
        None,
    ),
    (
        "y = (x)",
        """
        line 1: y = (x)
                    ^^^
        this computes nothing: y would be another name for x
        expected: an operation or a function
        help: use x itself, or compute something from it
        """,
        None,
    ),
    (
        "# the layer\n\n",
        """
        line 1: # the layer
                ^^^^^^^^^^^
        there is no equation
        expected: one equation a line, name = expression
        help: write for example y = sigma(x w^T + b)
        """,
        "# the layer\ny = sigma(x w^T + b)",
    ),
    (
        "h = 1 000 x",
        """
        line 1: h = 1 000 x
                    ^^^^^
        two numbers stand beside each other
        expected: an operator between them
        help: write 1 · 000 for their product, or one number with no space in it
        """,
        "h = 1 · 000 x",
    ),
    (
        "h = 1.2.3 x",
        """
        line 1: h = 1.2.3 x
                    ^^^^^
        1.2.3 is not a number
        expected: digits with one point, as in 0.5
        help: write 1.2
        """,
        "h = 1.2 x",
    ),
    (
        "h = --x",
        """
        line 1: h = --x
                     ^
        nothing stands between - and -
        expected: a name, a number, a function or (
        help: remove -
        """,
        "h = -x",
    ),
    (
        "h = x + - - b",
        """
        line 1: h = x + - - b
                          ^
        nothing stands between - and -
        expected: a name, a number, a function or (
        help: remove -
        """,
        "h = x + -  b",
        {"x": (3,)},
    ),
    (
        "h = А W",
        """
        line 1: h = А W
                    ^
        the Cyrillic letter А looks like the Latin A, but it is another one
        expected: A
        help: write A
        """,
        "h = A W",
        {"A": (2, 4)},
    ),
    (
        "h = ‖x‖^2 ‖",
        """
        line 1: h = ‖x‖^2 ‖
                          ^
        this ‖ opens nothing
        expected: an operator, or the end of the line
        help: remove ‖
        """,
        "h = ‖x‖^2 ",
    ),
    (
        "y = σ_g(x W)",
        """
        line 1: y = σ_g(x W)
                    ^^^
        there is no function σ_g
        expected: a function that the text defines or the notation has, or a known name for a product
        help: define it, σ_g(x) = …; for a product, put a space in front of the bracket
        """,
        None,
    ),
    (
        "y = 'x' W",
        """
        line 1: y = 'x' W
                    ^^^
        quotation marks are not part of the notation
        expected: x
        help: write x
        """,
        "y = x W",
    ),
    (
        "h = x W ? 2",
        """
        line 1: h = x W ? 2
                        ^
        ? is not part of the notation
        expected: letters, numbers, + - · ⊙ / ^ = and parentheses
        help: remove ?
        """,
        "h = x W  2",
    ),
    (
        "h = [x W",
        """
        line 1: h = [x W
                    ^
        this [ is never closed
        expected: a ] that closes it
        help: write ] where it ends, for example at the end of the line
        """,
        "h = [x W]",
    ),
    (
        "h = x W =",
        """
        line 1: h = x W =
                        ^
        nothing stands on the right of =
        expected: an expression
        help: remove =
        """,
        "h = x W ",
    ),
]

SHAPE: list[tuple[Any, ...]] = [
    (
        "h = tanh(x W_1 + b_1)",
        """
        line 1: h = tanh(x W_1 + b_1)
                         ^^^^^
        x W_1: inner sizes differ: x is (5,), W_1 is (4, 3)
        help: W_1 needs 5 rows
        """,
        {"W_1": (5, 3)},
        {"x": (5,)},
    ),
    (
        "h = x W",
        """
        line 1: h = x W
                    ^^^
        x W: inner sizes differ: x is (4,), W is (3, 4)
        help: write W^T
        """,
        "h = x W^T",
        {"W": (3, 4)},
    ),
    (
        "h = x W + b",
        """
        line 1: h = x W + b
                    ^^^^^^^
        x W + b: the shapes can not be broadcast together: x W is (3,), b is (4,)
        help: b needs 3 elements
        """,
        {"b": (3,)},
        {"b": (4,)},
    ),
    (
        "h = X W + b",
        """
        line 1: h = X W + b
                    ^^^^^^^
        X W + b: the shapes can not be broadcast together: X W is (5, 3), b is (5,)
        help: b needs 3 elements
        """,
        {"b": (3,)},
        {"b": (5,)},
    ),
    (
        "h = x ⊙ w",
        """
        line 1: h = x ⊙ w
                    ^^^^^
        x ⊙ w: the shapes can not be broadcast together: x is (4,), w is (3,)
        help: w needs 4 elements
        """,
        {"w": (4,)},
        {"w": (3,)},
    ),
    (
        "y = softmax(a)",
        """
        line 1: y = softmax(a)
                    ^^^^^^^^^^
        softmax(a): softmax works along the last axis, and a scalar has none: a is ()
        help: give a the shape (4,)
        """,
        {"a": (4,)},
    ),
    (
        "y = softmax(a + c)",
        """
        line 1: y = softmax(a + c)
                    ^^^^^^^^^^^^^^
        softmax(a + c): softmax works along the last axis, and a scalar has none: a + c is ()
        help: give a the shape (3,)
        """,
        {"a": (3,)},
    ),
    (
        "loss = BCE(y_true, y)",
        """
        line 1: loss = BCE(y_true, y)
                       ^^^^^^^^^^^^^^
        BCE(y_true, y): the shapes have to be equal: y_true is (3, 1), y is (3,)
        help: give y the shape (3, 1)
        """,
        {"y": (3, 1)},
        {"y": (3,), "y_true": (3, 1)},
    ),
    (
        "loss = CrossEntropy(y_true, z)",
        """
        line 1: loss = CrossEntropy(y_true, z)
                       ^^^^^^^^^^^^^^^^^^^^^^^
        CrossEntropy(y_true, z): the shapes have to be equal: y_true is (4,), z is (3,)
        help: z needs 4 elements
        """,
        {"z": (4,)},
        {"y_true": (4,)},
    ),
    (
        "s = sum(x, axis=1)",
        """
        line 1: s = sum(x, axis=1)
                    ^^^^^^^^^^^^^^
        sum(x, axis=1): there is no axis 1 in a shape with 1 axes: x is (4,)
        help: leave axis out
        """,
        "s = sum(x)",
    ),
    (
        "s = mean(X, axis=2)",
        """
        line 1: s = mean(X, axis=2)
                    ^^^^^^^^^^^^^^^
        mean(X, axis=2): there is no axis 2 in a shape with 2 axes: X is (5, 4)
        help: leave axis out
        """,
        "s = mean(X)",
    ),
    (
        "Z = T^T",
        """
        line 1: Z = T^T
                    ^^^
        T^T: only a matrix or a vector can be transposed: T is (2, 3, 4)
        help: give T the shape (4, 3)
        """,
        {"T": (4, 3)},
        {"T": (2, 3, 4)},
    ),
    (
        "h = x W\ng = z V\ns = h + g",
        """
        line 3: s = h + g
                    ^^^^^
        h + g: the shapes can not be broadcast together: h is (3,), g is (2,)
        help: give W the shape (4, 2)
        """,
        {"W": (4, 2)},
    ),
    (
        "h = tanh(x W)",
        """
        line 1: h = tanh(x W)
                    ^^^^^^^^^
        h comes out as (3,)
        expected: (5,), as it was declared
        help: give h the shape (3,)
        """,
        {"h": (3,)},
        {"h": (5,)},
    ),
    (
        "h = x W",
        """
        line 1: h = x W
                      ^
        the shape of W needs the size H, which is not given
        expected: whole numbers from 1 on
        help: give it, for example H = 3
        """,
        {"W": (4, 3)},
        {"W": (4, "H")},
    ),
    (
        "h = x W",
        """
        line 1: h = x W
                      ^
        the shape of W has the size 0
        expected: whole numbers from 1 on
        help: for example (4, 3)
        """,
        {"W": (4, 3)},
        {"W": (4, 0)},
    ),
    (
        "h = x W",
        """
        line 1: h = x W
                      ^
        the shape of W has the size -3
        expected: whole numbers from 1 on
        help: for example (4, 3)
        """,
        {"W": (4, 3)},
        {"W": (4, -3)},
    ),
    (
        "h = x W",
        """
        line 1: h = x W
                      ^
        the shape of W has the size 2.5
        expected: whole numbers from 1 on
        help: for example (4, 3)
        """,
        {"W": (4, 3)},
        {"W": (4, 2.5)},
    ),
    (
        "h = tanh(q)",
        """
        line 1: h = tanh(q)
                         ^
        'DH' is not a shape for q
        expected: numbers and names of sizes, () for a scalar, at most 8 axes
        help: for example (3,)
        """,
        {"q": (3,)},
        {"q": "DH"},
    ),
    (
        "h = X W",
        """
        line 1: h = X W
                    ^^^
        h would be (100000, 100000), with 10,000,000,000 elements
        expected: at most 100,000,000 elements and 8 axes
        help: make it smaller: for example, give X the shape (2, 4)
        """,
        {"X": (2, 4)},
        {"X": (100000, 4), "W": (4, 100000)},
    ),
    (
        "h = tanh(G)",
        """
        line 1: h = tanh(G)
                         ^
        G would be (100000, 100000), with 10,000,000,000 elements
        expected: at most 100,000,000 elements and 8 axes
        help: make it smaller: for example, give G the shape (2, 100000)
        """,
        {"G": (2, 100000)},
        {"G": (100000, 100000)},
    ),
]

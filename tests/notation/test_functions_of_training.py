"""Functions with settings, and of several operands: calls, shapes that follow from them, and what is said of mistakes."""

import pytest

import graphlab as gl


def shapes(text, **given):
    return {name: v.shape for name, v in gl.parse(text, shapes=given).vertices.items()}


@pytest.mark.parametrize(
    ("text", "name", "attributes"),
    [
        ("y = dropout(x, m, p=0.25)", "dropout", {"p": 0.25}),
        ("y = dropout(x, m)", "dropout", {}),
        (r"\mathbf{y} = \text{dropout}(\mathbf{x}, \mathbf{m}, p=0.25)", "dropout", {"p": 0.25}),
        ("y = layernorm(x, m, m, eps=1e-3)", "layernorm", {"eps": 1e-3}),
        ("y = concat(x, m, axis=0)", "concat", {"axis": 0}),
        ("y = concat(x, m, x, m, x)", "concat", {}),
        ("y = SELU(x)", "selu", {}),
        ("y = selu(x)", "selu", {}),
        ("y = gaussian_dropout(x, m)", "gaussian_dropout", {}),
    ],
)
def test_a_call_with_its_settings(text, name, attributes):
    (operation,) = gl.parse(text, shapes={"x": (3,), "m": (3,)}).operations
    assert operation.op.name == name
    assert operation.op.arity == len(operation.inputs)
    assert operation.attributes == attributes


@pytest.mark.parametrize(
    ("text", "given", "found"),
    [
        ("h = dropout(x W + b, m)", {"x": (3,), "W": (3, 5)}, {"b": (5,), "m": (5,), "h": (5,)}),
        ("h = zoneout(a, b, m)", {"b": (3,)}, {"a": (3,), "m": (3,), "h": (3,)}),
        ("y = layernorm(X, g, b)", {"X": (4, 3)}, {"g": (3,), "b": (3,), "y": (4, 3)}),
        ("y = batchnorm(X, g, b)", {"X": (4, 3)}, {"g": (3,), "b": (3,), "y": (4, 3)}),
        ("y = x weightnorm(W, g)", {"x": (4,), "W": (4, 3)}, {"g": (3,), "y": (3,)}),
        ("y = last(n, a, b, c)", {"b": (4, 3)}, {"n": (4,), "a": (4, 3), "c": (4, 3), "y": (4, 3)}),
        ("y = select(m, a, b)", {"m": (4,), "a": (4, 3)}, {"b": (4, 3), "y": (4, 3)}),
        ("y = concat(x W, x V)", {"x": (3,), "W": (3, 2), "V": (3, 4)}, {"y": (6,)}),
        (
            "A = softmax(mask_future(Q K^T / sqrt(d))) V",
            {"Q": (4, 2), "K": (4, 2), "V": (4, 5), "d": ()},
            {"A": (4, 5)},
        ),
        ("p = max_over_time(ReLU(conv(X, W) + b))", {"X": (7, 3), "W": (2, 3, 6)}, {"b": (6,), "p": (6,)}),
        ("h = embed(x, E) W", {"x": (5,), "E": (10, 4), "W": (4, 3)}, {"h": (5, 3)}),
    ],
)
def test_shapes_follow_from_the_operands(text, given, found):
    everything = shapes(text, **given)
    assert {name: everything[name] for name in found} == found


@pytest.mark.parametrize(
    ("text", "given", "said", "help"),
    [
        (
            "y = dropout(x, m, p=2)",
            {"x": (3,), "m": (3,)},
            "p is a probability from 0 to below 1, not 2",
            "leave p out",
        ),
        ("y = layernorm(X, g, b)", {"X": (4, 3), "g": (4,), "b": (3,)}, "g is (4,), b is (3,)", "g needs 3 elements"),
        ("y = concat(a, b)", {"a": (2, 3), "b": (4, 5)}, "but for the axis they are joined along", "b needs 2 rows"),
        ("y = conv(X, W)", {"X": (4, 3), "W": (2, 5, 6)}, "of another length", "give W the shape (2, 3, 6)"),
        ("y = conv(X, W)", {"X": (4, 3), "W": (5, 3, 6)}, "longer than the sentence", "give W the shape (4, 3, 6)"),
        ("y = mask_future(S)", {"S": (5, 4)}, "a square matrix", "S needs 4 rows"),
        ("y = select(m, A, B)", {"m": (3,), "A": (4, 3), "B": (4, 3)}, "its axes are the first ones", "m needs 4"),
        ("y = embed(x, E)", {"x": (3,), "E": (5,)}, "a matrix with one row a word", "give E the shape (5, 3)"),
    ],
)
def test_a_misfit_names_all_operands_and_a_way_out(text, given, said, help):
    with pytest.raises(gl.ShapeError) as caught:
        shapes(text, **given)
    assert said in str(caught.value)
    assert help in str(caught.value.help)
    fix = caught.value.fix
    if fix.shape is not None:
        shapes(text, **{**given, fix.name: fix.shape})
    else:
        shapes(fix.apply(text), **given)


def test_of_many_operands_those_that_differ_are_named():
    with pytest.raises(gl.ShapeError, match=r"(?m): a is \(2, 3\), d is \(4, 5\)$") as caught:
        shapes("y = concat(a, b, c, d, e)", **dict.fromkeys("abce", (2, 3)), d=(4, 5))
    assert str(caught.value.help) == "d needs 2 rows"


@pytest.mark.parametrize("text", ["y = concat()", "y = last(n)", "y = dropout(x)", "y = zoneout(a, b)"])
def test_too_few_operands(text):
    with pytest.raises(gl.NotationError, match="takes"):
        shapes(text)

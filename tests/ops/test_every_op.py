"""The registry, op by op and example by example: an op that is declared is tested."""

import array_api_strict
import numpy as np
import op_checks
import pytest
import ziamath

from graphlab import ops  # noqa: F401  (fills the registry)
from graphlab.explain import mathml
from graphlab.op import Term
from graphlab.ops import registry


def each_case(applies=lambda op: True):
    return pytest.mark.parametrize(("op", "example"), op_checks.cases(registry, applies), ids=op_checks.case_id)


every_case = each_case()


@every_case
def test_the_shape_rule_gives_the_shape_of_forward(op, example):
    op_checks.shape_rule_agrees(op, example)


@each_case(op_checks.sends)
def test_each_vjp_equals_central_differences(op, example):
    op_checks.vjp_agrees_with_differences(op, example)


@each_case(op_checks.has_closed_jacobian)
def test_the_closed_jacobian_equals_the_one_from_vjps(op, example):
    op_checks.jacobian_agrees_with_vjp(op, example)


@every_case
def test_sentences_name_only_what_the_op_has(op, example):
    op_checks.sentences_have_known_placeholders(op, example)


@every_case
def test_forward_and_vjps_stay_within_the_array_standard(op, example):
    op_checks.same_numbers_elsewhere(op, example, array_api_strict.asarray, np.asarray)


@every_case
def test_forward_and_vjps_stay_on_their_device(op, example):
    device = array_api_strict.Device("device1")
    host = array_api_strict.Device("CPU_DEVICE")
    op_checks.same_numbers_elsewhere(
        op,
        example,
        lambda x: array_api_strict.asarray(x, device=device),
        lambda x: np.asarray(x.to_device(host)),
    )


@pytest.mark.parametrize("op", registry.values(), ids=str)
def test_both_typesetters_read_all_latex_of_an_op(op):
    for latex in {f for example in op.examples for f in op_checks.formulas(op, example)}:
        assert mathml(latex).startswith("<math"), latex
        assert "\\" not in mathml(latex), latex  # a command that latex2mathml does not know, shown as it is
        width, height = ziamath.Latex(latex, size=28).getsize()
        assert width > 0, latex
        assert height > 0, latex


def test_a_gradient_of_bce_is_infinite_only_where_the_loss_is():
    bce = registry["BCE"]
    with np.errstate(all="ignore"):
        assert bce.forward(np.array(0.0), np.array(0.0)) == 0
        assert bce.vjps[1](np.array(1.0), None, np.array(0.0), np.array(0.0)) == 1
        assert np.isinf(bce.forward(np.array(1.0), np.array(0.0)))


@pytest.mark.parametrize(
    ("a", "b", "attributes", "left", "right"),
    [
        ((2,), (2, 3), {}, r"g\,b^{\top}", r"a^{\top}\,g"),
        ((2,), (3, 2), {"tb": True}, r"g\,b", r"g^{\top}\,a"),
        ((3,), (3,), {"tb": True}, r"g \cdot b", r"g \cdot a"),
        ((4, 2), (2, 3), {}, r"g\,b^{\top}", r"a^{\top}\,g"),
        ((4, 2), (2,), {"tb": True}, r"g^{\top}\,b", r"g\,a"),
        ((2, 4), (2,), {"ta": True}, r"b^{\top}\,g", r"g\,a^{\top}"),
        ((4, 2), (3, 2), {"tb": True}, r"g\,b", r"g^{\top}\,a"),
        ((2, 4), (2, 3), {"ta": True}, r"b\,g^{\top}", r"a\,g"),
        ((2, 4), (3, 2), {"ta": True, "tb": True}, r"b^{\top}\,g^{\top}", r"g^{\top}\,a^{\top}"),
    ],
)
def test_the_products_of_a_matrix_product_are_written_for_rows(a, b, attributes, left, right):
    """Read with numpy in place of the letters, they are what the VJPs compute: vectors are rows."""
    op = registry["matmul"]
    shape = op.shape(a, b, **attributes)
    terms = [Term("g", shape), Term("y", shape), Term("a", a), Term("b", b)]
    assert [write(*terms, **attributes) for write in op.product_latex] == [left, right]

    values = {k: np.cos(np.arange(np.prod(s)) + i).reshape(s) for i, (k, s) in enumerate([("a", a), ("b", b)])}
    g = op_checks.upstream(shape)
    letters = {k: np.atleast_2d(v) for k, v in {**values, "g": g}.items()}
    for slot, latex in enumerate((left, right)):
        factors = latex.replace(r" \cdot ", r"\,").split(r"\,")
        first, second = (letters[f[0]].T if r"\top" in f else letters[f[0]] for f in factors)
        read = first * second if first.size == 1 else first @ second
        vjp = op.vjps[slot](g, None, values["a"], values["b"], **attributes)
        np.testing.assert_allclose(read.reshape(vjp.shape), vjp, rtol=1e-12)

"""Scenarios that are saved, sent as a link, edited, and opened again; sizes, seeds and captions."""

import base64
import contextlib
import os
import random
import zlib

import numpy as np
import pytest

import graphlab as gl
from graphlab.scenario import Draw, Size, decode, digest, dump, edited, encode, from_text, headings, library, link, load

NAMES = list(gl.scenarios())
LARGE = {
    "attention-causal",
    "lstm",
    "lstm-peephole",
    "rnn-minibatch-padded",
    "sentiment-lstm",
    "transformer-block",
    "tree-lstm-2",
}  # opened by name; changed ones are saved as files
ORDER = {
    "A5": ["scalars"],
    "A3, D1": ["mlp"],
    "A1": ["neuron-sigma", "neuron-relu", "neuron-tanh"],
    "A2": ["logistic-regression"],
    "A6": ["softmax-regression", "softmax-mlp"],
    "A6, B2": ["softmax-spelled-out"],
    "B1": ["binary-cross-entropy"],
    "B2": ["cross-entropy"],
    "B, I": ["hinge"],
    "B3": ["normal-equations", "linear-regression"],
    "D3": ["mlp-minibatch"],
    "E10": ["dropout-train", "dropout-inference", "gaussian-dropout"],
    "E11": ["layer-norm", "batch-norm", "weight-norm", "batch-norm-spelled-out"],
    "F": ["text-cnn", "convnet"],
    "G1, G2, G3": ["rnn"],
    "G2": ["rnn-tagging"],
    "G4": ["rnn-minibatch-padded"],
    "E11, G1": ["zoneout"],
    "G6, G7": ["lstm"],
    "G, I": ["gru", "lstm-peephole", "deep-rnn", "bidirectional-rnn"],
    "H": ["sentiment-lstm"],
    "I": [
        *("selu", "attention", "attention-causal", "tree-lstm-1", "tree-lstm-2"),
        *("bahdanau", "luong", "swiglu", "transformer-block", "vae", "word2vec", "triplet"),
    ],
    "B1, B2": ["numbers-break", "softmax-overflow", "log-of-zero"],
}


def same(a, b):
    return a.keys() == b.keys() and all(np.array_equal(a[n], b[n]) for n in a)


@pytest.mark.parametrize("name", NAMES)
def test_a_saved_scenario_opens_as_the_same(name):
    s = gl.scenario(name)
    again = load(dump(s), name=name)
    assert again == s
    assert dump(again) == dump(s)
    assert digest(again) == digest(s)


def test_sizes_and_seed_are_saved_too():
    s = gl.scenario("mlp", sizes={"H": 5}, seed=7)
    again = load(dump(s))
    assert again.sizes == {"D": 2, "H": 5}
    assert again.seed == 7
    assert same(again.feeds(), s.feeds())
    assert same(again.feeds(0), s.feeds(0))


@pytest.mark.parametrize(
    "text",
    [
        "y = sigma(x)\nloss = sum(y)",
        "\n\n  y = exp(x)   # a comment\n\nloss = sum(y)",
        r"\mathbf{y} = \tanh(\mathbf{x})" + "\n" + r"\mathcal{L} = \operatorname{sum}(\mathbf{y})",
        "y = exp(x) # '''\"\"\" \\\nloss = sum(y)",
        "y = exp(x) # \"quoted\"\nloss = sum(y) # 'q'",
        'y = exp(x)\nloss = sum(y) # "',
        "y\t=\texp(x)\nloss = sum(y)",
    ],
)
def test_any_text_of_equations_is_saved_as_it_is(text):
    s = from_text(text, {"x": ("D",)}, {"D": 3}, values={"x": [0.1, -2e-7, 1e22]}, title='A "title" \\ with все')
    again = load(dump(s))
    assert again == s
    assert again.text == text
    assert again.feeds()["x"].tolist() == [0.1, -2e-7, 1e22]


def test_everything_a_scenario_can_hold_survives():
    s = from_text(
        "y = λ X W\nloss = sum(y)",
        {"X": ("N", 2), "W": (2, "H"), "lambda": ()},
        {"N": 2, "H": Size(3, 2, 5, {"ru": "нейронов"})},
        kinds={"X": "input", "W": "parameter", "λ": "constant", "y": "output"},
        values={"X": np.array([[1, 2], [3, 4]]), "λ": 0.5},
        draws={"W": Draw("uniform", 0.25, 3), "X": "normal"},
        captions={"W": {"en": "weights"}},
        title={"ru": "Пример"},
        batch="N",
        seed=3,
    )
    assert load(dump(s)) == s
    assert decode(encode(s)) == s
    assert s.title("en") == "Пример"
    assert s.bounds["H"].label("en") == "нейронов"


def test_typed_equations_need_no_more_than_sizes():
    s = from_text("h = tanh(x W + b)\nloss = mean(h)", {"x": (2,), "W": (2, 3), "b": (3,)})
    assert s.name == "own"
    assert s.of == "loss"
    assert {n: v.shape for n, v in s.feeds().items()} == {"x": (2,), "W": (2, 3), "b": (3,)}


def test_a_truth_is_drawn_as_its_loss_wants_it():
    s = from_text("loss = CrossEntropy(y_true, softmax(x))\nL = mean(loss)", {"x": (4, 3), "y_true": (4, 3)})
    assert s.feeds(5)["y_true"].sum(axis=-1).tolist() == [1.0] * 4
    s = from_text("loss = mean(BCE(y_true, sigma(x)))", {"x": (40,), "y_true": (40,)})
    assert set(s.feeds(5)["y_true"].tolist()) == {0.0, 1.0}


def test_mistakes_in_typed_equations_keep_their_place():
    with pytest.raises(gl.NotationError) as caught:
        from_text("h = tanh(x\nloss = sum(h)")
    assert caught.value.place.line == 1
    with pytest.raises(gl.ShapeError):
        from_text("loss = sum(x W)", {"x": (2,), "W": (3, 2)})


def test_typed_values_are_checked_like_a_files():
    with pytest.raises(gl.ScenarioError, match="needs"):
        from_text("loss = sum(x)", {"x": (2,)}, values={"x": [1.0]})
    with pytest.raises(gl.ScenarioError, match="finite"):
        from_text("loss = sum(x)", {"x": (2,)}, values={"x": [1.0, float("inf")]})


# --- links


@pytest.mark.parametrize("name", NAMES)
def test_the_lectures_scenarios_fit_into_a_link_as_long_as_they_are_small(name):
    s = gl.scenario(name)
    if name in LARGE:
        with pytest.raises(gl.ScenarioError, match="too large for a link"):
            encode(s)
        return
    code = encode(s)
    assert len(code) <= 1800
    assert code.isascii()
    assert code.replace("-", "a").replace("_", "a").isalnum()
    assert decode(code) == load(dump(s))


def test_a_small_scenario_makes_a_short_link():
    assert len(encode(from_text("y = tanh(x W)\nloss = sum(y)", {"x": (2,), "W": (2, 3)}))) < 120


def test_a_scenario_too_large_for_a_link_is_refused():
    values = np.random.default_rng(0).normal(size=(16, 16))
    s = from_text("loss = sum(X)", {"X": (16, 16)}, values={"X": values})
    with pytest.raises(gl.ScenarioError, match=r"too large for a link: \d+ characters of 1800"):
        encode(s)


def pack(text, level=9):
    packer = zlib.compressobj(level, zlib.DEFLATED, -15, 9, zdict=link._WORDS)
    return "1" + base64.urlsafe_b64encode(packer.compress(text) + packer.flush()).decode().rstrip("=")


@pytest.mark.parametrize(
    "code",
    [
        "",
        "1",
        "1A",
        "1AAAA",
        "2" + encode(gl.scenario("mlp"))[1:],
        encode(gl.scenario("mlp"))[:-4],
        encode(gl.scenario("mlp")) + "AAAA",
        encode(gl.scenario("mlp")) + "=",
        encode(gl.scenario("mlp")) + "\n",
        "1../../etc/passwd",
        "1" + "A" * 5000,
        "1ёё",
        pack(b"#" * 10_000_000)[:1800],
        pack(b"#" * 400_000),
        "1" + base64.urlsafe_b64encode(zlib.compress(b"equations = 'y = x'")).decode().rstrip("="),
        None,
        7,
    ],
)
def test_a_damaged_or_hostile_link_is_refused(code):
    with pytest.raises(gl.ScenarioError, match="this link holds no scenario"):
        decode(code)


@pytest.mark.parametrize("text", [b"", b"\xff\xfe", b"equations = 3", b"equations = 'y = x'\nimport = 'os'", b"[[[["])
def test_a_links_content_is_checked_like_a_file(text):
    with pytest.raises(gl.ScenarioError):
        decode(pack(text))


def test_random_changes_to_a_link_never_escape():
    rng = random.Random(1)
    code = encode(gl.scenario("mlp"))
    for _ in range(300):
        at = rng.randrange(1, len(code))
        changed = code[:at] + rng.choice("Ab9-_") + code[at + 1 :]
        with contextlib.suppress(gl.ScenarioError):
            decode(changed)


def test_links_of_the_first_version_go_on_working():
    # A link is kept in people's slides: the dictionary it was packed with must not change.
    assert zlib.crc32(link._WORDS) == 260506446
    code = "1Q4-iSqQogscAqATBEfIooWMEdAOY1lEwjuUCAA"
    assert decode(code).text == "y = tanh(x W)\nloss = sum(y)"


# --- editing


def test_edited_equations_keep_what_still_holds():
    base = gl.scenario("mlp", sizes={"H": 4})
    s = edited(base, "h = ReLU(x W_1 + b_1)\ny = sigma(h w_2^T)\nloss = BCE(y_true, y) + λ ‖w_2‖^2", {"lambda": ()})
    assert s.sizes == {"D": 2, "H": 4}
    assert "b_2" not in s.kinds
    assert s.kinds["x"] == "input"
    assert s.caption("h", "ru") == base.caption("h", "ru")
    assert s.feeds()["x"].tolist() == [1.0, -0.5]
    assert same({n: v for n, v in s.feeds().items() if n != "λ"}, {n: v for n, v in base.feeds().items() if n != "b_2"})
    assert load(dump(s)).feeds().keys() == s.feeds().keys()


def test_an_input_that_becomes_computed_is_no_longer_fed():
    s = edited(gl.scenario("mlp"), "x = tanh(z W)\nloss = sum(x)", {"z": ("D",), "W": ("D", "H")})
    assert s.graph.fed == ("z", "W")
    assert "x" not in s.kinds


def test_kinds_are_given_on_top_of_those_declared():
    s = edited(
        gl.scenario("mlp"), "loss = mean(x W_1 + c)", {"c": ("H",)}, {"c": "input", "W_1": "input", "gone": "input"}
    )
    assert s.graph.names("input") == ("x", "W_1", "c")
    assert load(dump(s)).graph.names("input") == ("x", "W_1", "c")


def test_a_shape_in_the_text_comes_before_one_that_the_scenario_declares():
    s = edited(gl.scenario("mlp"), "x \\in \\mathbb{R}^3\nloss = sum(x)")
    assert s.graph.vertices["x"].shape == (3,)
    assert "x" not in s.shapes


def test_an_edited_text_whose_loss_is_gone_starts_from_another_scalar():
    assert edited(gl.scenario("mlp"), "h = tanh(x W_1 + b_1)\nJ = mean(h)").of == "J"
    with pytest.raises(gl.ScenarioError, match=r"loss = sum\(h\)"):
        edited(gl.scenario("mlp"), "h = tanh(x W_1 + b_1)")


def test_edited_equations_with_a_mistake_keep_its_place():
    with pytest.raises(gl.NotationError) as caught:
        edited(gl.scenario("mlp"), "h = tanh(x W_1 + b_1)\nloss = sum(h")
    assert caught.value.place.line == 2


def test_an_unknown_shape_is_asked_for_by_name():
    from graphlab.errors import MissingShapeError

    with pytest.raises(MissingShapeError) as caught:
        edited(gl.scenario("mlp"), "loss = sum(x A B)")
    assert set(caught.value.names) <= {"A", "B"}


# --- sizes, seeds, captions


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_every_named_vertex_has_a_caption(name, lang):
    s = gl.scenario(name)
    named = [v for n, v in s.graph.vertices.items() if not n.startswith(("tmp_", "const_"))]
    assert {v.name for v in named if not s.captions.get(v.name, s.captions.get(v.base, {})).get(lang)} == set()
    for text in (s.titles, s.sections, s.descriptions, *(b.labels for b in s.bounds.values())):
        assert text[lang]
        assert (lang == "ru") == any("а" <= c <= "я" for c in text[lang].lower()) or text is s.titles


def test_a_temporary_says_what_it_is():
    assert gl.scenario("mlp").caption("tmp_1") == "intermediate value: x W_1"


def test_the_order_is_the_lectures_with_the_walk_first():
    rows = {}
    for name in NAMES:
        rows.setdefault(gl.scenario(name).row, []).append(name)
    assert [name for names in rows.values() for name in names] == NAMES
    assert rows == ORDER


def test_the_readme_lists_every_scenario():
    readme = (library.FOLDER.parent / "README.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"`{name}`" not in readme] == []


def test_a_size_of_the_interface_is_taken():
    s = gl.scenario("mlp", sizes={"H": 5})
    assert s.graph.vertices["W_1"].shape == (2, 5)
    assert s.title("ru") == "Многослойный перцептрон (MLP)"


@pytest.mark.parametrize("n", [0, 9, -1, 2.0, "3", True, None])
def test_a_size_out_of_bounds_is_refused(n):
    with pytest.raises(gl.ScenarioError, match="H is a whole number from 1 to 8"):
        gl.scenario("mlp", sizes={"H": n})


def test_an_unknown_size_or_scenario_gets_a_suggestion():
    with pytest.raises(gl.ScenarioError, match="choose one of D, H"):
        gl.scenario("mlp", sizes={"K": 3})
    with pytest.raises(gl.ScenarioError, match="did you mean mlp-minibatch"):
        gl.scenario("mlp-minbatch")
    with pytest.raises(gl.ScenarioError):
        gl.scenario("../mlp")


@pytest.mark.parametrize("seed", [-1, 2**32, 1.5, "1", True])
def test_a_seed_out_of_bounds_is_refused(seed):
    with pytest.raises(gl.ScenarioError, match="a seed is a whole number"):
        gl.scenario("mlp").feeds(seed)


def test_a_seed_draws_the_same_values_again_and_other_seeds_others():
    s = gl.scenario("mlp")
    assert same(s.feeds(7), s.feeds(7))
    assert not same(s.feeds(7), s.feeds(8))
    assert not same(s.feeds(7), s.feeds())


def test_changing_one_size_leaves_the_other_vertices_as_they_are():
    few, many = gl.scenario("mlp", seed=7), gl.scenario("mlp", sizes={"H": 6}, seed=7)
    for name in ("x", "b_2", "y_true"):
        assert np.array_equal(few.feeds()[name], many.feeds()[name])
    assert gl.scenario("mlp", sizes={"H": 6}).feeds()["x"].tolist() == [1.0, -0.5]


@pytest.mark.parametrize("name", NAMES)
def test_drawn_values_read_well(name):
    s = gl.scenario(name)
    for seed in range(1, 6):
        for n, value in s.with_sizes({k: b.max for k, b in s.bounds.items()}).feeds(seed).items():
            assert np.array_equal(np.round(value, 1), value), n
            assert not np.any(np.signbit(value) & (value == 0)), n


def test_a_constant_keeps_its_number_with_every_seed():
    assert gl.scenario("cross-entropy").feeds(9)["λ"] == 0.1


def test_a_broken_file_among_ours_is_named(tmp_path, monkeypatch):
    (tmp_path / "broken.toml").write_text("equation = 'y = x'")
    monkeypatch.setattr(library, "FOLDER", tmp_path)
    assert gl.scenarios() == ("broken",)  # the list reads titles alone, and has the others too
    with pytest.raises(gl.ScenarioError, match=r"broken\.toml can not be read: there is no key equation here"):
        gl.scenario("broken")


def test_a_file_among_ours_that_is_no_toml_is_named_by_the_list(tmp_path, monkeypatch):
    (tmp_path / "broken.toml").write_text("equations = ")
    monkeypatch.setattr(library, "FOLDER", tmp_path)
    with pytest.raises(gl.ScenarioError, match=r"broken\.toml can not be read"):
        gl.scenarios()


def test_the_list_says_what_the_scenarios_say():
    for heading in headings():
        whole = gl.scenario(heading.name)
        assert (heading.order, heading.title("ru"), heading.title("en")) == (
            whole.order,
            whole.title("ru"),
            whole.title(),
        )


def test_an_edited_file_is_read_again(tmp_path, monkeypatch):
    monkeypatch.setattr(library, "FOLDER", tmp_path)
    path = tmp_path / "mine.toml"
    path.write_text("equations = 'loss = sum(x)'\n[values]\nx = [1, 2]\n")
    assert gl.scenario("mine").feeds()["x"].tolist() == [1.0, 2.0]
    path.write_text("equations = 'loss = sum(x)'\n[values]\nx = [3, 4, 5]\n")
    os.utime(path, ns=(0, 7))
    assert gl.scenario("mine").feeds()["x"].tolist() == [3.0, 4.0, 5.0]

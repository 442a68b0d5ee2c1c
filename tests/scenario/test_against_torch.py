"""Every scenario against the same model as one would write it in torch, in float64: the loss and all gradients."""

import numpy as np
import pytest
import torch
import torch_models
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

import graphlab as gl
from tests.finite import BROKEN


def neuron(activation):
    return lambda p: activation(functional.linear(p["x"], p["w"][None], p["b"][None]).squeeze(-1))


def logistic_regression(p):
    logit = torch.dot(p["x"], p["w"]) + p["b"]
    return functional.binary_cross_entropy_with_logits(logit, p["y_true"])


def mlp(p):
    hidden = torch.tanh(functional.linear(p["x"], p["W_1"].T, p["b_1"]))
    return functional.binary_cross_entropy(torch.sigmoid(torch.dot(hidden, p["w_2"]) + p["b_2"]), p["y_true"])


def minibatch(p):
    hidden = torch.tanh(functional.linear(p["X"], p["W_1"].T, p["b_1"]))
    probability = torch.sigmoid(functional.linear(hidden, p["w_2"][None], p["b_2"][None]).squeeze(-1))
    return functional.binary_cross_entropy(probability, p["y_true"], reduction="mean")


def softmax_regression(p):
    logits = functional.linear(p["x"], p["W"].T, p["b"])
    return functional.cross_entropy(logits[None], p["y_true"].argmax()[None])


def softmax_mlp(p):
    hidden = torch.tanh(functional.linear(p["x"], p["W_1"].T, p["b_1"]))
    return functional.cross_entropy(functional.linear(hidden, p["W_2"].T, p["b_2"])[None], p["y_true"].argmax()[None])


def head(hidden, p):
    """The output neuron of the slides' perceptron and its loss, over one object or a minibatch."""
    probability = torch.sigmoid(functional.linear(hidden, p["w_2"][None], p["b_2"][None]).squeeze(-1))
    return functional.binary_cross_entropy(probability, p["y_true"])


def hidden(p):
    return functional.linear(p["x"], p["W_1"].T, p["b_1"])


def dropout(p):
    return head(torch.tanh(hidden(p)).masked_fill(p["m"] == 0, 0.0) / (1 - 0.5), p)


def layer_norm(p):
    z = functional.linear(p["x"], p["W_1"].T)
    return head(torch.tanh(functional.layer_norm(z, z.shape, p["γ"], p["β"])), p)


def batch_norm(p):
    z = functional.linear(p["X"], p["W_1"].T)
    return head(torch.tanh(functional.batch_norm(z, None, None, p["γ"], p["β"], training=True)), p)


def weight_norm(p):
    weights = torch._weight_norm(p["V"].T, p["g"][:, None], 0)  # what nn.utils.parametrizations.weight_norm computes
    return head(torch.tanh(functional.linear(p["x"], weights, p["b_1"])), p)


def text_cnn(p):
    sentence = p["X"].T[None]  # torch: (batch, channels, words)
    pooled = []
    for filters, bias in (("F_2", "b_2"), ("F_3", "b_3")):
        answers = torch.tanh(functional.conv1d(sentence, p[filters].permute(2, 1, 0), p[bias]))
        pooled.append(functional.max_pool1d(answers, answers.shape[-1]).squeeze(-1))
    logits = functional.linear(torch.cat(pooled, -1), p["U"].T, p["b"])
    return functional.cross_entropy(logits, p["y_true"].argmax()[None])


def attention(causal):
    def model(p):
        q, k, v = (p["X"] @ p[name] for name in ("W_Q", "W_K", "W_V"))
        mixed = functional.scaled_dot_product_attention(q, k, v, is_causal=causal)
        logits = functional.linear(mixed.mean(0), p["U"].T)
        return functional.cross_entropy(logits[None], p["y_true"].argmax()[None])

    return model


def run(cell, weights, sequence):
    """A torch layer of one direction, with the weights given; returns its outputs. `sequence`: time first, or packed.

    `weights`: {torch's name without its prefix: tensor}.
    """
    size_in, size = sequence.data.shape[-1], weights["weight_hh_l0"].shape[-1]
    layer = cell(size_in, size, num_layers=len(weights) // 4, dtype=torch.float64)
    return torch.func.functional_call(layer, weights, (sequence,))[0]


def elman(p, sequence):
    weights = {"weight_ih_l0": p["W"].T, "weight_hh_l0": p["U"].T, "bias_ih_l0": p["b"]}
    return run(torch.nn.RNN, {**weights, "bias_hh_l0": torch.zeros_like(p["b"])}, sequence)


def gates(p, layer=0, mark=""):
    """The weights of one layer of an LSTM, in torch's order of the gates."""
    biases = torch.cat([p[f"b_{g}{mark}"] for g in "ifco"])
    return {
        f"weight_ih_l{layer}": torch.cat([p[f"W_{g}{mark}"].T for g in "ifco"]),
        f"weight_hh_l{layer}": torch.cat([p[f"U_{g}{mark}"].T for g in "ifco"]),
        f"bias_ih_l{layer}": biases,
        f"bias_hh_l{layer}": torch.zeros_like(biases),
    }


def classified(state, p, bias="c"):
    logits = functional.linear(state, p["V"].T, p[bias])
    return functional.cross_entropy(logits, p["y_true"].argmax(-1))


def padded(p):
    packed = pack_padded_sequence(p["X"], p["n"].to(torch.int64).detach(), enforce_sorted=False)
    outputs, lengths = pad_packed_sequence(elman(p, packed))
    return classified(outputs[lengths - 1, range(len(lengths))], p)


def tree_lstm(tree):
    """A binary TreeLSTM (Tai et al. 2015) grown along nested pairs of word numbers, as torch lets one write it."""

    def model(p):
        weights = torch.cat([p[f"W_{gate}"].T for gate in "ilrou"])

        def grown(node):
            if isinstance(node, int):
                return torch.tanh(p[f"x_{node}"]), p[f"x_{node}"]
            (left, left_memory), (right, right_memory) = map(grown, node)
            *gates, new = functional.linear(torch.cat([left, right]), weights).chunk(5)
            write, keep_left, keep_right, show = map(torch.sigmoid, gates)
            memory = write * torch.tanh(new) + keep_left * left_memory + keep_right * right_memory
            return show * torch.tanh(memory), memory

        logits = functional.linear(grown(tree)[0], p["V"].T)
        return functional.cross_entropy(logits, p["y_true"].argmax())

    return model


def sentiment(p):
    words = functional.embedding(p["x"].detach().to(torch.int64), p["E"].detach())
    packed = pack_padded_sequence(words, p["n"].detach().to(torch.int64), enforce_sorted=False)
    outputs, lengths = pad_packed_sequence(run(torch.nn.LSTM, gates(p, 0, "1") | gates(p, 1, "2"), packed))
    return classified(outputs[lengths - 1, range(len(lengths))], p, "d")


def zoneout(p):
    cell = torch.nn.RNNCell(p["x"].shape[-1], len(p["b"]), dtype=torch.float64)
    weights = {"weight_ih": p["W"].T, "weight_hh": p["U"].T, "bias_ih": p["b"], "bias_hh": torch.zeros_like(p["b"])}
    state = torch.zeros_like(p["b"])
    for x, mask in zip(p["x"], p["m"], strict=True):
        state = torch.where(mask == 1, state, torch.func.functional_call(cell, weights, (x, state)))
    return classified(state, p)


def with_penalty(model, weights):
    return lambda p: model(p) + p["λ"] / 2 * torch.linalg.norm(p[weights]) ** 2


MODELS = {
    "mlp": mlp,
    "neuron-sigma": neuron(torch.sigmoid),
    "neuron-relu": neuron(torch.relu),
    "neuron-tanh": neuron(torch.tanh),
    "logistic-regression": logistic_regression,
    "softmax-regression": softmax_regression,
    "softmax-mlp": softmax_mlp,
    "binary-cross-entropy": with_penalty(logistic_regression, "w"),
    "cross-entropy": with_penalty(softmax_regression, "W"),
    "mlp-minibatch": minibatch,
    "dropout-train": dropout,
    "dropout-inference": mlp,
    "gaussian-dropout": lambda p: head(torch.tanh(hidden(p)) * p["n"], p),
    "layer-norm": layer_norm,
    "batch-norm": batch_norm,
    "weight-norm": weight_norm,
    "text-cnn": text_cnn,
    "rnn": lambda p: classified(elman(p, p["x"])[-1], p),
    "rnn-tagging": lambda p: classified(elman(p, p["x"]), p),
    "rnn-minibatch-padded": padded,
    "zoneout": zoneout,
    "lstm": lambda p: classified(run(torch.nn.LSTM, gates(p), p["x"])[-1], p, "d"),
    "sentiment-lstm": sentiment,
    "numbers-break": logistic_regression,
    "softmax-overflow": softmax_regression,
    "log-of-zero": softmax_regression,
    "selu": lambda p: head(torch.selu(hidden(p)), p),
    "attention": attention(causal=False),
    "attention-causal": attention(causal=True),
    "tree-lstm-1": tree_lstm((1, 2)),
    "tree-lstm-2": tree_lstm((1, (2, 3))),
    **torch_models.MODELS,
}


def test_every_scenario_has_a_model_here():
    assert set(MODELS) == set(gl.scenarios())


@pytest.mark.parametrize("at", ["default", "min", "max"])
@pytest.mark.parametrize("seed", [0, 3])
@pytest.mark.parametrize("name", MODELS)
def test_loss_and_every_parameter_gradient_agree_with_torch(name, seed, at):
    bounds = gl.scenario(name).bounds
    s = gl.scenario(name, sizes={n: getattr(size, at) for n, size in bounds.items()}, seed=seed)
    feeds = s.feeds()
    tensors = {n: torch.tensor(v, dtype=torch.float64, requires_grad=True) for n, v in feeds.items()}
    loss = MODELS[name](tensors)
    parameters = s.graph.names("parameter")
    wanted = dict(zip(parameters, torch.autograd.grad(loss, [tensors[n] for n in parameters]), strict=True))

    values = gl.forward(s.graph, feeds)
    gradients = gl.backward(s.graph, values, of=s.of)

    assert parameters
    if name in BROKEN and not np.isfinite(values[s.of]):  # torch has the stable form, which is finite
        assert np.isfinite(loss.item())
        return
    assert values[s.of] == pytest.approx(loss.item(), rel=1e-10, abs=1e-12)
    for n in parameters:
        expected = wanted[n].numpy()
        worst = np.max(np.abs(gradients[n] - expected)) / max(1.0, np.max(np.abs(expected)))
        assert worst < 1e-10, n


def test_a_phrase_means_the_same_within_a_longer_sentence():
    alone, inside = gl.scenario("tree-lstm-1"), gl.scenario("tree-lstm-2")
    phrase, sentence = gl.forward(alone.graph, alone.feeds()), gl.forward(inside.graph, inside.feeds())
    np.testing.assert_array_equal(phrase["h_3"], sentence["h_4"])
    assert (phrase["y"].argmax(), sentence["y"].argmax()) == (0, 1)  # very good; not very good


def test_the_prediction_is_the_class_torch_predicts():
    s = gl.scenario("softmax-regression")
    feeds = {n: torch.tensor(v) for n, v in s.feeds().items()}
    values = gl.forward(s.graph, s.feeds())
    logits = feeds["x"] @ feeds["W"] + feeds["b"]
    assert int(values["y_pred"]) == int(logits.argmax()) == 2

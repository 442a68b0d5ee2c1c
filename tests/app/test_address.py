"""The address of the page: what it says is read, validated, and written back."""

import pytest

from graphlab.app.address import read, write
from graphlab.player.choices import Choices

NAMES = ("mlp", "neuron-tanh")


def test_an_empty_address_opens_the_first_scenario():
    assert read({}, NAMES) == (Choices(scenario="mlp"), [])


def test_the_browser_chooses_the_language_where_the_address_names_none():
    assert read({}, NAMES, lang="ru")[0].lang == "ru"
    assert read({"lang": "en"}, NAMES, lang="ru")[0].lang == "en"
    assert read({}, NAMES, lang="de")[0].lang == "en"


def test_everything_a_person_chose_is_read():
    query = {
        "scenario": "neuron-tanh",
        "D": "5",
        "seed": "3",
        "lang": "ru",
        "step": "12",
        "inputs": "1",
        "flow": "1",
        "fold": "open",
    }
    assert read(query, NAMES) == (
        Choices(
            scenario="neuron-tanh", sizes={"D": 5}, seed=3, lang="ru", step=12, inputs=True, flow=True, fold="open"
        ),
        [],
    )


@pytest.mark.parametrize(
    "state",
    [
        Choices(scenario="mlp"),
        Choices(
            scenario="neuron-tanh",
            sizes={"D": 5, "H": 2},
            seed=3,
            lang="ru",
            step=12,
            inputs=True,
            flow=True,
            fold="open",
        ),
        Choices(scenario="mlp", own="eJwrSS0uAQAEXQHB", lang="en", step=1),
    ],
)
def test_an_address_written_is_read_back(state):
    assert read(write(state), NAMES) == (state, [])


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            {"scenario": "mpl"},
            "scenario=mpl in the address was left out: it takes one of mlp, neuron-tanh",
        ),
        ({"seed": "-1"}, "seed=-1 in the address was left out: it takes a whole number from 0 to 4294967295"),
        ({"seed": "1e3"}, "seed=1e3 in the address was left out: it takes a whole number from 0 to 4294967295"),
        ({"step": "٣"}, "step=٣ in the address was left out: it takes a whole number from 0 to 100000"),
        ({"lang": "<script>"}, "lang=<script> in the address was left out: it takes one of en, ru"),
        ({"inputs": "yes"}, "inputs=yes in the address was left out: it takes one of 0, 1"),
        ({"flow": "2"}, "flow=2 in the address was left out: it takes one of 0, 1"),
        (
            {"fold": "all"},
            "fold=all in the address was left out: it takes one of auto, open, gates, blocks, folded",
        ),
        ({"D": "4.5"}, "D=4.5 in the address was left out: a size is a whole number"),
    ],
)
def test_a_part_that_can_not_be_used_is_left_out_and_said(query, said):
    state, problems = read(query, NAMES)
    assert state == Choices(scenario="mlp")
    assert [str(p) for p in problems] == [said]


def test_a_long_bad_value_is_cut_in_the_message():
    _, problems = read({"scenario": "x" * 5000}, NAMES)
    assert len(str(problems[0])) < 200


def test_the_device_is_in_the_address_and_only_known_ones_are_taken():
    assert write(Choices(scenario="mlp", device="gpu"))["device"] == "gpu"
    assert "device" not in write(Choices(scenario="mlp"))
    assert read({"device": "gpu"}, NAMES)[0].device == "gpu"
    state, problems = read({"device": "tpu"}, NAMES)
    assert state.device == "cpu"
    assert problems[0].text() == "device=tpu in the address was left out: it takes one of cpu, gpu"

"""The choice of the device in the sidebar: offered where there is a GPU, explained where there is none."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from graphlab.app import device
from graphlab.errors import GraphlabError

SCRIPT = """
import streamlit as st
from graphlab.app.device import device_choice
from graphlab.i18n import translator
st.session_state.setdefault("gpu", True)
st.text(device_choice(translator({lang!r})))
"""


def _shown(monkeypatch, trouble, lang="en"):
    monkeypatch.setattr(device, "trouble", lambda: trouble)
    app = AppTest.from_string(SCRIPT.format(lang=lang)).run(timeout=30)
    assert not app.exception
    return app


def test_without_a_gpu_the_switch_is_off_and_says_what_it_takes(monkeypatch):
    app = _shown(monkeypatch, GraphlabError("cupy is not installed"))
    assert app.toggle[0].disabled
    assert not app.toggle[0].value
    assert app.text[0].value == "cpu"
    assert app.caption[0].value == "No GPU here."
    assert "There is no GPU to compute on: cupy is not installed" in app.toggle[0].help.replace("\\", "")
    assert "requirements-gpu.txt" in app.toggle[0].help.replace("\\", "")


def test_the_reason_is_told_in_russian_too(monkeypatch):
    app = _shown(monkeypatch, GraphlabError("cupy is not installed"), "ru")
    assert app.toggle[0].label == "Вычислять на видеокарте"
    assert app.caption[0].value == "Здесь нет видеокарты."
    assert "Нужны видеокарта NVIDIA" in app.toggle[0].help


@pytest.mark.parametrize("on", [True, False])
def test_with_one_it_can_be_chosen(monkeypatch, on):
    app = _shown(monkeypatch, None)
    app.toggle[0].set_value(on).run()
    assert not app.toggle[0].disabled
    assert app.text[0].value == ("gpu" if on else "cpu")

"""The legend: what outlines and colours mean, with the picture's own shapes."""

import pytest

pytestmark = pytest.mark.browser


def shown(page):
    return page.locator('[data-role="legend"]  span').all_inner_texts()


def test_the_legend_names_what_the_picture_has(open_page):
    page = open_page("scenario=mlp&lang=en")
    page.click('[data-action="legend"]')
    kinds = ["input", "parameter", "temporary", "output", "operation"]
    assert shown(page) == [*kinds, "value", "gradient", "forward: values", "backward: gradients"]
    page.keyboard.press("ArrowRight")
    page.locator('.graphlab-player[data-step="1"]').wait_for()
    page.click('[data-action="legend"]')
    assert shown(page) == []


def test_a_constant_is_in_the_legend_of_a_graph_that_has_one(open_page):
    page = open_page("scenario=rnn&lang=ru")
    page.click('[data-action="legend"]')
    assert "константа" in shown(page)

"""The page in a real Chromium: the slides' walk by keyboard and by mouse, its numbers judged by torch."""

import re

import pytest
import torch
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)  # two cores, and other tests beside this one

FORWARD = ["tmp_1", "tmp_2", "h", "tmp_3", "tmp_4", "y", "loss"]
# The seed step ∂loss/∂loss, then one operation a step: what each sends its gradient to.
BACKWARD = [
    ["loss"],
    ["y"],
    ["tmp_4"],
    ["tmp_3", "b_2"],
    ["h", "w_2"],
    ["tmp_2"],
    ["tmp_1", "b_1"],
    ["W_1"],
]


def judged():
    """Values and gradients of the slides' walk, by torch, from the numbers of scenarios/mlp.toml."""

    def leaf(x):
        return torch.tensor(x, dtype=torch.float64, requires_grad=True)

    v = {
        "x": leaf([1.0, -0.5]),
        "W_1": leaf([[0.5, -0.1, 0.4], [-0.2, 0.3, 1.0]]),
        "b_1": leaf([0.1, -0.1, 0.2]),
        "w_2": leaf([0.5, 1.0, -1.0]),
        "b_2": leaf(-0.2),
        "y_true": torch.tensor(1.0, dtype=torch.float64),
    }
    v["tmp_1"] = v["x"] @ v["W_1"]
    v["tmp_2"] = v["tmp_1"] + v["b_1"]
    v["h"] = torch.tanh(v["tmp_2"])
    v["tmp_3"] = v["h"] @ v["w_2"]
    v["tmp_4"] = v["tmp_3"] + v["b_2"]
    v["y"] = torch.sigmoid(v["tmp_4"])
    v["loss"] = torch.nn.functional.binary_cross_entropy(v["y"], v["y_true"])
    for x in v.values():
        if x.requires_grad:
            x.retain_grad()
    v["loss"].backward()
    return v, {name: x.grad for name, x in v.items() if x.grad is not None}


def player(page):
    return page.locator(".graphlab-player")


def chip(page, vertex, role):
    return page.locator(f'[data-vertex="{vertex}"] [data-role="{role}"]')


def numbers(text):
    return [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", text.replace("−", "-"))]


def read(page, vertex, role):
    """The numbers that a chip shows; a heat map's are in its title."""
    title = chip(page, vertex, role).locator("title")
    text = title.first.text_content() if title.count() else chip(page, vertex, role).text_content()
    return numbers(text)


def flat(tensor):
    return tensor.detach().reshape(-1).tolist()


def shown(page, vertex, role, tensor):
    assert read(page, vertex, role) == pytest.approx(flat(tensor), abs=0.006)


def walk(page, advance):
    """Step through the whole walk, reading every value and gradient off the page at the moment it appears."""
    values, gradients = judged()
    for vertex in ("x", "W_1", "b_1", "w_2", "b_2", "y_true"):
        shown(page, vertex, "value", values[vertex])
    for vertex in FORWARD:
        assert chip(page, vertex, "value").text_content() == ""
    for index, vertex in enumerate(FORWARD, 1):
        advance()
        expect(player(page)).to_have_attribute("data-step", str(index))
        expect(player(page)).to_have_attribute("data-phase", "forward")
        expect(page.locator(f'[data-vertex="{vertex}"]')).to_have_attribute("data-state", "current")
        expect(page.locator(f'[data-operation="{vertex}"]')).to_have_count(1)
        shown(page, vertex, "value", values[vertex])
        for later in FORWARD[index:]:
            assert chip(page, later, "value").text_content() == ""
    reached = set()
    for index, targets in enumerate(BACKWARD, len(FORWARD) + 1):
        advance()
        expect(player(page)).to_have_attribute("data-step", str(index))
        expect(player(page)).to_have_attribute("data-phase", "backward")
        for vertex in targets:
            shown(page, vertex, "gradient", gradients[vertex])
        reached |= set(targets)
        for vertex in values:
            if vertex not in reached:
                assert chip(page, vertex, "gradient").text_content() == ""
    assert player(page).get_attribute("data-steps") == str(len(FORWARD) + len(BACKWARD))


def test_the_slides_walk_by_keyboard(open_page):
    page = open_page()
    keys = iter(["ArrowRight", "PageDown", "Space"] * 5)
    walk(page, lambda: page.keyboard.press(next(keys)))
    page.keyboard.press("Home")
    expect(player(page)).to_have_attribute("data-step", "0")
    page.keyboard.press("End")
    expect(player(page)).to_have_attribute("data-step", "15")


def test_the_slides_walk_by_mouse(open_page):
    page = open_page()
    walk(page, lambda: page.locator('[data-action="next"]').click())
    page.locator('[data-action="back"]').click()
    expect(player(page)).to_have_attribute("data-step", "14")


def test_the_chain_rule_is_shown_in_symbols_in_numbers_and_in_words(open_page):
    page = open_page("step=10")
    expect(player(page)).to_have_attribute("data-step", "10")
    formula = page.locator('[data-role="formula"] math')
    said = re.sub(r"[\s\u2061-\u2064]", "", formula.text_content())
    assert said == "∇tmp4ℒ=∇yℒ·∇tmp4y=∇yℒ·y(1−y)"
    _, gradients = judged()
    shown_numbers = numbers(page.locator('[data-role="numbers"]').text_content())
    assert round(float(gradients["y"]), 3) in shown_numbers
    assert round(float(gradients["tmp_4"]), 3) in shown_numbers
    assert page.locator('[data-role="sentence"]').inner_text() != ""


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_the_walk_fits_the_screen_without_scrolling(open_page, size):
    page = open_page("step=12", size=size)
    page.wait_for_timeout(500)
    for selector in ('[data-role="sentence"]', '[data-action="next"]', "svg.graphlab-graph"):
        box = page.locator(selector).first.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= size[1]
    main = page.locator('[data-testid="stMain"]')
    assert main.evaluate("e => e.scrollHeight - e.clientHeight") <= 1


def test_every_choice_and_the_step_survive_a_reload(open_page):
    page = open_page("scenario=mlp&H=4&seed=3&lang=ru&step=5")
    expect(player(page)).to_have_attribute("data-step", "5")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("new URLSearchParams(location.search).get('step') === '6'")
    before = read(page, "W_1", "value")
    page.reload()
    expect(player(page)).to_have_attribute("data-step", "6", timeout=30_000)
    assert len(before) == 8
    assert read(page, "W_1", "value") == before
    expect(page.get_by_text("Сценарий", exact=True)).to_be_visible()


def test_a_bad_address_is_said_and_the_page_opens_all_the_same(open_page):
    page = open_page("scenario=nothing&step=-1&H=99&lang=xx")
    expect(page.get_by_text("scenario=nothing in the address was left out")).to_be_visible()
    expect(page.get_by_text("step=-1 in the address was left out")).to_be_visible()
    expect(page.get_by_text("H is a whole number from 1 to 8: got 99")).to_be_visible()
    expect(page.locator('[data-vertex="tmp_4"]')).to_have_count(1)


def test_a_russian_browser_gets_a_russian_page(open_page):
    page = open_page(locale="ru-RU")
    expect(page.get_by_text("Сценарий", exact=True)).to_be_visible()


def edit(page, text):
    box = page.locator(".st-key-equations textarea")
    box.fill(text)
    box.press("Control+Enter")


def test_a_mistake_shows_its_caret_and_help_and_the_picture_stays(open_page):
    page = open_page("step=3")
    edit(page, "h = tanh(x W_1 + b_1\ny = sigma(h w_2^T + b_2)\nloss = BCE(y_true, y)")
    mistake = page.locator(".st-key-mistake")
    expect(mistake).to_contain_text("line 1: h = tanh(x W_1 + b_1")
    expect(mistake).to_contain_text("^")
    expect(mistake).to_contain_text("help:")
    expect(page.locator('[data-vertex="tmp_4"]')).to_have_count(1)
    mistake.get_by_role("button").last.click()
    expect(mistake).to_have_count(0)
    expect(page.locator('[data-vertex="tmp_4"]')).to_have_count(1)


def test_edited_equations_redraw_graph_and_walk_and_fit_the_address(open_page):
    page = open_page()
    edit(page, r"\mathbf{y} = \sigma(\mathbf{x} \mathbf{w}^T + b) \\ \mathcal{L} = \text{BCE}(y_{true}, y)")
    expect(page.locator('[data-vertex="w"]')).to_have_count(1)
    expect(page.locator('[data-vertex="W_1"]')).to_have_count(0)
    page.wait_for_function("new URLSearchParams(location.search).has('own')")
    page.reload()
    expect(page.locator('[data-vertex="w"]')).to_have_count(1, timeout=30_000)


def choose_scenario(page, title):
    page.get_by_role("combobox", name="Scenario").click()
    page.get_by_role("option", name=title, exact=True).click()


def test_what_was_typed_is_there_again_after_a_look_at_another_scenario(open_page):
    page = open_page()
    edit(page, "y = sigma(x w^T)\nloss = BCE(y_true, y)")
    expect(page.locator('[data-vertex="W_1"]')).to_have_count(0)
    choose_scenario(page, "Logistic regression")
    expect(page.locator('[data-vertex="b"]')).to_have_count(1)
    choose_scenario(page, "Multilayer perceptron (MLP)")
    expect(page.locator('[data-vertex="b"]')).to_have_count(0)
    expect(page.locator('[data-vertex="W_1"]')).to_have_count(0)
    page.get_by_role("button", name="Back to the equations of the scenario").click()
    expect(page.locator('[data-vertex="W_1"]')).to_have_count(1)


def test_a_shape_that_can_not_be_inferred_is_asked_for_by_name(open_page):
    page = open_page()
    edit(page, "h = tanh(x W_1)\nz = h V\nloss = mean(z)")
    box = page.get_by_label("V", exact=True)
    expect(box).to_be_visible()
    box.fill("3, 2")
    box.press("Enter")
    expect(page.locator('[data-vertex="V"]')).to_have_count(1)


def test_a_chosen_vertex_shows_its_shape_value_gradient_and_heat_map(open_page):
    page = open_page("step=15")
    page.locator('[data-vertex="W_1"]').click()
    panel = page.locator(".st-key-details")
    expect(panel).to_contain_text("matrix 2 × 3")
    # Plotly itself is fetched by the browser at its first picture.
    expect(panel.locator(".js-plotly-plot")).to_have_count(2, timeout=30_000)
    panel.get_by_role("button", name="✕").click()
    expect(panel).to_have_count(0)


def test_a_gradient_that_comes_in_parts_is_a_ledger_with_its_running_sum(open_page):
    page = open_page("scenario=binary-cross-entropy&step=16")
    page.locator('[data-vertex="w"]').click()
    panel = page.locator(".st-key-details")
    expect(panel).to_contain_text("Part 1 of 2, from")
    expect(panel).to_contain_text("Part 2 of 2, from")
    expect(panel).to_contain_text("sum so far")


def test_the_step_can_be_saved_as_svg_from_the_page(open_page, tmp_path):
    page = open_page("step=12")
    with page.expect_download() as download:
        page.locator('[data-action="download"]').click()
    assert download.value.suggested_filename == "mlp-backward-12.svg"
    download.value.save_as(tmp_path / "s.svg")
    text = (tmp_path / "s.svg").read_text("utf-8")
    assert text.lstrip().startswith(("<svg", "<?xml"))
    assert 'data-vertex="tmp_4"' in text


def test_a_saved_scenario_is_opened_again(open_page, tmp_path):
    page = open_page()
    edit(page, "y = sigma(x w^T)\nloss = BCE(y_true, y)")
    expect(page.locator('[data-vertex="W_1"]')).to_have_count(0)
    page.get_by_text("Save and open").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a scenario file").click()
    saved = tmp_path / "own.toml"
    download.value.save_as(saved)
    other = open_page()
    other.get_by_text("Save and open").click()
    other.locator('input[type="file"]').set_input_files(saved)
    expect(other.locator('[data-vertex="W_1"]')).to_have_count(0, timeout=30_000)
    expect(other.locator('[data-vertex="w"]')).to_have_count(1)


def test_a_file_that_is_no_scenario_is_refused_with_its_line(open_page, tmp_path):
    page = open_page()
    bad = tmp_path / "bad.toml"
    bad.write_text('equations = """\nloss = mean(x\n"""\n', "utf-8")
    page.get_by_text("Save and open").click()
    page.locator('input[type="file"]').set_input_files(bad)
    expect(page.get_by_text("line 2: loss = mean(x")).to_be_visible()
    expect(page.locator('[data-vertex="tmp_4"]')).to_have_count(1)


def test_the_gradient_through_time_stands_beside_a_graph_that_has_time(open_page):
    page = open_page("scenario=rnn&flow=1")
    panel = page.locator(".st-key-flow_panel")
    expect(panel.locator(".js-plotly-plot")).to_have_count(3, timeout=30_000)
    expect(panel).to_contain_text("RNN: the gradient vanishes")
    expect(panel).to_contain_text("LSTM: the gradient")
    assert open_page().get_by_text("The gradient through time").count() == 0


def test_time_steps_fold_into_one_box_and_one_step_each(open_page):
    opened = open_page("scenario=rnn&fold=open")
    folded = open_page("scenario=rnn&fold=folded")
    assert opened.locator('[data-vertex="tmp_9"]').count() == 1
    assert folded.locator('[data-vertex="tmp_9"]').count() == 0
    assert folded.locator('[data-vertex="h_3"]').count() == 1
    # Three steps of five operations become three steps of one, forward and backward.
    steps = [int(player(page).get_attribute("data-steps")) for page in (opened, folded)]
    assert steps[0] - steps[1] == 2 * 3 * 4
    folded.keyboard.press("ArrowRight")
    expect(folded.locator('[data-role="sentence"]')).to_have_text(
        "h_1 from x_1, h_0, by the 5 operations folded in this box."
    )


def test_a_mistake_leaves_the_folding_and_the_address_as_they_were(open_page):
    page = open_page("scenario=rnn&fold=folded")
    steps = player(page).get_attribute("data-steps")
    address = page.evaluate("location.search")
    edit(page, "h_0 = 0\nh_t = tanh(x_t W +")
    expect(page.locator(".st-key-mistake")).to_contain_text("line 2")
    assert player(page).get_attribute("data-steps") == steps
    assert page.evaluate("location.search") == address


def test_another_own_file_may_have_tighter_sizes(open_page, tmp_path):
    page = open_page()
    page.get_by_text("Save and open").click()
    for largest in (8, 2):
        file = tmp_path / f"own{largest}.toml"
        file.write_text(
            'equations = """\nloss = mean(tanh(x W))\n"""\n[shapes]\nx = ["D"]\nW = ["D", "D"]\n'
            f"[sizes]\nD = {{ default = {largest}, min = 1, max = {largest} }}\n",
            "utf-8",
        )
        page.locator('input[type="file"]').set_input_files(file)
        expect(page.get_by_role("spinbutton", name="D", exact=True)).to_have_value(str(largest))
        expect(page.locator('[data-vertex="W"]')).to_have_count(1)

"""The slides' walk, LECTURE D1 and D2, step by step: what the strip below the graph says."""

import pytest
from walks import perceptron, slides_walk, square_walk

from graphlab.engine import trace
from graphlab.explain import explain

# For each step: in symbols, with numbers put in, the sentence in English and in Russian.
SLIDES = [
    (
        r"\mathbf{tmp}_1 = \mathbf{x}\,\mathbf{W}_1",
        r"\mathbf{tmp}_1 = {\begin{pmatrix} 1 & -0.500 \end{pmatrix}}\,{\begin{pmatrix} 0.500 & -0.250 \\ 1 & 0.500 \end{pmatrix}} = {\begin{pmatrix} 0 & -0.500 \end{pmatrix}}",
        "tmp_1 is the row vector x times the matrix W_1.",
        "tmp_1 — вектор-строка x, умноженная на матрицу W_1.",
    ),
    (
        r"\mathbf{tmp}_2 = \mathbf{tmp}_1 + \mathbf{b}_1",
        r"\mathbf{tmp}_2 = {\begin{pmatrix} 0 & -0.500 \end{pmatrix}} + {\begin{pmatrix} 0.100 & 0 \end{pmatrix}} = {\begin{pmatrix} 0.100 & -0.500 \end{pmatrix}}",
        "tmp_2 is the sum of tmp_1 and b_1.",
        "tmp_2 — сумма tmp_1 и b_1.",
    ),
    (
        r"\mathbf{h} = \tanh\left(\mathbf{tmp}_2\right)",
        r"\mathbf{h} = \tanh{\begin{pmatrix} 0.100 & -0.500 \end{pmatrix}} = {\begin{pmatrix} 0.100 & -0.462 \end{pmatrix}}",
        "h is the hyperbolic tangent of tmp_2: any number becomes one between −1 and 1.",
        "h — гиперболический тангенс от tmp_2: любое число превращается в число от −1 до 1.",
    ),
    (
        r"\mathit{tmp}_3 = \mathbf{h}\,\mathbf{w}_2^{\top}",
        r"\mathit{tmp}_3 = {\begin{pmatrix} 0.100 & -0.462 \end{pmatrix}}\,{\begin{pmatrix} 2 & -1 \end{pmatrix}}^{\top} = 0.661",
        "tmp_3 is the scalar product of h and w_2: elements multiplied in pairs, and summed.",
        "tmp_3 — скалярное произведение h и w_2: элементы попарно перемножены и сложены.",
    ),
    (
        r"\mathit{tmp}_4 = \mathit{tmp}_3 + b_2",
        r"\mathit{tmp}_4 = 0.661 + \left(-0.250\right) = 0.411",
        "tmp_4 is the sum of tmp_3 and b_2.",
        "tmp_4 — сумма tmp_3 и b_2.",
    ),
    (
        r"y = \sigma\left(\mathit{tmp}_4\right)",
        r"y = \sigma\left(0.411\right) = 0.601",
        "y is the sigmoid of tmp_4: any number becomes one between 0 and 1.",
        "y — сигмоида от tmp_4: любое число превращается в число от 0 до 1.",
    ),
    (
        r"\mathcal{L} = -\left(y_{true} \cdot \log y + \left(1 - y_{true}\right) \cdot \log\left(1 - y\right)\right)",
        r"\mathcal{L} = -\left(1 \cdot \log 0.601 + \left(1 - 1\right) \cdot \log\left(1 - 0.601\right)\right) = 0.508",
        "L is the binary cross-entropy: small where y is near the truth y_true, and large where it is surely wrong.",
        "L — бинарная кросс-энтропия: она мала, когда y близко к истинному значению y_true, и велика при уверенной ошибке.",
    ),
    (
        r"\nabla_{\mathcal{L}} \mathcal{L} = 1",
        r"",
        "The walk back starts here: the gradient of L by itself is 1.",
        "Отсюда начинается обратный проход: градиент L по самой себе равен 1.",
    ),
    (
        r"\nabla_{y} \mathcal{L} = 1 \cdot \frac{y - y_{true}}{y \left(1 - y\right)}",
        r"-1.663 = 1 \cdot \frac{0.601 - 1}{0.601 \left(1 - 0.601\right)}",
        "The gradient at y points away from the truth y_true; a confident wrong answer makes it large.",
        "Градиент по y направлен прочь от истинного значения y_true; уверенная ошибка делает его большим.",
    ),
    (
        r"\nabla_{\mathit{tmp}_4} \mathcal{L} = \nabla_{y} \mathcal{L} \cdot \nabla_{\mathit{tmp}_4} y = \nabla_{y} \mathcal{L} \cdot y \left(1 - y\right)",
        r"-0.399 = -1.663 \cdot 0.601 \left(1 - 0.601\right)",
        "The sigmoid multiplies the gradient by its slope y(1 − y), which is 1/4 at most.",
        "Сигмоида умножает градиент на свою производную y(1 − y), а она не больше 1/4.",
    ),
    (
        r"\begin{array}{l} \nabla_{\mathit{tmp}_3} \mathcal{L} = \nabla_{\mathit{tmp}_4} \mathcal{L} \cdot \nabla_{\mathit{tmp}_3} \mathit{tmp}_4 = \nabla_{\mathit{tmp}_4} \mathcal{L} \cdot 1 = \nabla_{\mathit{tmp}_4} \mathcal{L} \\ \nabla_{b_2} \mathcal{L} = \nabla_{\mathit{tmp}_4} \mathcal{L} \cdot \nabla_{b_2} \mathit{tmp}_4 = \nabla_{\mathit{tmp}_4} \mathcal{L} \cdot 1 = \nabla_{\mathit{tmp}_4} \mathcal{L} \end{array}",
        r"\nabla_{\mathit{tmp}_3} \mathcal{L} = -0.399 \qquad \nabla_{b_2} \mathcal{L} = -0.399",
        "A sum passes the gradient at tmp_4 on unchanged: tmp_3 and b_2 both receive it.",
        "Сумма передаёт градиент по tmp_4 без изменений: его получают и tmp_3, и b_2.",
    ),
    (
        r"\begin{array}{l} \nabla_{\mathbf{h}} \mathcal{L} = \nabla_{\mathit{tmp}_3} \mathcal{L} \cdot \nabla_{\mathbf{h}} \mathit{tmp}_3 = \nabla_{\mathit{tmp}_3} \mathcal{L} \cdot \mathbf{w}_2 \\ \nabla_{\mathbf{w}_2} \mathcal{L} = \nabla_{\mathit{tmp}_3} \mathcal{L} \cdot \nabla_{\mathbf{w}_2} \mathit{tmp}_3 = \nabla_{\mathit{tmp}_3} \mathcal{L} \cdot \mathbf{h} \end{array}",
        r"\begin{array}{l} {\begin{pmatrix} -0.797 & 0.399 \end{pmatrix}} = -0.399 \cdot {\begin{pmatrix} 2 & -1 \end{pmatrix}} \\ {\begin{pmatrix} -0.040 & 0.184 \end{pmatrix}} = -0.399 \cdot {\begin{pmatrix} 0.100 & -0.462 \end{pmatrix}} \end{array}",
        "h and w_2 trade places: h receives the gradient at tmp_3 times w_2, and w_2 receives it times h.",
        "h и w_2 меняются ролями: h получает градиент по tmp_3, умноженный на w_2, а w_2 — умноженный на h.",
    ),
    (
        r"\nabla_{\mathbf{tmp}_2} \mathcal{L} = \nabla_{\mathbf{h}} \mathcal{L} \cdot \nabla_{\mathbf{tmp}_2} \mathbf{h} = \nabla_{\mathbf{h}} \mathcal{L} \cdot \operatorname{diag}\left(1 - \mathbf{h}^2\right) = \nabla_{\mathbf{h}} \mathcal{L} \odot \left(1 - \mathbf{h}^2\right)",
        r"{\begin{pmatrix} -0.789 & 0.313 \end{pmatrix}} = {\begin{pmatrix} -0.797 & 0.399 \end{pmatrix}} \odot \left(1 - {\begin{pmatrix} 0.100 & -0.462 \end{pmatrix}}^2\right)",
        "tanh multiplies the gradient by its slope 1 − h²: where h is near ±1, little passes.",
        "tanh умножает градиент на свою производную 1 − h²: там, где h близко к ±1, проходит мало.",
    ),
    (
        r"\begin{array}{l} \nabla_{\mathbf{tmp}_1} \mathcal{L} = \nabla_{\mathbf{tmp}_2} \mathcal{L} \cdot \nabla_{\mathbf{tmp}_1} \mathbf{tmp}_2 = \nabla_{\mathbf{tmp}_2} \mathcal{L} \cdot \mathbf{I} = \nabla_{\mathbf{tmp}_2} \mathcal{L} \\ \nabla_{\mathbf{b}_1} \mathcal{L} = \nabla_{\mathbf{tmp}_2} \mathcal{L} \cdot \nabla_{\mathbf{b}_1} \mathbf{tmp}_2 = \nabla_{\mathbf{tmp}_2} \mathcal{L} \cdot \mathbf{I} = \nabla_{\mathbf{tmp}_2} \mathcal{L} \end{array}",
        r"\nabla_{\mathbf{tmp}_1} \mathcal{L} = {\begin{pmatrix} -0.789 & 0.313 \end{pmatrix}} \qquad \nabla_{\mathbf{b}_1} \mathcal{L} = {\begin{pmatrix} -0.789 & 0.313 \end{pmatrix}}",
        "A sum passes the gradient at tmp_2 on unchanged: tmp_1 and b_1 both receive it.",
        "Сумма передаёт градиент по tmp_2 без изменений: его получают и tmp_1, и b_1.",
    ),
    (
        r"\nabla_{\mathbf{W}_1} \mathcal{L} = \nabla_{\mathbf{tmp}_1} \mathcal{L} \cdot \nabla_{\mathbf{W}_1} \mathbf{tmp}_1 = \mathbf{x}^{\top}\,\nabla_{\mathbf{tmp}_1} \mathcal{L}",
        r"{\begin{pmatrix} -0.789 & 0.313 \\ 0.395 & -0.157 \end{pmatrix}} = {\begin{pmatrix} 1 & -0.500 \end{pmatrix}}^{\top}\,{\begin{pmatrix} -0.789 & 0.313 \end{pmatrix}}",
        "W_1 receives an outer product: its element (i, j) is x[i] times element j of the gradient at tmp_1.",
        "W_1 получает внешнее произведение: его элемент (i, j) — это x[i], умноженное на элемент j градиента по tmp_1.",
    ),
]


@pytest.mark.parametrize(
    ("index", "said"), list(enumerate(SLIDES, 1)), ids=lambda v: str(v) if isinstance(v, int) else ""
)
def test_every_step_of_the_slides_walk(index, said):
    walk = slides_walk()
    english, russian = explain(walk, walk[index - 1]), explain(walk, walk[index - 1], lang="ru")
    assert (english.symbols, english.numbers, english.sentence, russian.sentence) == said
    assert (russian.symbols, russian.numbers) == (english.symbols, english.numbers)


def test_the_walk_has_no_other_steps():
    assert len(slides_walk()) == len(SLIDES) == 15


def test_before_the_first_step_there_is_an_invitation():
    said = explain(slides_walk(), None)
    assert (said.symbols, said.numbers) == ("", "")
    assert said.sentence == "Nothing is computed yet: only the inputs and the parameters are known."
    assert explain(slides_walk(), None, lang="ru").sentence.startswith("Пока ничего не вычислено")


def test_an_unknown_language_is_refused():
    walk = slides_walk()
    with pytest.raises(ValueError, match="unknown language"):
        explain(walk, walk[0], lang="de")


def test_digits_can_be_chosen():
    walk = slides_walk()
    assert explain(walk, walk[5], digits=2).numbers == r"y = \sigma\left(0.41\right) = 0.60"


def test_a_vertex_used_twice_shows_the_running_sum():
    walk = square_walk()
    said = explain(walk, walk[-1])
    grad, up = r"\nabla_{\mathbf{x}} \mathcal{L}", r"\nabla_{\mathbf{tmp}_1} \mathcal{L}"
    first, second = said.symbols.split(r" \\ ")
    assert first.endswith(
        rf"{grad} \leftarrow {up} \cdot \nabla_{{\mathbf{{x}}}} \mathbf{{tmp}}_1 = {DIAGONAL} = {up} \odot \mathbf{{x}}"
    )
    assert rf"{grad} \leftarrow {grad} + {up} \cdot" in second
    assert said.numbers.split(r" \\ ")[-1].startswith(
        r"{\begin{pmatrix} 1 & -6 \end{pmatrix}} = {\begin{pmatrix} 0.500 & -3 \end{pmatrix}} + "
    )
    assert said.sentence == (
        "In a product each factor receives the gradient times the other one: here, times x. "
        "This completes the gradient at x: it is the sum of 2 parts."
    )


DIAGONAL = r"\nabla_{\mathbf{tmp}_1} \mathcal{L} \cdot \operatorname{diag}\left(\mathbf{x}\right)"


def test_larger_sizes_are_elided_and_stay_within_the_strip():
    ours = perceptron(d=50, h=40)
    feeds = {
        "x": [0.1] * 50,
        "W_1": [[0.01] * 40] * 50,
        "b_1": [0.0] * 40,
        "w_2": [-0.5] * 40,
        "b_2": 1.5,
        "y_true": 0,
    }
    walk = trace(ours, feeds, wrt=ours.names("parameter"))
    assert explain(walk, walk[0]).numbers == (
        r"\begin{array}{l} \mathbf{tmp}_1 = {\begin{pmatrix} 0.100 & 0.100 & \cdots & 0.100 \end{pmatrix}}_{50}\,"
        r"{\begin{pmatrix} 0.010 & 0.010 & \cdots & 0.010 \\ \vdots & \vdots &  & \vdots \\"
        r" 0.010 & 0.010 & \cdots & 0.010 \end{pmatrix}}_{50 \times 40} \\"
        r" \qquad = {\begin{pmatrix} 0.050 & 0.050 & \cdots & 0.050 \end{pmatrix}}_{40} \end{array}"
    )

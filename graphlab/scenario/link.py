"""A scenario in a few hundred characters, for the address of the page: compressed, and checked when it comes back."""

from __future__ import annotations

import base64
import binascii
import re
import zlib

from ..errors import N_, ScenarioError, message
from .model import Scenario
from .reading import LARGEST_FILE, load
from .writing import dump

LONGEST = 1800  # characters; servers and chat programs cut longer addresses
VERSION = "1"

# What scenario files are made of: with it the compressor need not spell these words out. Version 1 of the code is tied to
# it byte by byte; another dictionary is another version.
_WORDS = """_F^2 ‖^2 CrossEntropy(y_true, y)mean(softmax(argmax(yReLU(exp(log(sqrt(sum(λ/2 ‖W
order = 0
row = "
batch = "N"
seed =
[section]
[description]
en = "
ru = "
constants = ["λ"]
outputs = ["y", "loss"]
draw = "one_hot" "bernoulli" "uniform" "glorot" "normal", scale = 0.5, decimals = 1 }
label = { en = "hidden units", ru = "нейронов в скрытом слое" } }
label = { en = "features", ru = "признаков" } }
истинный класс выход: вероятность класса потеря на одном объекте смещение веса вход: признаки
the true class output: the probability of class loss of one object bias weights input: the features
equations = \"\"\"
h = tanh(x W_1 + b_1)
y = sigma(h w_2^T + b_2)
loss = BCE(y_true, y)
\"\"\"
loss = "loss"

[title]
en = "

[kinds]
inputs = ["x", "y_true"]
parameters = ["W_1", "b_1", "w_2", "b_2"]

[shapes]
x = ["D"]
W_1 = ["D", "H"]
b_1 = ["H"]
y_true = []

[sizes]
D = { default = 3, min = 1, max = 8 }
H = { default = 3, min = 1, max = 8 }

[values]
x = [1.0, -0.5]
W_1 = [
    [0.5, -0.1, 0.4],
]

[draws]
[captions]
""".encode()


def encode(scenario: Scenario) -> str:
    """The scenario as letters, digits, `-` and `_`, at most 1,800 of them.

    `decode` gives it back under the name "own". Raises ScenarioError for one that is larger.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zdict=_WORDS)
    packed = packer.compress(dump(scenario).encode()) + packer.flush()
    code = VERSION + base64.urlsafe_b64encode(packed).decode().rstrip("=")
    if len(code) > LONGEST:
        raise ScenarioError(
            message(N_("this scenario is too large for a link: {n} characters of {limit}"), n=len(code), limit=LONGEST),
            help=message(N_("save it as a file")),
        )
    return code


def decode(code: str) -> Scenario:
    """The scenario of a link, checked like a file. Raises ScenarioError for anything `encode` did not make."""
    damaged = ScenarioError(
        message(N_("this link holds no scenario: it is damaged or was cut off")),
        help=message(N_("copy the whole link again, or open the scenario's file")),
    )
    if not isinstance(code, str) or len(code) > LONGEST or not re.fullmatch(r"1[A-Za-z0-9_-]+", code, re.ASCII):
        raise damaged
    unpacker = zlib.decompressobj(-15, zdict=_WORDS)
    try:
        packed = base64.urlsafe_b64decode(code[1:] + "=" * (-len(code[1:]) % 4))
        # No more than a file may have is ever unpacked, whatever the link claims.
        text = unpacker.decompress(packed, LARGEST_FILE + 1)
    except (binascii.Error, ValueError, zlib.error):
        raise damaged from None
    if len(text) > LARGEST_FILE or not unpacker.eof or unpacker.unused_data:
        raise damaged
    return load(text)

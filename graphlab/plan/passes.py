"""The merging passes, in the order in which they are made."""

from __future__ import annotations

from .differentiate import Recording
from .products import merge_beside, merge_gradients, merge_rows
from .rewrite import COSTS
from .sums import merge_sums

EVERYWHERE = (merge_beside, merge_rows, merge_sums)
PASSES = {"cpu": EVERYWHERE, "gpu": (*EVERYWHERE, merge_gradients)}


def merged(recording: Recording, device: str) -> Recording:
    """The recording with everything merged that is better computed in one call on the device."""
    for merge in PASSES[device]:
        recording = merge(recording, COSTS[device])
    return recording

"""The merging passes, in the order in which they are made."""

from __future__ import annotations

from .differentiate import Recording
from .products import merge_beside, merge_rows
from .sums import merge_sums

PASSES = (merge_beside, merge_rows, merge_sums)


def merged(recording: Recording) -> Recording:
    """The recording with everything merged that is better computed in one call."""
    for merge in PASSES:
        recording = merge(recording)
    return recording

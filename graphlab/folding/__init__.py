"""Folding: which operations of a graph are one box in the picture, and one step of the walk."""

from .boxes import FOLDINGS, Box, Folding, boxes, cluster_names

__all__ = ["FOLDINGS", "Box", "Folding", "boxes", "cluster_names"]

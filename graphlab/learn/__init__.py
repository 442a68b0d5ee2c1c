"""Experiments with networks: how gradients travel, and what training does with them."""

"""Formulas of teaching material with their meaning in PyTorch: what reading is judged by."""

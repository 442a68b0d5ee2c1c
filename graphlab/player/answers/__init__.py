"""The answers that the player may ask for: one module a kind of question. Each gets what it needs, as values."""

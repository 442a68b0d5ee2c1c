"""The player, free of any host: what it is sent, what it may ask, and its scripts and styles."""

"""The player, free of any host: its scripts and styles, and the page in which it stands alone."""

"""Where everything stands: columns, rows, time steps, and the paths of the edges."""

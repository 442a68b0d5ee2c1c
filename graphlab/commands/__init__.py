"""The commands of the command line: one module a command, with a function `run`."""

"""What stops a command: one sentence for the person at the keyboard, shown without a traceback."""


class Problem(Exception):
    """The message says what is wrong and what to do; `dap.cli.main` prints it and exits with code 1."""

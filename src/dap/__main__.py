"""`python -m dap COMMAND`: what `./dap` runs once everything is installed."""

import sys

from dap.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`python -m pyk4a_rp` is the command `pyk4a-rp`."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())

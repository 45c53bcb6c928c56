"""Run the command line with `python -m evcollab`."""

import sys

from evcollab.cli import main

sys.exit(main())

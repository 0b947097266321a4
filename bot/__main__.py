"""`python -m bot …`: the command line that `./huiyin` hands over to."""

from __future__ import annotations

import sys

from bot.cli.main import main

sys.exit(main(sys.argv[1:]))

# SPDX-License-Identifier: MIT
"""`python -m ascribo` is the command line."""

from .command import main

main()

"""The official Python SDKs against a hub: each check prints one TAP line, and any failure ends in status 1.

What it needs of its surroundings is told in clients.py.
"""

import logging
import os
import sys

import access  # noqa: F401 - each brings its checks along
import certificates  # noqa: F401
import jobs  # noqa: F401
import messages  # noqa: F401
import methods  # noqa: F401
import modules  # noqa: F401
import queries  # noqa: F401
import registry  # noqa: F401
import twins  # noqa: F401
from harness import run_all

if __name__ == "__main__":
    # The SDKs log every failure that a check provokes.
    logging.disable(logging.CRITICAL)
    passed = run_all()
    sys.stdout.flush()
    # Threads of a check that hung must not hold the process.
    os._exit(0 if passed else 1)

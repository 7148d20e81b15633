"""Named checks: each prints one TAP line, `ok - id: sentence`, and a hub that keeps silent fails only its own."""

import sys
import threading
import time
import traceback

from msrest.exceptions import HttpOperationError

PATIENCE_SECONDS = 20

checks = {}


def check(id, sentence):
    """Adds the function as a check. Ids are permanent: one that is retired is never given again."""

    def add(function):
        assert id not in checks, f"two checks are called {id}"
        checks[id] = (sentence, function)
        return function

    return add


def run_all():
    """Whether all have passed."""
    return all([_run(id, sentence, function) for id, (sentence, function) in checks.items()])


def _run(id, sentence, function):
    failures = []

    def work():
        try:
            function()
        except Exception:  # a check may fail in any way it likes
            failures.append(traceback.format_exc().strip())

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(3 * PATIENCE_SECONDS)
    if thread.is_alive():
        failures.append("the hub kept silent")
    print(f"{'not ok' if failures else 'ok'} - {id}: {sentence}")
    for line in "\n".join(failures).splitlines():
        print(f"  # {line}")
    sys.stdout.flush()
    return not failures


def refused(status, function, *arguments):
    """Runs what the hub must refuse with this status, and gives the refusal's text."""
    try:
        function(*arguments)
    except HttpOperationError as error:
        assert error.response.status_code == status, f"{error.response.status_code}: {error.response.text}"
        return error.response.text
    raise AssertionError(f"expected status {status}, got an answer")


def raises(kind, function, *arguments):
    """Runs what must fail with an exception of this kind, and gives it."""
    try:
        function(*arguments)
    except kind as error:
        return error
    raise AssertionError(f"expected {kind.__name__}, got an answer")


def eventually(describe, is_met):
    """The first description that meets the condition; fails with the last when none does in time."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        found = describe()
        if is_met(found):
            return found
        assert time.monotonic() < deadline, found
        time.sleep(0.05)

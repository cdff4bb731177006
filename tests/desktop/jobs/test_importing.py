"""Many threads that begin with the heavy libraries at once, in a fresh interpreter: none sees half a module."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import threading
from desktop.jobs.importing import import_libraries

assert "pydantic" not in __import__("sys").modules
problems, together = [], threading.Barrier(8)

def work(number):
    together.wait()
    try:
        import_libraries()
        if number % 2:
            from models.spec import ModelSpec
        else:
            from training.learner import Learner
    except BaseException as error:
        problems.append(repr(error))

threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
[one.start() for one in threads]
[one.join() for one in threads]
print(problems)
"""


def test_threads_that_start_together_find_whole_modules() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr

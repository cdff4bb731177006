"""``python -m training.tensorflow.worker``: the worker that the interpreter of a TensorFlow engine runs."""

from __future__ import annotations

from collections.abc import Mapping

from models.worker import main

__all__ = ["TASKS"]

TASKS: Mapping[str, str] = {
    "convert": "training.tensorflow.convert:convert_task",
    "proof": "training.tensorflow.proof:proof_task",
}
"""In the form of ``models.worker.TASKS``. A function takes its arguments (a dict of JSON) and a ``Report``, and returns
JSON or raises a ``SortwerkError``."""

if __name__ == "__main__":
    main(TASKS)

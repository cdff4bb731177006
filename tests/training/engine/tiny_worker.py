"""The worker of the tests' engine: its proof does what the installed distribution ``swtiny`` says."""

from __future__ import annotations

import importlib.metadata
import os
import signal
import sysconfig
import time
from collections.abc import Mapping
from typing import Any

from models.errors import EngineError
from models.worker import Report, main

TASKS = {
    "proof": "tests.training.engine.tiny_worker:proof_task",
    "double": "tests.training.engine.tiny_worker:double_task",
    "surroundings": "tests.training.engine.tiny_worker:surroundings_task",
}


def proof_task(arguments: Mapping[str, Any], report: Report) -> dict[str, Any]:
    import swtiny

    report(0, 1, "Computing")
    if swtiny.MODE == "wrong":
        raise EngineError("Tiny computes wrongly on cpu (a difference of 3); take another one.")
    if swtiny.MODE == "hangs":
        time.sleep(600)
    if swtiny.MODE == "crashes":
        os.kill(os.getpid(), signal.SIGSEGV)
    versions = {one.metadata["Name"]: one.version for one in importlib.metadata.distributions()}
    device = "cpu" if arguments["device"] == "auto" else arguments["device"]
    site = sysconfig.get_path("purelib")
    return {"device": device, "device_name": "", "difference": 0.0, "site": site, "versions": versions}


def double_task(arguments: Mapping[str, Any], report: Report) -> int:
    report(1, 1, "Doubling")
    return 2 * int(arguments["number"])


def surroundings_task(arguments: Mapping[str, Any], report: Report) -> dict[str, Any]:
    import swtiny

    import models

    return {"models": models.__file__, "swtiny": swtiny.__file__, "environment": dict(os.environ)}


if __name__ == "__main__":
    main(TASKS)

"""Says every two seconds what of the machine is in use, from a thread of its own."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import threading
import time

import psutil

from training.pytorch.session import Session
from training.runs.events import Resources

__all__ = ["Measuring"]

_EVERY = 2.0
_SHARE = ["--query-gpu=utilization.gpu,memory.used,memory.total", "--format=csv,noheader,nounits"]


class Measuring(contextlib.AbstractContextManager["Measuring"]):
    """Measures while it is entered.

    Args:
        session: that is told.
        card: the number of the graphics card of NVIDIA that computes; None for another device.
    """

    def __init__(self, session: Session, card: int | None) -> None:
        self._session = session
        self._tool = shutil.which("nvidia-smi") if card is not None else None
        self._card = card
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._measure, name="resources", daemon=True)

    def __enter__(self) -> Measuring:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _measure(self) -> None:
        psutil.cpu_percent()
        before, then = psutil.disk_io_counters(), time.monotonic()
        while not self._over.wait(_EVERY):
            now, counters = time.monotonic(), psutil.disk_io_counters()
            read = write = 0.0
            if before is not None and counters is not None:
                read = max(0, counters.read_bytes - before.read_bytes) / (now - then)
                write = max(0, counters.write_bytes - before.write_bytes) / (now - then)
            before, then = counters, now
            gpu, gpu_memory = self._shares()
            self._session.say(
                Resources(
                    cpu=psutil.cpu_percent() / 100,
                    memory=psutil.virtual_memory().percent / 100,
                    gpu=gpu,
                    gpu_memory=gpu_memory,
                    disk_read=read,
                    disk_write=write,
                )
            )

    def _shares(self) -> tuple[float | None, float | None]:
        if self._tool is None:
            return None, None
        try:
            done = subprocess.run(  # noqa: S603 - a program of the driver, with words of ours
                [self._tool, f"--id={self._card}", *_SHARE], capture_output=True, text=True, timeout=5, check=True
            )
            busy, used, total = (float(one) for one in done.stdout.split(","))
        except (OSError, ValueError, subprocess.SubprocessError):
            return None, None
        return busy / 100, used / total

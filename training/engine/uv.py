"""uv as a child process: found, started, watched line by line, stopped at any moment; its failures are one sentence."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from models.errors import Cancelled, EngineError
from models.workspace import atomic_file
from training.engine.failures import explain
from training.engine.network import Network, uv_environment
from training.engine.running import end

__all__ = ["LOG", "PACKED", "Uv", "find_uv", "no_tick", "stop_stray", "unpack"]

PACKED = "uv.xz"
"""What the executable carries: uv is a tenth of its whole size, and a third of that when packed."""

LOG = "install.log"
"""In the folder of the engines: all that uv said, the newest last."""

_RUNNING = "uv.json"
"""Which uv runs, for the next start: a program that was killed leaves it behind."""

_LOOK = 0.1
"""Seconds between two looks at ``cancel``."""

_ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def find_uv(engines: Path) -> Path:
    """The uv that comes with the program. The executable carries it packed, and unpacks it into ``engines`` once.

    Raises:
        EngineError: it is not there, or can't be unpacked.
    """
    with contextlib.suppress(ImportError, FileNotFoundError):
        if getattr(sys, "frozen", False):
            return unpack(Path(getattr(sys, "_MEIPASS", "")) / PACKED, engines / "bin")
        from uv import find_uv_bin

        return Path(find_uv_bin())
    raise EngineError("The installer uv, which comes with Sortwerk, is missing; install Sortwerk again.")


def unpack(packed: Path, folder: Path) -> Path:
    """A program that was packed with LZMA, unpacked into ``folder`` unless it is there already.

    Raises:
        EngineError: it can't be unpacked.
        FileNotFoundError: there is nothing packed.
    """
    import hashlib
    import lzma

    content = packed.read_bytes()
    ending = ".exe" if sys.platform == "win32" else ""
    target = folder / f"uv-{hashlib.sha256(content).hexdigest()[:12]}{ending}"
    if target.is_file():
        return target
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with atomic_file(target) as file:
            file.write(lzma.decompress(content))
            os.chmod(file.name, 0o755)  # noqa: PTH101, S103 - a program, as it would have been installed
    except (OSError, lzma.LZMAError) as error:
        raise EngineError(f"The installer uv can't be unpacked into {folder} ({error}); free some space.") from error
    return target


def no_tick() -> None:
    """What is done while uv runs, where there is nothing to do."""


class Uv:
    """Runs uv for the engines in a folder.

    Args:
        engines: the folder; the log and the cache are in it.
        network: how to fetch.
        cancel: set it to stop; None for never.
    """

    def __init__(self, engines: Path, network: Network, cancel: threading.Event | None) -> None:
        self._engines, self._network, self._cancel = engines, network, cancel
        self._program = find_uv(engines)

    def run(
        self,
        *arguments: str,
        on_line: Callable[[str], None] | None = None,
        tick: Callable[[], None] = no_tick,
    ) -> list[str]:
        """Run uv with ``arguments``, wait for it, and return the lines that it said.

        Args:
            arguments: of uv.
            on_line: called with each line, in this thread.
            tick: called ten times a second.

        Raises:
            EngineError: it failed.
            Cancelled: ``cancel`` was set; uv has ended then.
        """
        self._check()
        self._engines.mkdir(parents=True, exist_ok=True)
        lines: list[str] = []
        heard: queue.Queue[str | None] = queue.Queue()
        process = self._start(arguments)
        reader = threading.Thread(target=_read, args=(process, heard), name="uv-says", daemon=True)
        reader.start()
        try:
            with (self._engines / LOG).open("a", encoding="utf-8", errors="replace") as log:
                log.write(f"$ uv {' '.join(arguments)}\n")
                while True:
                    self._check()
                    tick()
                    with contextlib.suppress(queue.Empty):
                        line = heard.get(timeout=_LOOK)
                        if line is None:
                            break
                        lines.append(line)
                        log.write(line + "\n")
                        log.flush()
                        if on_line is not None:
                            on_line(line)
                status = process.wait()
        finally:
            end(process)
            reader.join(5)
            if process.stdout is not None:
                process.stdout.close()
            with contextlib.suppress(OSError):
                (self._engines / _RUNNING).unlink(missing_ok=True)
        if status != 0:
            raise EngineError(explain(lines, self._network, self._engines / LOG))
        return lines

    def _check(self) -> None:
        if self._cancel is not None and self._cancel.is_set():
            raise Cancelled("The installation was cancelled.")

    def _start(self, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
        try:
            process = subprocess.Popen(  # noqa: S603 - the uv that comes with the program
                [str(self._program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=self._engines,
                env=uv_environment(self._network, self._engines),
                start_new_session=sys.platform != "win32",  # Ctrl+C in the terminal is ours to handle
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise EngineError(f"The installer {self._program} can't be started; install Sortwerk again.") from error
        with contextlib.suppress(psutil.Error, OSError):
            born = psutil.Process(process.pid).create_time()
            (self._engines / _RUNNING).write_text(json.dumps({"pid": process.pid, "born": born}))
        return process


def stop_stray(engines: Path) -> None:
    """End the uv that a killed program has left running on ``engines``, if there is one."""
    path = engines / _RUNNING
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError, psutil.Error):
        said = json.loads(path.read_text())
        process = psutil.Process(int(said["pid"]))
        if process.create_time() == said["born"]:
            process.kill()
            process.wait(10)
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def _read(process: subprocess.Popen[bytes], heard: queue.Queue[str | None]) -> None:
    if process.stdout is not None:
        for line in process.stdout:
            heard.put(_ESCAPES.sub("", line.decode("utf-8", "replace")).rstrip())
    heard.put(None)

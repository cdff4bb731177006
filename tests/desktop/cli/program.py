"""Runs the program as a person would: a process, its output, its exit status."""

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

__all__ = ["SORTWERK", "sortwerk"]

SORTWERK = [sys.executable, "-m", "desktop"]


def sortwerk(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program to its end; its output is taken as UTF-8 unless ``environment`` says otherwise."""
    return subprocess.run(
        [*SORTWERK, *arguments],
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"} | environment,
        check=False,
    )

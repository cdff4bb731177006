"""Work in a child process, so that a crash, a flood of memory or an endless loop is one sentence and nothing more.

    facts = run_task("examine", {"path": "/models/foreign.onnx"}, limits=Limits(memory=2 << 30, seconds=120))

``run_task`` is the parent's side (``parent.py``), ``main`` the child's (``child.py``), ``messages.py`` what they say.
A worker with other tasks, such as the engine's, calls ``main`` with a table of its own, and its command is given to
``run_task``.
"""

from __future__ import annotations

from models.worker.child import TASKS, Report
from models.worker.child import run as main
from models.worker.messages import Limits
from models.worker.parent import INHERITED, Step, own_command, own_environment, run_task

__all__ = ["INHERITED", "TASKS", "Limits", "Report", "Step", "main", "own_command", "own_environment", "run_task"]

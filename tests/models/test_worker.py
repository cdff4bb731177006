"""Real child processes that crash, flood, hang, print and are cancelled: each is one sentence, and nothing is left."""

from __future__ import annotations

import contextlib
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import psutil
import pytest

from models.errors import Cancelled, LabelError, ModelError, SortwerkError, WorkerError
from models.worker import Limits, Step, run_task
from models.worker.messages import Progress, ProtocolError, Started, Task, read, write
from tests.conftest import ROOT
from tests.models.worker_tasks import COMMAND

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")


def ask(task: str, arguments: dict[str, Any] | None = None, **options: Any) -> Any:
    return run_task(task, arguments or {}, command=COMMAND, **options)


def open_descriptors() -> int:
    return psutil.Process().num_fds() if sys.platform != "win32" else psutil.Process().num_handles()


@pytest.mark.parametrize("value", [None, 3, "Küche \udc80 \n", [1, {"a": [True, 0.5]}], "x" * 3_000_000])
def test_values_come_back_as_they_went(value: object) -> None:
    assert ask("echo", {"value": value}) == value


def test_the_child_sees_no_workspace_no_keys_and_a_folder_that_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "hush")
    seen = ask("surroundings")
    folder = Path(seen["folder"])
    assert seen["environment"]["SORTWERK_HOME"] != os.environ["SORTWERK_HOME"]
    assert Path(seen["environment"]["TMPDIR"]).name == folder.name
    assert "SECRET_TOKEN" not in seen["environment"]
    assert seen["environment"]["OMP_NUM_THREADS"] == "2"
    assert not folder.exists()
    assert not psutil.pid_exists(seen["pid"])
    assert {"numpy", "onnx", "onnxruntime", "PySide6"} & set(seen["loaded"]) == set()


def test_an_environment_of_ones_own() -> None:
    seen = ask("surroundings", environment={"PYTHONPATH": str(ROOT), "CUDA_VISIBLE_DEVICES": "0"})
    assert seen["environment"]["CUDA_VISIBLE_DEVICES"] == "0"
    assert "OMP_NUM_THREADS" not in seen["environment"]


def test_what_is_printed_disturbs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    steps: list[Step] = []
    with caplog.at_level(logging.DEBUG, "models.worker"):
        assert ask("prints", on_progress=steps.append) == "true"
    assert steps == [Step(1, 2, "halfway")]
    assert "a warning of the task" in caplog.text
    assert "forged" in caplog.text


@posix
@pytest.mark.parametrize(("task", "name"), [("abort", "SIGABRT"), ("read_zero", "SIGSEGV")])
def test_a_crash_is_a_sentence_with_its_signal(task: str, name: str, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(WorkerError) as caught:
        ask(task)
    assert str(caught.value) == f"The model crashed the program that looked at it (signal {name}); don't use it."
    assert caught.value.reason == "signal"
    assert "Fatal Python error" in caplog.text  # what the child printed last is in the log


def test_an_end_without_a_word_is_a_sentence() -> None:
    with pytest.raises(WorkerError, match=r"^big\.onnx ended the program .* \(exit status 7\)") as caught:
        ask("leave", about="big.onnx")
    assert caught.value.reason == "exit"


def test_a_flood_of_memory_is_stopped() -> None:
    with pytest.raises(WorkerError, match=r"needs more memory than the 0\.25 GiB it may have") as caught:
        ask("hog", limits=Limits(memory=256 << 20))
    assert caught.value.reason == "memory"


@posix
def test_asking_for_more_than_there_is_is_the_same_sentence() -> None:
    with pytest.raises(WorkerError, match="needs more memory than the 2 GiB") as caught:
        ask("gulp")
    assert caught.value.reason == "memory"


def test_an_endless_loop_is_stopped() -> None:
    with pytest.raises(WorkerError, match=r"was not done within 1\.5 seconds") as caught:
        ask("loop", limits=Limits(seconds=1.5))
    assert caught.value.reason == "time"


@pytest.mark.parametrize("task", ["count", "loop"], ids=["listens", "deaf"])
def test_cancelling(task: str) -> None:
    cancel = threading.Event()
    timer = threading.Timer(0.6, cancel.set)
    timer.start()
    with pytest.raises(Cancelled):
        ask(task, cancel=cancel, limits=Limits(grace=0.3))
    timer.join()
    with pytest.raises(Cancelled):  # and nothing starts any more
        ask(task, cancel=cancel)


def test_children_of_the_child_go_with_it() -> None:
    born: list[int] = []
    with pytest.raises(WorkerError, match="was not done"):
        ask("breed", limits=Limits(seconds=2), on_progress=lambda step: born.append(int(step.done)))
    gone = [pid for pid in born if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE]
    assert born
    assert gone == born


@pytest.mark.parametrize(
    ("how", "error", "sentence"),
    [
        ("model", ModelError, "It is no good."),
        ("label", LabelError, "No such name."),
        ("file", WorkerError, "a.png is empty; leave it out."),
        ("other", WorkerError, "The model could not be worked on because of a fault in Sortwerk (ValueError: odd)"),
    ],
)
def test_what_the_task_raises_is_raised_here(how: str, error: type[SortwerkError], sentence: str) -> None:
    with pytest.raises(error) as caught:
        ask("fail", {"how": how})
    assert type(caught.value) is error
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize("task", ["nonsense", "missing"])
def test_a_broken_task_is_a_fault(task: str) -> None:
    with pytest.raises(WorkerError, match="fault in Sortwerk"):
        ask(task)


def test_a_task_that_is_not_there() -> None:
    with pytest.raises(WorkerError, match="has no task fly"):
        ask("fly")


def test_a_program_that_is_not_there() -> None:
    with pytest.raises(WorkerError, match="could not be started") as caught:
        run_task("echo", {}, command=["/no/such/program"])
    assert caught.value.reason == "start"


@pytest.mark.parametrize(
    ("says", "sentence"),
    [
        ("hello", "speaks no language this program knows"),
        (
            '{"version": 2, "type": "result"}',
            "speaks version 2 of the language between them",
        ),
        ('{"version": 1, "type": "progress", "done": "x"}', "says progress with fields that don't fit"),
    ],
)
def test_a_program_that_speaks_another_language(says: str, sentence: str) -> None:
    with pytest.raises(WorkerError, match=sentence) as caught:
        run_task(
            "echo", {}, command=[sys.executable, "-c", f"import time; print({says!r}, flush=True); time.sleep(60)"]
        )
    assert caught.value.reason == "protocol"


def test_a_line_without_end_is_refused() -> None:
    flood = "import sys\nwhile True: sys.stdout.write('x' * 1000000)"
    with pytest.raises(WorkerError, match="speaks no language"):
        run_task("echo", {}, command=[sys.executable, "-c", flood])


def test_nothing_is_left_behind() -> None:
    ask("echo", {"value": 1})
    threads, descriptors = threading.active_count(), open_descriptors()
    for task in ("echo", "leave", "prints"):
        with contextlib.suppress(WorkerError):
            ask(task, {"value": 1})
    assert (threading.active_count(), open_descriptors()) == (threads, descriptors)
    assert psutil.Process().children() == []


def test_a_worker_whose_parent_is_gone_ends() -> None:
    worker = subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, start_new_session=True, bufsize=0
    )
    assert worker.stdin is not None
    assert worker.stdout is not None
    with worker.stdin as ear, worker.stdout as mouth:
        assert isinstance(read(mouth.readline()), Started)
        ear.write(write(Task(name="loop", arguments={})))
        ear.close()
        assert worker.wait(30) == 1


def test_the_programs_own_entry_works_without_qt_and_typer() -> None:
    code = "import sys\nfrom desktop.__main__ import main\nmain(['--worker'])"
    with pytest.raises(ModelError, match=r"nothing\.onnx"):
        run_task("examine", {"path": "/nothing.onnx"}, command=[sys.executable, "-c", code])
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "desktop", "--worker"],
        input=b"", capture_output=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert b"models.worker" in done.stderr
    assert not any(name in done.stderr for name in (b"PySide6", b"typer", b"numpy", b"desktop.cli.app"))


def test_messages_of_a_newer_writer_are_read() -> None:
    line = b'{"version": 1, "type": "progress", "done": 1, "unheard": [1]}'
    assert read(line) == Progress(done=1)
    assert read(b'{"version": 1, "type": "unheard"}') is None
    for nonsense in (b"", b"[]", b"{}", b'{"version": 1}', b"\xff", b"[" * 100_000):
        with pytest.raises(ProtocolError):
            read(nonsense)

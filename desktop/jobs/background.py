"""Jobs: pieces of work with a title, progress, an end, and a way to stop them.

A job's action runs in a thread; what it emits, and how it ends, arrives on the GUI thread, a few milliseconds' worth a
turn, so that no flood of results can hold up the window. A job that emits faster than the window takes is made to wait.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desktop.jobs.importing import import_libraries
from models.errors import Cancelled, SortwerkError
from models.progress import Progress

__all__ = ["Context", "Job", "JobState", "Jobs"]

_log = logging.getLogger(__name__)
_TURN_SECONDS = 0.006  # of work on the GUI thread before other events get their turn
_IN_FLIGHT = 32  # emitted and not yet taken, a job
_PROGRESS_SECONDS = 0.05  # between two tellings of how far a job is: more nobody sees, and each is painted

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


class JobState(Enum):
    """Where a job stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Context(Generic[Item]):
    """What an action gets: a way to hand over items, to report progress, and to notice that it was cancelled."""

    def __init__(self, emit: Callable[[Item], None], progress: Callable[[Progress], None]) -> None:
        self.cancel = threading.Event()
        self.emit = emit
        self.progress = progress


class Job(QObject):
    """One piece of background work. ``changed`` fires on the GUI thread whenever progress or state change.

    Attributes:
        title: what the job bar says.
        say: how far it is, in words of its own; None for the usual ones, which count.
        stop_words: what the button says that stops it.
        on_stop: what that button does instead of cancelling the job; None to cancel it.
    """

    changed = Signal()

    def __init__(self, title: str, parent: QObject, say: Callable[[Progress], str] | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.say = say
        self.stop_words = "Cancel"
        self.on_stop: Callable[[], None] | None = None
        self.state = JobState.RUNNING
        self.progress = Progress(0, None, 0, 0.0, None)
        self.context: Context[Any] | None = None

    def cancel(self) -> None:
        """Ask the action to stop; it ends as ``CANCELLED`` when it has."""
        if self.context is not None:
            self.context.cancel.set()


class _Latest:
    """How far a job is: only the last word counts, and that is passed on a few times a second.

    Args:
        post: brings a call to the GUI thread.
        tell: called there.
    """

    def __init__(self, post: Callable[[Callable[[], None]], None], tell: Callable[[Progress], None]) -> None:
        self.value: Progress | None = None
        self._post, self._tell = post, tell
        self._waiting = False
        self._next = 0.0

    def report(self, progress: Progress) -> None:
        """For the job's thread, as often as it likes."""
        self.value = progress
        now = time.perf_counter()
        if not self._waiting and now >= self._next:
            self._waiting, self._next = True, now + _PROGRESS_SECONDS
            self._post(self._deliver)

    def _deliver(self) -> None:
        self._waiting = False
        if self.value is not None:
            self._tell(self.value)


class Jobs(QObject):
    """Starts jobs and brings their news to the GUI thread.

    Signals:
        started: a new job.
    """

    started = Signal(Job)
    _wake = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._news: deque[Callable[[], None]] = deque()
        self._threads: dict[threading.Thread, Job] = {}
        self._woken = threading.Event()
        self._closing = False
        self._wake.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def start(
        self,
        title: str,
        action: Callable[[Context[Item]], Outcome],
        *,
        on_item: Callable[[Item], None] | None = None,
        on_done: Callable[[Outcome], None] | None = None,
        on_error: Callable[[str], None] | None = None,
        on_end: Callable[[Job], None] | None = None,
        visible: bool = True,
        say: Callable[[Progress], str] | None = None,
    ) -> Job:
        """Run ``action`` in a thread of its own.

        Args:
            title: what the job bar says, such as "Looking at pictures".
            action: gets a :class:`Context`; raising :class:`~models.errors.Cancelled` ends it as cancelled.
            on_item: called on the GUI thread with each emitted item, in order.
            on_done: called on the GUI thread with what ``action`` returned, after the last item.
            on_error: called on the GUI thread with one sentence.
            on_end: called on the GUI thread last, however the job ended.
            visible: whether the job bar shows it.
            say: how far it is, in words; None for the usual ones, which count.
        """
        job = Job(title, self, say)
        waiting = threading.Semaphore(_IN_FLIGHT)

        def emit(item: Item) -> None:
            while not waiting.acquire(timeout=0.2):
                if context.cancel.is_set():
                    raise Cancelled("stopped")
            self._post(lambda: deliver(item))

        def deliver(item: Item) -> None:
            waiting.release()
            if on_item is not None and not context.cancel.is_set():
                on_item(item)

        latest = _Latest(self._post, lambda progress: self._progress(job, progress))
        context: Context[Item] = Context(emit, latest.report)
        job.context = context

        def end(
            state: JobState, callback: Callable[[Any], None] | None = None, value: Outcome | str | None = None
        ) -> None:
            job.state = state
            job.progress = latest.value or job.progress
            job.changed.emit()
            if callback is not None:
                callback(value)
            if on_end is not None:
                on_end(job)
            self._forget(job)

        def work() -> None:
            try:
                import_libraries()
                outcome = action(context)
            except Cancelled:
                self._post(lambda: end(JobState.CANCELLED))
            except SortwerkError as error:
                sentence = str(error)
                _log.exception("job %r failed", title)
                self._post(lambda: end(JobState.FAILED, on_error, sentence))
            except Exception as error:  # the window must hear of every end, also of a fault in this program
                sentence = f"{title} stopped at a fault in Sortwerk ({type(error).__name__}); the log has the details."
                _log.exception("job %r crashed", title)
                self._post(lambda: end(JobState.FAILED, on_error, sentence))
            else:
                self._post(lambda: end(JobState.DONE, on_done, outcome))

        thread = threading.Thread(target=work, name=f"job: {title}", daemon=True)
        self._threads[thread] = job
        if visible:
            self.started.emit(job)
        thread.start()
        return job

    def close(self, timeout: float = 10.0) -> None:
        """Cancel everything, wait ``timeout`` seconds at most for the threads to end, and deliver nothing more."""
        self._closing = True
        for job in self._threads.values():
            job.cancel()
        deadline = time.monotonic() + timeout
        for thread in tuple(self._threads):
            thread.join(max(0.0, deadline - time.monotonic()))
        self._threads.clear()
        self._news.clear()

    def _post(self, news: Callable[[], None]) -> None:
        if self._closing:
            return
        self._news.append(news)
        if not self._woken.is_set():
            self._woken.set()
            self._wake.emit()

    def _deliver(self) -> None:
        self._woken.clear()
        end = time.perf_counter() + _TURN_SECONDS
        while self._news and not self._closing:
            self._news.popleft()()
            if time.perf_counter() >= end:
                break
        if self._news and not self._closing:
            self._woken.set()
            QTimer.singleShot(0, self._deliver)

    def _progress(self, job: Job, progress: Progress) -> None:
        job.progress = progress
        job.changed.emit()

    def _forget(self, job: Job) -> None:
        for thread in [thread for thread, running in self._threads.items() if running is job]:
            thread.join()
            del self._threads[thread]
        job.deleteLater()

"""A pipeline that is cancelled, closed early, held up or falls behind."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from models.errors import Cancelled
from models.pipeline import Answer, Failure, Pipeline, Progress
from tests.models.pipelines import CountingBackbone, everything, model_on, pictures

pytestmark = pytest.mark.usefixtures("no_thread_is_left")


class TestStopping:
    def test_cancel_stops_before_the_end(self, tmp_path: Path, backbone: CountingBackbone) -> None:
        pictures(tmp_path, 500)
        cancel = threading.Event()
        lists = Pipeline(model_on(backbone), None, threads=2).run([tmp_path], cancel=cancel)
        assert 0 < len(next(lists)) < 500
        cancel.set()
        with pytest.raises(Cancelled):
            next(lists)
        assert sum(backbone.batches) < 500

    def test_cancel_before_the_start(self, tmp_path: Path, backbone: CountingBackbone) -> None:
        pictures(tmp_path, 5)
        cancel = threading.Event()
        cancel.set()
        with pytest.raises(Cancelled):
            everything(Pipeline(model_on(backbone), None), [tmp_path], cancel=cancel)

    def test_cancel_is_noticed_while_nothing_is_done(self, tmp_path: Path, backbone: CountingBackbone) -> None:
        pictures(tmp_path, 5)
        backbone.free.clear()
        cancel = threading.Event()

        def cancel_in_the_middle() -> None:
            backbone.reached.wait()
            cancel.set()
            time.sleep(0.3)  # long enough that only a waiting consumer can have noticed first
            backbone.free.set()

        helper = threading.Thread(target=cancel_in_the_middle)
        helper.start()
        with pytest.raises(Cancelled):
            everything(Pipeline(model_on(backbone), None), [tmp_path], cancel=cancel)
        helper.join()

    def test_closing_early_stops_the_threads(self, tmp_path: Path, backbone: CountingBackbone) -> None:
        pictures(tmp_path, 500)
        lists = Pipeline(model_on(backbone), None).run([tmp_path])
        next(lists)
        lists.close()
        asked = len(backbone.batches)
        assert sum(backbone.batches) < 500
        assert len(backbone.batches) == asked

    def test_an_error_in_the_callers_progress_reaches_the_caller(
        self, tmp_path: Path, backbone: CountingBackbone
    ) -> None:
        pictures(tmp_path, 5)

        def complain(progress: Progress) -> None:
            raise RuntimeError("the window is gone")

        with pytest.raises(RuntimeError, match="the window is gone"):
            everything(Pipeline(model_on(backbone), None), [tmp_path], on_progress=complain)


class TestBounds:
    def test_few_pictures_are_held_while_the_network_is_stuck(self, tmp_path: Path, backbone: CountingBackbone) -> None:
        """Whatever the number of files: with inference held up, decoding stops after a few batches."""
        paths = pictures(tmp_path, 400)
        backbone.free.clear()
        threads, batch_size = 2, 4
        lists = Pipeline(model_on(backbone), None, threads=threads, batch_size=batch_size).run([tmp_path])
        opened = threading.Thread(target=lambda: seen.extend(next(lists)))
        seen: list[Answer | Failure] = []
        opened.start()
        backbone.reached.wait()
        time.sleep(0.3)
        # Unread files can be taken away; each one missing later was not held in memory.
        for path in paths:
            path.unlink()
        backbone.free.set()
        opened.join()
        seen += [item for items in lists for item in items]
        held = sum(isinstance(item, Answer) for item in seen)
        assert len(seen) == 400
        assert held <= threads * (batch_size + 8)

    def test_a_consumer_that_falls_behind_pauses_the_workers(self, tmp_path: Path, backbone: CountingBackbone) -> None:
        pictures(tmp_path, 3000, side=1)
        lists = Pipeline(model_on(backbone), None, threads=2).run([tmp_path])
        first = next(lists)
        before = -1
        while sum(backbone.batches) != before:  # until they rest
            before = sum(backbone.batches)
            time.sleep(0.3)
        assert before < len(first) + 1024 + 100
        assert len(first) + sum(len(items) for items in lists) == 3000

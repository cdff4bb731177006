"""Learners of two windows on one workspace."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path

from tests.training.tiny import agrees, content, said, same_answers, window


class TestWindows:
    def test_each_sees_the_others_work_and_shares_its_undo(self, folder: Path, home: Path) -> None:
        with window(folder, home) as one, window(folder, home) as other:
            one.record([said(20, "glass")])
            assert other.head().labels == {}
            change = other.refresh()
            assert change is not None
            assert change.contents == {content(20)}
            same_answers(one, other)
            assert other.refresh() is None

            one.record([said(21, "cloth")])
            other.record([said(22, "stone")])  # learns both
            agrees(other, {content(20): "glass", content(21): "cloth", content(22): "stone"})
            one.undo()  # the other's act
            agrees(one, {content(20): "glass", content(21): "cloth"})
            one.undo()
            other.redo()
            agrees(other, {content(20): "glass", content(21): "cloth"})
            other.take_back("material", [content(20), content(21)])
            assert one.refresh() is not None
            agrees(one, {})

    def test_one_takes_back_what_it_has_not_seen_yet(self, folder: Path, home: Path) -> None:
        with window(folder, home) as one, window(folder, home) as other:
            one.record([said(20, "glass")])
            assert other.take_back("material", [content(20)]).contents == {content(20)}
            assert one.refresh() is not None
            agrees(one, {})

    def test_an_act_that_changes_nothing_misses_nothing(self, folder: Path, home: Path) -> None:
        with window(folder, home) as one, window(folder, home) as other:
            one.record([said(20, "glass")])
            other.record([])
            agrees(other, {content(20): "glass"})
            one.record([said(21, "glass")])
            other.take_back("material", [content(30)])
            agrees(other, {content(20): "glass", content(21): "glass"})

    def test_what_comes_while_the_other_learns_is_not_missed(self, folder: Path, home: Path) -> None:
        """The other window's act falls between an act of this one and the learning of it, and before, and after."""
        with window(folder, home) as one, window(folder, home) as other:
            store = one._store
            assert store is not None

            class Interrupting:
                def __init__(self, method: str, number: int) -> None:
                    self.method, self.number = method, number

                def __getattr__(self, name: str) -> object:
                    if name == self.method:
                        self.method = ""
                        other.record([said(self.number, "cloth")])
                    return getattr(store, name)

            expected = {}
            for number, method in enumerate(("add", "version", "labels"), start=20):
                one._store = Interrupting(method, number + 10)
                one.record([said(number, "glass")])
                expected |= {content(number): "glass", content(number + 10): "cloth"}
                one.refresh()
                agrees(one, expected)
            one._store = store

    def test_two_that_write_at_once_lose_nothing(self, folder: Path, home: Path) -> None:
        with contextlib.ExitStack() as stack:
            windows = [stack.enter_context(window(folder, home)) for _ in range(2)]

            def work(which: int) -> None:
                for number in range(11 + which, 40, 2):
                    windows[which].record([said(number, ("glass", "cloth")[which])])

            threads = [threading.Thread(target=work, args=(which,)) for which in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            for one in windows:
                one.refresh()
                agrees(one, {content(number): ("glass", "cloth")[(number - 11) % 2] for number in range(11, 40)})

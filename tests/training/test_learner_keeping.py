"""What a learner keeps without a picture at hand, and when it can't write."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.errors import WorkspaceError
from models.spec import read_spec
from tests.training import tiny
from tests.training.tiny import (
    LABELS,
    PICTURES,
    Backbone,
    agrees,
    content,
    embedding,
    learned,
    said,
    said_of,
    say,
    see,
    window,
)
from training.learner import Learner


class TestWaiting:
    def test_a_picture_that_was_not_seen_is_learned_when_it_is(self, folder: Path, home: Path) -> None:
        with window(folder, home) as learner:
            change = learner.record([said(50, "glass"), said(20, "glass")])
            assert (change.waiting, len(change.contents)) == (1, 2)
            assert learner.head().labels[content(50)] == "glass"
            assert learned(learner).waiting == {content(50)}
            assert learner.refresh() is None
            with window(folder, home) as other:
                assert learned(other).waiting == {content(50)}
                see(home, [50])
                for one in (learner, other):
                    seen = one.refresh()
                    assert seen is not None
                    assert (seen.contents, seen.waiting) == ({content(50)}, 0)
                    assert learned(one).head.examples[content(50)].category == "glass"
            for path in home.glob("cache.sqlite*"):
                path.unlink()
        with window(folder, home) as after:
            assert learned(after).waiting == set()

    def test_what_another_window_said_meanwhile_is_not_missed(self, folder: Path, home: Path) -> None:
        with window(folder, home) as learner, window(folder, home) as other:
            learner.record([said(50, "glass")])
            other.record([said(20, "cloth")])
            see(home, [50])
            learner.refresh()
            assert learner.refresh() is None
            assert set(learned(learner).head.examples) >= {content(50), content(20)}

    def test_taken_back_it_waits_no_more(self, folder: Path, home: Path) -> None:
        with window(folder, home) as learner:
            learner.record([said(50, "glass")])
            learner.undo()
            agrees(learner, {})

    def test_embeddings_may_be_given(self, folder: Path, home: Path) -> None:
        with window(folder, home) as learner:
            change = learner.record([said(50, "glass")], {content(50): embedding(50)})
            assert change.waiting == 0
            with pytest.raises(ValueError, match="8 finite numbers"):
                learner.record([said(51, "glass")], {content(51): np.full(8, np.nan, np.float16)})
            assert learner.head().labels == {content(50): "glass"}

    def test_a_picture_without_a_hash_is_kept_and_teaches_nothing(self, folder: Path, home: Path) -> None:
        with window(folder, home) as learner:
            change = learner.record([replace(said(20, "glass"), texture_hash=None)])
            assert (len(change.corrections), change.contents) == (1, frozenset())
            agrees(learner, {})
            assert learner.can_undo() == (True, False)

    @pytest.mark.parametrize("change", [{"model": "another"}, {"head": "colour"}, {"texture_hash": "abc"}])
    def test_what_is_not_for_this_model_is_refused(self, learner: Learner, change: dict[str, str]) -> None:
        with pytest.raises(ValueError, match=r"not of this model|hex"):
            learner.record([replace(said(20, "glass"), **change)])
        agrees(learner, {})
        assert learner.can_undo() == (False, False)


def no_room(learner: Learner) -> None:
    store = learner._store
    assert store is not None
    (pages,) = store._database.query("PRAGMA page_count")[0]
    store._database.query(f"PRAGMA max_page_count = {pages}")


def read_only(learner: Learner) -> None:
    store = learner._store
    assert store is not None
    store._database.query("PRAGMA query_only = ON")


class TestFailure:
    @pytest.mark.parametrize(
        ("spoil", "sentence"), [(no_room, "disk is full"), (read_only, "check that you may write")]
    )
    def test_what_can_not_be_kept_is_not_learned(
        self, folder: Path, home: Path, spoil: Callable[[Learner], None], sentence: str
    ) -> None:
        see(home, range(100, 400))
        with window(folder, home) as learner:
            say(learner)
            answers = said_of(learner)
            spoil(learner)
            with pytest.raises(WorkspaceError, match=sentence):
                learner.record([said(number, "cloth") for number in range(100, 400)])
            agrees(learner, LABELS)
            assert said_of(learner) == answers
            if spoil is read_only:
                for act in (learner.undo, lambda: learner.take_back("material", [content(20)])):
                    with pytest.raises(WorkspaceError, match=sentence):
                        act()
            agrees(learner, LABELS)
        with window(folder, home) as after:
            agrees(after, LABELS)

    def test_without_a_workspace_it_answers_and_says_why_it_can_not_learn(self, folder: Path) -> None:
        learner = Learner(folder, read_spec(folder), Backbone(), workspace=None, cache=None)
        for act in (lambda: learner.record([said(20, "glass")]), learner.undo, learner.redo):
            with pytest.raises(WorkspaceError, match="choose another one in Settings"):
                act()
        agrees(learner, {})
        assert (learner.refresh(), learner.can_undo()) == (None, (False, False))
        assert len(said_of(learner)) == len(PICTURES)
        learner.close()

    def test_a_cache_that_can_not_be_read_costs_nothing_but_time(
        self, folder: Path, home: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        with tiny.databases(home) as (workspace, cache):
            learner = Learner(folder, read_spec(folder), Backbone(), workspace=workspace, cache=cache)
            learner.record([said(20, "glass")])
            cache.close()
            with caplog.at_level(logging.WARNING):
                learner.record([said(20, "cloth")])
                assert learner.record([said(21, "cloth")]).waiting == 1
                learner.close()
            assert learned(learner).head.examples[content(20)].category == "cloth"
            assert "Going on without some embeddings" in caplog.text

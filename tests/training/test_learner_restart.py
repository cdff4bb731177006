"""What a learner knows after a restart: all of it, with the cache, without it, and with a damaged one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.training import tiny
from tests.training.tiny import LABELS, agrees, content, learned, said, said_of, same_answers, say, window


class TestRestart:
    def test_all_is_known_again(self, folder: Path, home: Path) -> None:
        with window(folder, home) as before:
            say(before)
            with window(folder, home) as after:
                agrees(after, LABELS)
                same_answers(after, before)
                assert after.can_undo() == (True, False)

    def test_without_the_cache_too(self, folder: Path, home: Path) -> None:
        with window(folder, home) as learner:
            say(learner)
            answers = said_of(learner)
        for path in home.glob("cache.sqlite*"):
            path.unlink()
        with window(folder, home) as after:
            agrees(after, LABELS)
            for mine, theirs in zip(said_of(after), answers, strict=True):
                assert mine == pytest.approx(theirs, abs=1e-5)

    def test_a_fit_in_the_cache_spares_another(self, folder: Path, home: Path) -> None:
        with window(folder, home) as learner:
            say(learner)
        with window(folder, home) as after:
            assert learned(after).head._inverse is None  # a fit from scratch would have made it
            agrees(after, LABELS)
            say(after)
            agrees(after, LABELS)
            after.record([said(30, "wood")])
        # What was kept is of the examples as they are now, and of no others
        with window(folder, home) as again:
            assert learned(again).head._inverse is None
            agrees(again, {**LABELS, content(30): "wood"})

    def test_a_fit_of_other_examples_is_not_used(self, folder: Path, home: Path) -> None:
        with window(folder, home) as learner:
            say(learner)
            learner.close()
            learner.record([said(31, "metal")])
            with window(folder, home) as after:  # as if the program had died
                assert learned(after).head._inverse is not None
                agrees(after, {**LABELS, content(31): "metal"})

    @pytest.mark.parametrize(
        "damage",
        [
            "facts = '{'",
            "facts = '[]'",
            "facts = replace(facts, 'temperature', 'heat')",
            "facts = json_set(facts, '$.calibration.temperature', 0)",
            "facts = json_set(facts, '$.calibration.unsure_below', 'much')",
            "facts = json_set(facts, '$.features', 4)",
            "facts = json_set(facts, '$.categories', json('[\"stone\"]'))",
            "weights = x''",
            "weights = substr(weights, 1, 7)",
            "weights = substr(weights, 1, 8 * 4)",
            "weights = zeroblob(length(weights))",
            "weights = CAST(substr(weights, 9) || x'000000000000f87f' AS BLOB)",
        ],
    )
    def test_a_damaged_fit_is_harmless(self, folder: Path, home: Path, damage: str) -> None:
        with window(folder, home) as learner:
            say(learner)
            how = learner.calibration("material")
        with tiny.databases(home) as (_, cache), cache.transaction() as connection:
            assert connection.execute(f"UPDATE fits SET {damage}").rowcount == 1  # noqa: S608  # made above
        with window(folder, home) as after:
            agrees(after, LABELS)
            assert after.calibration("material") == how

    def test_what_nobody_has_taught_is_not_kept(self, folder: Path, home: Path) -> None:
        with window(folder, home) as learner:
            learner.record([said(20, "glass")])
            learner.undo()
        with tiny.databases(home) as (_, cache):
            assert cache.query("SELECT * FROM fits") == []

    def test_how_sure_to_sound_is_kept(self, folder: Path, home: Path) -> None:
        with window(folder, home) as learner:
            learner.record([said(number, "glass" if number % 2 else "cloth") for number in range(11, 40)])
            shipped = learner.calibration("material")
            assert learner.settle(0.3)
            assert learner.calibration("material") != shipped
            assert not learner.settle(0.3)
        with window(folder, home) as after:
            assert after.calibration("material") == learner.calibration("material")
            assert not after.settle(0.3)

    @pytest.mark.parametrize("damage", ["zeroblob(14)", "x'007c007c007c007c007c007c007c007c'"])
    def test_a_damaged_embedding_is_one_that_waits(self, folder: Path, home: Path, damage: str) -> None:
        with window(folder, home) as learner:
            say(learner)
        with tiny.databases(home) as databases:
            for one in databases:
                with one.transaction() as connection:
                    sql = f"UPDATE embeddings SET vector = {damage} WHERE content = ?"  # noqa: S608  # from above
                    connection.execute(sql, (content(20),))
        with window(folder, home) as after:
            assert learned(after).waiting == {content(20)}
            assert after.head().labels == LABELS

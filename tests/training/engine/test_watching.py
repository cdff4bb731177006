from __future__ import annotations

from pathlib import Path

from training.engine.watching import Fetching, Installing, fetched


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_bytes_grow_with_the_disk_and_with_what_uv_says(tmp_path: Path) -> None:
    clock, steps = Clock(), list[Installing]()
    (tmp_path / "before").write_bytes(bytes(5000))
    fetching = Fetching({"torch": 800, "num-py": 100, "rest": 100}, (), 2.0, (tmp_path,), steps.append, clock)
    fetching.tick()
    assert (steps[-1].done, steps[-1].total, steps[-1].seconds_left) == (0, 1000, None)
    clock.now = 1.0
    fetching.line("Downloading torch (800B)")
    (tmp_path / "piece").write_bytes(bytes(400))
    fetching.tick()
    assert (steps[-1].done, steps[-1].words) == (200, "Fetching torch")
    assert (steps[-1].rate, steps[-1].seconds_left) == (200.0, 4.0)
    fetching.line(" Downloaded torch")
    fetching.tick()
    assert (steps[-1].done, steps[-1].words) == (800, "Fetching")
    (tmp_path / "piece").unlink()
    clock.now = 2.0
    fetching.tick()
    assert steps[-1].done == 800
    fetching.line("Prepared 2 packages in 3ms")
    fetching.tick()
    assert (steps[-1].phase, steps[-1].done) == ("installing", 1000)


def test_it_says_something_twice_a_second_also_when_nothing_comes(tmp_path: Path) -> None:
    clock, steps = Clock(), list[Installing]()
    fetching = Fetching({"torch": 10}, (), 1.0, (tmp_path,), steps.append, clock)
    for _ in range(20):
        fetching.tick()
        clock.now += 0.1
    assert len(steps) == 4
    fetching.line("something that uv says")
    assert len(steps) == 4


def test_after_a_restart_it_starts_from_what_is_there(tmp_path: Path) -> None:
    clock, steps = Clock(), list[Installing]()
    sizes = {"torch": 800, "numpy": 150, "pydantic-core": 50}
    for place in ("pypi/numpy/2.4.6-cp311", "index/0a1b/pydantic-core/2.0+cpu-py3", "pypi/torch/2.0-cp311"):
        path = tmp_path / "wheels-v7" / f"{place}.http"
        path.parent.mkdir(parents=True)
        path.touch()
    there = fetched(tmp_path, {"torch": ("2.15.0",), "numpy": ("2.4.6", "2.5.0"), "pydantic-core": ("2.0",)})
    assert there == ["numpy", "pydantic-core"]
    fetching = Fetching(sizes, there, 2.0, (tmp_path,), steps.append, clock)
    fetching.tick()
    assert (steps[-1].done, steps[-1].total, steps[-1].rate) == (200, 1000, 0.0)
    clock.now = 1.0
    (tmp_path / "piece").write_bytes(bytes(400))
    fetching.tick()
    assert (steps[-1].done, steps[-1].rate, steps[-1].seconds_left) == (400, 200.0, 3.0)
    fetching.line("Downloaded torch")
    fetching.tick()
    assert steps[-1].done == 1000


def test_a_cache_that_looks_otherwise_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "wheels-v99").touch()
    assert fetched(tmp_path, {"torch": ("2.15.0",)}) == []
    assert fetched(tmp_path / "missing", {"torch": ("2.15.0",)}) == []

"""How close the pipeline comes to what its cores could do: ``python -m tests.benchmarks.pipeline``.

In each round, one after the other, with as many threads as cores: D, reading, hashing and decoding alone; I, inference
alone; P, the pipeline with an empty cache; C, the pipeline again, now that the cache knows all. Every file is decoded
and inferred on the same cores, so no scheduling can beat 1 / (1/D + 1/I): the table shows which part of it P reaches.
Medians of the rounds; files come from the system's file cache, in which a run before the first round has put them.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import os
import platform
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.database import open_cache
from models.embedding import Embedder, EmbeddingCache
from models.images.decode import decode
from models.library import Model, load_model
from models.pipeline import BATCH_SIZE, Answer, Pipeline, cores, prepare
from models.sources import Source, find

DATA = Path(os.environ.get("SORTWERK_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
SETS = {"textures": DATA / "textures", "parts, photographs": DATA / "parts" / "real"}


class Counted:
    """A backbone that counts the pictures it is asked about."""

    def __init__(self, backbone: Embedder) -> None:
        self._backbone = backbone
        self.id, self.dimensions, self.cached = backbone.id, backbone.dimensions, backbone.cached
        self.longest, self.prepare = backbone.longest, backbone.prepare
        self.pictures = 0

    def embed(self, batch: NDArray[np.uint8]) -> NDArray[np.float16]:
        self.pictures += len(batch)
        return self._backbone.embed(batch)


@dataclass
class Rounds:
    """What was measured, a value a round: files a second, and the last in milliseconds."""

    decode: list[float] = field(default_factory=list)
    infer: list[float] = field(default_factory=list)
    pipeline: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    share: list[float] = field(default_factory=list)
    gap: list[float] = field(default_factory=list)
    inferred_again: int = 0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--files", type=int, default=600, help="of each set, chosen by chance with a fixed seed")
    parser.add_argument("--threads", type=int, default=cores())
    parser.add_argument("--batch", type=int, default=BATCH_SIZE)
    options = parser.parse_args()
    model = load_model()
    print(
        f"{platform.processor() or platform.machine()}, {options.threads} threads, batches of {options.batch}, ", end=""
    )
    print(f"backbone {model.backbone.id}, medians of {options.rounds} rounds, files a second\n")
    print("| files | decode only D | inference only I | ideal | pipeline P | P / ideal | all cached | inferred again "
          "| gap of another thread, 99 % |")  # fmt: skip
    print("| --- | --: | --: | --: | --: | --: | --: | --: | --: |")
    for name, folder in SETS.items():
        files = pictures(folder, options.files)
        print_row(name, len(files), measure(model, files, options.rounds, options.threads, options.batch))
    print()
    print_memory(model, pictures(SETS["textures"], options.files), options.threads, options.batch)


def pictures(folder: Path, count: int) -> list[Path]:
    """At most ``count`` files under ``folder`` that decode, each of a content of its own."""
    sources = [item for item in find([folder]) if isinstance(item, Source)]
    np.random.default_rng(0).shuffle(sources)  # a fixed seed: the same files every time
    chosen: dict[bytes, Path] = {}
    for source in sources:
        content = source.read()
        try:
            decode(content, source.name)
        except Exception:  # noqa: S112 - a file without an answer would count as a fast one
            continue
        chosen.setdefault(hashlib.sha256(content).digest(), source.path)
        if len(chosen) == count:
            break
    return list(chosen.values())


def measure(model: Model, files: Sequence[Path], rounds: int, threads: int, batch: int) -> Rounds:
    """All four, ``rounds`` times in turn."""
    sources = [Source(path) for path in files]
    squares = np.stack([prepare(source.read(), source.name, model.backbone) for source in sources[:128]])
    starts = range(0, len(files), batch)
    counted = Counted(model.backbone)
    subject = Model(model.spec, counted, model.path, [head for _, head in model._heads])
    measured = Rounds()

    def read(source: Source) -> None:
        data = source.read_picture()
        hashlib.sha256(data).digest()
        prepare(data, source.name, model.backbone)

    def infer(start: int) -> None:
        count = min(batch, len(files) - start)
        some = np.take(squares, range(start, start + count), axis=0, mode="wrap")
        model.answer([b""] * count, model.backbone.embed(some))

    for number in range(rounds + 1):
        decoding = len(files) / spread(read, sources, threads)
        inferring = len(files) / spread(infer, starts, threads)
        with tempfile.TemporaryDirectory() as home, Gaps() as gaps:
            database = open_cache(Path(home))
            pipeline = Pipeline(subject, EmbeddingCache(database), threads=threads, batch_size=batch)
            first = len(files) / timed(lambda pipeline=pipeline: run(pipeline, files))
            before = counted.pictures
            again = len(files) / timed(lambda pipeline=pipeline: run(pipeline, files))
            database.close()
        if number == 0:  # the first round warms up caches and allocators
            continue
        measured.decode.append(decoding)
        measured.infer.append(inferring)
        measured.pipeline.append(first)
        measured.again.append(again)
        measured.share.append(first * (1 / decoding + 1 / inferring))
        measured.gap.append(gaps.worst_but_one_percent())
        measured.inferred_again += counted.pictures - before
    return measured


def run(pipeline: Pipeline, files: Sequence[Path]) -> None:
    """Run ``files`` through; every one must be answered."""
    answered = sum(isinstance(item, Answer) for items in pipeline.run(files) for item in items)
    assert answered == len(files)


def spread(work: Callable, items: Sequence, threads: int) -> float:
    """Seconds that ``threads`` threads need to do ``work`` on every item."""
    queue: Iterator = iter(items)
    lock = threading.Lock()
    done = object()

    def worker() -> None:
        while True:
            with lock:
                item = next(queue, done)
            if item is done:
                return
            work(item)

    def all_workers() -> None:
        workers = [threading.Thread(target=worker) for _ in range(threads)]
        for thread in workers:
            thread.start()
        for thread in workers:
            thread.join()

    return timed(all_workers)


def timed(work: Callable[[], None]) -> float:
    """Seconds ``work`` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


class Gaps:
    """How long another Python thread that wants a turn every 5 ms is kept from it: what a window would feel."""

    def __enter__(self) -> Gaps:
        self._stop = threading.Event()
        self._gaps: list[float] = []
        self._thread = threading.Thread(target=self._tick)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _tick(self) -> None:
        while not self._stop.is_set():
            start = time.perf_counter()
            time.sleep(0.005)
            self._gaps.append(time.perf_counter() - start)

    def worst_but_one_percent(self) -> float:
        return float(np.quantile(self._gaps, 0.99)) * 1000


def print_row(name: str, count: int, rounds: Rounds) -> None:
    """One row of the table."""
    decode, infer, pipeline, again, share, gap = (
        statistics.median(values)
        for values in (rounds.decode, rounds.infer, rounds.pipeline, rounds.again, rounds.share, rounds.gap)
    )
    ideal = 1 / (1 / decode + 1 / infer)
    print(
        f"| {count} {name} | {decode:.0f} | {infer:.0f} | {ideal:.0f} | {pipeline:.0f} | {share:.2f} | {again:.0f} "
        f"| {rounds.inferred_again} | {gap:.0f} ms |",
        flush=True,
    )


def print_memory(model: Model, files: Sequence[Path], threads: int, batch: int) -> None:
    """Resident memory after a tenth of a long run, and the most of the rest of it."""
    repeated = list(itertools.islice(itertools.cycle(files), 4 * len(files)))
    done, early, most = 0, 0, 0
    for items in Pipeline(model, None, threads=threads, batch_size=batch).run(repeated):
        done += len(items)
        most = max(most, resident())
        if done < len(repeated) // 10:
            early = most
    print(f"Memory over {done:,} files: {early / 2**20:.0f} MB after a tenth, {most / 2**20:.0f} MB at most.")


def resident() -> int:
    """Bytes of this process in memory (Linux; 0 elsewhere)."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if statm.exists() else 0


if __name__ == "__main__":
    main()

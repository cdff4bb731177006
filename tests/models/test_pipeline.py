"""The pipeline on real files with real decoding; only the network is a stand-in where its calls are counted."""

import hashlib
import logging
import os
import shutil
import threading
import time
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from models.database import Database, open_cache
from models.embedding import EmbeddingCache
from models.errors import Cancelled, ModelError, WorkspaceError
from models.heads import Form
from models.images.resize import to_square
from models.library import Model, load_model
from models.pipeline import Answer, Failure, Pipeline, Progress
from models.sources import Source
from models.spec import HeadSpec, ModelSpec

CATEGORIES = ("dark", "light")


class CountingBackbone:
    """The mean and spread of each colour as an embedding; counts what it is asked, and can be held up."""

    id = "counting-1"
    dimensions = 6
    cached = True
    side = 32
    longest = 64

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.free = threading.Event()
        self.free.set()
        self.reached = threading.Event()

    def prepare(self, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        return to_square(rgb, self.side)

    def embed(self, batch: NDArray[np.uint8]) -> NDArray[np.float16]:
        assert batch.dtype == np.uint8
        assert batch.shape[1:] == (self.side, self.side, 3)
        self.reached.set()
        self.free.wait()
        self.batches.append(len(batch))
        flat = batch.reshape(len(batch), -1, 3)
        return np.concatenate([flat.mean(1), flat.std(1)], axis=1).astype(np.float16)


class BrokenBackbone(CountingBackbone):
    def embed(self, batch: NDArray[np.uint8]) -> NDArray[np.float16]:
        raise ModelError("The network is broken; get the model again.")


class ForgetfulCache:
    """A cache on a disk that is full."""

    asked = 0

    def get(self, backbone: str, contents: Sequence[bytes]) -> dict[bytes, NDArray[np.float16]]:
        return {}

    def put(self, backbone: str, vectors: object) -> None:
        self.asked += 1
        raise WorkspaceError("cache.sqlite could not be written because the disk is full; free some space.")


class Lightness:
    """A head that can tell dark from light."""

    form = Form()

    def __call__(self, embeddings: NDArray[np.float16]) -> NDArray[np.float32]:
        light = embeddings[:, :3].astype(np.float32).mean(axis=1) / 16 - 8
        return np.stack([-light, light], axis=1)


def model_on(backbone: CountingBackbone, **thresholds: float) -> Model:
    head = HeadSpec(name="tone", kind="categories", categories=CATEGORIES, **thresholds)
    return Model(ModelSpec(name="Tone", heads=(head,), backbone=backbone.id), backbone, Path(), [Lightness()])


@pytest.fixture
def backbone() -> CountingBackbone:
    return CountingBackbone()


@pytest.fixture
def cache() -> Iterator[EmbeddingCache]:
    database = open_cache()
    yield EmbeddingCache(database)
    database.close()


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


def pictures(folder: Path, count: int, side: int = 16) -> list[Path]:
    """PNG files of different content, dark for even numbers and light for odd ones."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(count):
        pixels = np.full((side, side, 3), 40 if number % 2 == 0 else 215, np.uint8)
        pixels[0, 0] = [pixels[0, 0, 0] + number % 8, pixels[0, 0, 1] + number // 8 % 16, number // 128]
        paths.append(folder / f"{number}.png")
        Image.fromarray(pixels).save(paths[-1], compress_level=1)
    return paths


def everything(pipeline: Pipeline, paths: Sequence[Path], **options: object) -> list[Answer | Failure]:
    return [item for items in pipeline.run(paths, **options) for item in items]


def by_name(items: Sequence[Answer | Failure]) -> dict[str, str]:
    return {i.source.label: i.best.category if isinstance(i, Answer) else str(i.error) for i in items}


class TestAnswers:
    def test_every_file_once(self, tmp_path: Path, backbone: CountingBackbone) -> None:
        paths = pictures(tmp_path / "in", 100)
        found = everything(Pipeline(model_on(backbone), None), [tmp_path / "in"])
        assert by_name(found) == {str(path): CATEGORIES[number % 2] for number, path in enumerate(paths)}
        assert len(found) == 100
        assert sum(backbone.batches) == 100

    def test_confidence_under_the_models_thresholds_is_marked(self, tmp_path: Path, backbone: CountingBackbone) -> None:
        for name, grey in (("sure", 250), ("unsure", 137), ("unknown", 128)):
            Image.new("RGB", (8, 8), (grey, grey, grey)).save(tmp_path / f"{name}.png")
        model = model_on(backbone, unknown_below=0.6, unsure_below=0.9)
        found = {item.source.path.stem: item for item in everything(Pipeline(model, None), [tmp_path])}
        assert [(found[n].unsure, found[n].unknown) for n in ("sure", "unsure", "unknown")] == [
            (False, False),
            (True, False),
            (True, True),
        ]

    def test_nothing_to_do_ends_at_once(self, tmp_path: Path, backbone: CountingBackbone) -> None:
        assert everything(Pipeline(model_on(backbone), None), []) == []
        assert everything(Pipeline(model_on(backbone), None), [tmp_path]) == []

    @pytest.mark.parametrize("threads", [1, 2, 7])
    @pytest.mark.parametrize("batch_size", [1, 5, 64])
    def test_any_number_of_threads_and_any_batch(
        self, tmp_path: Path, backbone: CountingBackbone, threads: int, batch_size: int
    ) -> None:
        pictures(tmp_path, 40)
        found = everything(Pipeline(model_on(backbone), None, threads=threads, batch_size=batch_size), [tmp_path])
        assert len(by_name(found)) == len(found) == 40
        assert max(backbone.batches) <= batch_size

    def test_the_first_answers_do_not_wait_for_a_full_batch(self, tmp_path: Path, backbone: CountingBackbone) -> None:
        pictures(tmp_path, 100)
        everything(Pipeline(model_on(backbone), None, threads=1, batch_size=32), [tmp_path])
        assert backbone.batches[:5] == [1, 2, 4, 8, 16]

    def test_real_textures_with_the_starter_model(self, data: Path, cache: EmbeddingCache) -> None:
        folders = [data / "textures" / "wood", data / "textures" / "metal"]
        pipeline = Pipeline(load_model(), cache)
        first = everything(pipeline, folders)
        answers = {item.source: item for item in first if isinstance(item, Answer)}
        right = sum(item.best.category == source.path.parent.name for source, item in answers.items())
        assert right / len(answers) > 0.6
        again = [item for item in everything(pipeline, folders) if isinstance(item, Answer)]
        for item in again:
            # What was remembered says exactly what was computed.
            assert item.best.category == answers[item.source].best.category
            assert item.best.confidence == pytest.approx(answers[item.source].best.confidence, abs=1e-5)
        assert len(again) == len(answers)


class TestSharedContent:
    def test_a_second_pass_infers_nothing(
        self, tmp_path: Path, backbone: CountingBackbone, cache: EmbeddingCache
    ) -> None:
        pictures(tmp_path / "in", 50)
        pipeline = Pipeline(model_on(backbone), cache)
        first = everything(pipeline, [tmp_path / "in"])
        backbone.batches.clear()
        shutil.copytree(tmp_path / "in", tmp_path / "renamed")
        second = everything(pipeline, [tmp_path / "in", tmp_path / "renamed"])
        assert backbone.batches == []
        assert len(second) == 100
        assert by_name(first).items() <= by_name(second).items()

    def test_a_remembered_vector_of_the_wrong_length_is_computed_again(
        self, tmp_path: Path, backbone: CountingBackbone, cache: EmbeddingCache
    ) -> None:
        path = pictures(tmp_path / "in", 1)[0]
        cache.put(backbone.id, {hashlib.sha256(path.read_bytes()).digest(): np.zeros(3, np.float16)})
        assert set(by_name(everything(Pipeline(model_on(backbone), cache), [path])).values()) == {"dark"}
        assert backbone.batches == [1]

    def test_copies_in_one_run_are_inferred_once(
        self, tmp_path: Path, backbone: CountingBackbone, cache: EmbeddingCache
    ) -> None:
        one = pictures(tmp_path / "in", 1)[0]
        for number in range(200):
            shutil.copy(one, tmp_path / "in" / f"copy {number}.png")
        found = everything(Pipeline(model_on(backbone), cache, threads=4), [tmp_path / "in"])
        assert set(by_name(found).values()) == {"dark"}
        assert len(found) == 201
        assert backbone.batches == [1]

    def test_copies_of_a_broken_file_fail_each_under_its_own_name(
        self, tmp_path: Path, backbone: CountingBackbone
    ) -> None:
        whole = pictures(tmp_path / "in", 1, side=64)[0].read_bytes()
        (tmp_path / "in" / "0.png").unlink()
        for number in range(50):
            (tmp_path / "in" / f"{number}.png").write_bytes(whole[: len(whole) // 2])
        found = everything(Pipeline(model_on(backbone), None, threads=4), [tmp_path / "in"])
        assert {str(item.error).split()[0] for item in found if isinstance(item, Failure)} == {
            f"{number}.png" for number in range(50)
        }


class TestBadInput:
    def test_each_bad_file_is_one_sentence_and_nothing_stops(self, tmp_path: Path, backbone: CountingBackbone) -> None:
        good = pictures(tmp_path / "good", 20, side=64)
        bad = tmp_path / "bad"
        bad.mkdir()
        (bad / "empty.png").touch()
        (bad / "cut.png").write_bytes(good[0].read_bytes()[:80])
        (bad / "text.png").write_text("This is not a picture. " * 20)
        (bad / "a 'quoted' \"name\"\n東京.png").write_bytes(b"\x89PNG\r\n\x1a\n")
        (bad / os.fsdecode(b"bytes \xff.png")).write_bytes(b"\x89PNG\r\n\x1a\n")
        with zipfile.ZipFile(bad / "climbing.zip", "w") as archive:
            archive.writestr("../../out.png", good[0].read_bytes())
            archive.write(good[1], "inner/fine.png")
        (bad / "loop").symlink_to(bad, target_is_directory=True)
        found = everything(Pipeline(model_on(backbone), None), [tmp_path, tmp_path / "missing.png"])
        failures = [str(item.error) for item in found if isinstance(item, Failure)]
        answers = [item.source.name for item in found if isinstance(item, Answer)]
        assert len(answers) == 21
        assert "fine.png" in answers
        assert len(failures) >= 6
        for sentence in failures:
            assert sentence.isprintable(), ascii(sentence)
            assert sentence.endswith(".")

    def test_a_folder_of_ten_thousand_text_files(self, tmp_path: Path, backbone: CountingBackbone) -> None:
        for number in range(10_000):
            (tmp_path / f"{number}.txt").write_bytes(b"only words here\n")
        found = everything(Pipeline(model_on(backbone), None), [tmp_path])
        assert len(found) == 10_000
        assert all(isinstance(item, Failure) for item in found)

    def test_a_fault_in_reading_is_that_files_failure_and_in_the_log(
        self, tmp_path: Path, backbone: CountingBackbone, caplog: pytest.LogCaptureFixture
    ) -> None:
        pictures(tmp_path, 3)
        backbone.side = 0  # no picture can be made this small: a fault nobody foresaw, inside the decoding
        found = everything(Pipeline(model_on(backbone), None), [tmp_path])
        assert [str(item.error).split(" ", 1)[1] for item in found if isinstance(item, Failure)] == [
            "could not be read because of a fault in Sortwerk; please report it with the log."
        ] * 3
        assert sum(record.exc_info is not None for record in caplog.records) == 3

    def test_a_broken_network_ends_the_run_with_its_sentence(self, tmp_path: Path) -> None:
        pictures(tmp_path, 30)
        with pytest.raises(ModelError, match="The network is broken"):
            everything(Pipeline(model_on(BrokenBackbone()), None), [tmp_path])

    def test_a_cache_that_can_not_be_written_costs_no_answer(
        self, tmp_path: Path, backbone: CountingBackbone, caplog: pytest.LogCaptureFixture
    ) -> None:
        pictures(tmp_path, 60)
        full = ForgetfulCache()
        with caplog.at_level(logging.WARNING):
            found = everything(Pipeline(model_on(backbone), full, threads=2), [tmp_path])
        assert sum(isinstance(item, Answer) for item in found) == 60
        assert full.asked == 1
        assert [record.message for record in caplog.records] == [
            "Going on without the cache of embeddings: "
            "cache.sqlite could not be written because the disk is full; free some space."
        ]

    def test_a_closed_cache_costs_no_answer(self, tmp_path: Path, backbone: CountingBackbone) -> None:
        pictures(tmp_path / "in", 5)
        database = Database(tmp_path / "c.sqlite", ())
        database.close()
        found = everything(Pipeline(model_on(backbone), EmbeddingCache(database)), [tmp_path / "in"])
        assert sum(isinstance(item, Answer) for item in found) == 5


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


class TestProgress:
    def test_counts_to_the_total(self, tmp_path: Path, backbone: CountingBackbone) -> None:
        pictures(tmp_path, 40)
        (tmp_path / "text.txt").write_text("words")
        reports: list[Progress] = []
        lists = Pipeline(model_on(backbone), None).run([tmp_path], on_progress=reports.append)
        done = 0
        for items in lists:
            done += len(items)
            assert reports[-1].done == done
        assert (reports[-1].done, reports[-1].total, reports[-1].failed) == (41, 41, 1)
        assert [report.done for report in reports] == sorted(report.done for report in reports)
        assert all(report.total in (None, 41) for report in reports)

    def test_every_source_is_announced_before_its_answer(self, tmp_path: Path, backbone: CountingBackbone) -> None:
        pictures(tmp_path, 700)
        announced: list[Source] = []
        sizes: list[int] = []

        def announce(sources: list[Source]) -> None:
            announced.extend(sources)
            sizes.append(len(sources))

        for items in Pipeline(model_on(backbone), None).run([tmp_path], on_found=announce):
            assert {item.source for item in items} <= set(announced)
            sizes.append(len(items))
        assert len(announced) == len(set(announced)) == 700
        assert min(sizes) > 0
        assert max(sizes) <= 256

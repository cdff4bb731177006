"""The pipeline on real files with real decoding; only the network is a stand-in where its calls are counted."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.embedding import EmbeddingCache
from models.library import load_model
from models.pipeline import Answer, Failure, Pipeline, Progress
from models.sources import Source
from tests.models.pipelines import CATEGORIES, CountingBackbone, by_name, everything, model_on, pictures

pytestmark = pytest.mark.usefixtures("no_thread_is_left")


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

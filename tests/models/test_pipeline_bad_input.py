"""Files, networks and caches that are broken: each is said, and the others are answered."""

from __future__ import annotations

import gc
import logging
import os
import weakref
import zipfile
from pathlib import Path

import pytest

from models.database import Database
from models.embedding import EmbeddingCache
from models.errors import ModelError
from models.pipeline import Answer, Failure, Pipeline
from tests.models.pipelines import BrokenBackbone, CountingBackbone, ForgetfulCache, everything, model_on, pictures

pytestmark = pytest.mark.usefixtures("no_thread_is_left")


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

    def test_failures_that_are_kept_hold_nothing_of_their_run(self, tmp_path: Path, backbone: CountingBackbone) -> None:
        (tmp_path / "text.png").write_text("This is not a picture. " * 20)
        with zipfile.ZipFile(tmp_path / "climbing.zip", "w") as archive:
            archive.writestr("../../out.png", b"")
        model = model_on(backbone)
        alive = weakref.ref(model)
        found = everything(Pipeline(model, None), [tmp_path, tmp_path / "missing.png"])
        assert len(found) == 3
        assert all(isinstance(item, Failure) for item in found)
        del model
        gc.collect()
        assert alive() is None

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

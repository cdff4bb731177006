import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import FileError, WorkspaceError
from models.images.decode import decode
from training.correction_files import read_history, with_picture_facts, write_history
from training.correction_record import Correction, checked
from training.correction_store import TrainingDataStore

SEED = {
    "id": 1,
    "texture_path": "/path/to/texture.dds",
    "texture_hash": "0f" * 32,
    "original_category": "stone",
    "corrected_category": "metal",
    "confidence": 0.7,
    "timestamp": "2024-01-01T00:00:00",
    "image_width": 512,
    "image_height": 512,
    "image_channels": 3,
    "metadata": {"key": "value"},
}

NAMES = st.text(st.characters(exclude_categories=("C",)), min_size=1, max_size=12).filter(str.strip)
PATHS = st.binary(min_size=1, max_size=20).filter(lambda name: b"\0" not in name).map(os.fsdecode)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
CORRECTIONS = st.builds(
    Correction,
    texture_path=PATHS,
    corrected_category=NAMES,
    original_category=st.none() | NAMES,
    confidence=st.none() | st.floats(0, 1),
    texture_hash=st.none() | st.binary(min_size=32, max_size=32).map(bytes.hex),
    image_width=st.none() | st.integers(1, 2**31 - 1),
    image_height=st.none() | st.integers(1, 2**31 - 1),
    image_channels=st.none() | st.integers(1, 4),
    timestamp=st.datetimes().map(lambda moment: moment.isoformat(timespec="seconds")),
    metadata=st.dictionaries(st.text(), JSON, max_size=3),
    head=st.sampled_from(["material", "colour"]),
    annotator=st.just("") | NAMES,
)


def without_ids(corrections: Sequence[Correction]) -> list[Correction]:
    return [replace(correction, id=0) for correction in corrections]


class TestHistory:
    @settings(max_examples=60, deadline=None)
    @given(corrections=st.lists(CORRECTIONS, max_size=6))
    def test_survives_stores_and_files(
        self, corrections: list[Correction], tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        folder = tmp_path_factory.mktemp("history")
        wanted = [checked(correction) for correction in corrections]
        with TrainingDataStore(folder / "a.sqlite") as first, TrainingDataStore(folder / "b.sqlite") as second:
            first.add(corrections)
            assert without_ids(first.corrections()) == wanted
            assert first.export_history(folder / "one.json") == len(corrections)
            assert second.import_history(folder / "one.json") == len(corrections)
            assert without_ids(second.corrections()) == wanted
            assert second.import_history(folder / "one.json") == 0
            second.export_history(folder / "two.json")
        assert (folder / "two.json").read_bytes() == (folder / "one.json").read_bytes()

    def test_a_record_of_the_format_is_read(self, tmp_path: Path) -> None:
        path = tmp_path / "training_data.json"
        path.write_text(json.dumps([SEED]), encoding="utf-8")
        (correction,) = read_history(path)
        assert replace(correction, id=1).to_record() == SEED | {"head": "material", "annotator": "", "model": "starter"}

    def test_missing_null_and_unknown_fields_are_no_mistake(self, tmp_path: Path) -> None:
        path = tmp_path / "a.json"
        record = {"texture_path": "a.dds", "corrected_category": "metal", "confidence": None, "id": None, "new": [1]}
        path.write_text(json.dumps({"version": 1, "corrections": [record]}), encoding="utf-8-sig")
        (correction,) = read_history(path)
        assert correction == Correction("a.dds", "metal", timestamp=correction.timestamp)

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "is empty"),
            (b"{", "is not JSON"),
            (b"\xff\xfe\xfd", "is not JSON"),
            (b"[" * 100_000, "is not JSON"),
            (b'[{"texture_path": "a", "corrected_category": "b", "confidence": NaN}]', "is not JSON"),
            (b"3", "holds no list of corrections"),
            (b'{"corrections": {}}', "holds no list of corrections"),
            (b'{"version": 2, "corrections": []}', "is from a newer version"),
            (b"[3]", r"has a mistake in correction 1 \(it is not an object\)"),
            (b'[{"corrected_category": "b"}]', r"correction 1 \(texture_path must name a file\)"),
            (b'[{"texture_path": "a"}]', "correction 1 .corrected_category must be a name"),
            (b'[{"texture_path": "a", "corrected_category": "b", "confidence": 1e999}]', "correction 1 .confidence"),
            (json.dumps([SEED, SEED | {"texture_hash": "sha256_hash"}]).encode(), "correction 2 .texture_hash must be"),
        ],
    )
    def test_anything_else_is_one_sentence_and_changes_nothing(
        self, content: bytes, sentence: str, tmp_path: Path
    ) -> None:
        path = tmp_path / "a.json"
        path.write_bytes(content)
        with TrainingDataStore(tmp_path / "a.sqlite") as store:
            store.add([Correction("kept.dds", "metal")])
            version = store.version()
            with pytest.raises(FileError, match=rf"^a\.json .*{sentence}.*\.$") as caught:
                store.import_history(path)
            assert "\n" not in str(caught.value)
            assert (store.count(), store.version()) == (1, version)

    def test_a_missing_file_is_one_sentence(self, tmp_path: Path) -> None:
        with pytest.raises(FileError, match=r"gone\.json is not there"):
            read_history(tmp_path / "gone.json")

    def test_what_can_not_be_written_is_one_sentence_and_leaves_the_old_file(self, tmp_path: Path) -> None:
        with pytest.raises(WorkspaceError, match=r"x\.json could not be written \(no such file or directory\)"):
            write_history(tmp_path / "no" / "x.json", [Correction("a.dds", "metal")])
        with pytest.raises(WorkspaceError, match="could not be written"):
            write_history(tmp_path, [])
        assert list(tmp_path.iterdir()) == []


class TestPictureFacts:
    def test_come_from_the_file(self, data: Path) -> None:
        path = data / "textures" / "brick" / "nex_brickfloor.jpg"
        picture = decode(path.read_bytes(), path.name)
        found = with_picture_facts(Correction(str(path), "brick"))
        assert found.texture_hash == hashlib.sha256(path.read_bytes()).hexdigest()
        assert (found.image_width, found.image_height, found.image_channels) == (*picture.pixels.shape[1::-1], 3)

    def test_what_was_given_stays(self, data: Path) -> None:
        path = data / "textures" / "brick" / "nex_brickfloor.jpg"
        assert with_picture_facts(Correction(str(path), "brick", image_channels=1)).image_channels == 1

    def test_a_file_that_is_no_picture_has_a_hash_only(self, tmp_path: Path) -> None:
        path = tmp_path / "a.png"
        path.write_bytes(b"not a picture")
        wanted = Correction(str(path), "brick", texture_hash=hashlib.sha256(b"not a picture").hexdigest())
        assert with_picture_facts(Correction(str(path), "brick")) == wanted

    @pytest.mark.parametrize("path", ["gone.png", "a\udcff.png", "\ud800.png", ".", "x" * 5000, "/dev/null"])
    def test_a_file_that_is_gone_has_none(self, path: str) -> None:
        assert with_picture_facts(Correction(path, "brick")) == Correction(path, "brick")

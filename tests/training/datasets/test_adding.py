from __future__ import annotations

import hashlib
import os
import shutil
import threading
import zipfile
from pathlib import Path

import pytest

from models.errors import Cancelled, DatasetError
from models.progress import Progress
from training.datasets.adding import add_files, place_of, unread_content
from training.datasets.records import Query
from training.datasets.relocating import check_files, relocate
from training.datasets.store import DatasetStore


@pytest.fixture
def pictures(data: Path, tmp_path: Path) -> Path:
    """Real textures of every format, one of them twice, a zip, a broken one, a text."""
    folder = tmp_path / "dropped"
    (folder / "inner").mkdir(parents=True)
    for ending in ("jpg", "png", "dds", "tga"):
        file = min((data / "textures" / "metal").glob(f"*.{ending}"))
        shutil.copy(file, folder / f"metal.{ending}")
    shutil.copy(folder / "metal.png", folder / "inner" / "again.png")
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        archive.write(min((data / "textures" / "wood").glob("*.jpg")), "deep/wood.jpg")
        archive.writestr("readme.txt", "no picture")
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    (folder / "empty.jpg").touch()
    (folder / "labels.csv").write_text("file,label\n")
    return folder


@pytest.fixture
def dataset(store: DatasetStore) -> int:
    return store.create("dropped").id


class TestAddFiles:
    def test_a_folder_comes_in(self, store: DatasetStore, dataset: int, pictures: Path) -> None:
        seen: list[Progress] = []
        result = add_files(store, dataset, [pictures], source="game", on_progress=seen.append)
        items = {item.name: item for item in store.items(dataset)}
        assert sorted(items) == [
            "broken.png", "empty.jpg", "metal.dds", "metal.jpg", "metal.png", "metal.tga", "wood.jpg",
        ]  # fmt: skip
        assert len(result.added.known) == 1
        for name in ("metal.dds", "metal.jpg", "metal.png", "metal.tga"):
            item, data = items[name], (pictures / name).read_bytes()
            assert (item.content, item.size) == (hashlib.sha256(data).digest(), len(data))
            assert (item.width, item.height) != (0, 0)
            assert item.mtime_ns == (pictures / name).stat().st_mtime_ns
            assert (item.status, item.source, item.labels) == ("ok", "game", {})
            assert item.place.source.read() == data
        assert items["wood.jpg"].place.member == "deep/wood.jpg"
        assert hashlib.sha256(items["wood.jpg"].place.source.read()).digest() == items["wood.jpg"].content
        assert len(store.places(items["metal.png"].id)) == 2
        assert (items["broken.png"].status, items["empty.jpg"].status) == ("unreadable", "unreadable")
        assert items["broken.png"].note.startswith("broken.png is a PNG that is cut off or broken; ")
        assert sorted(result.unreadable) == [str(pictures / "broken.png"), str(pictures / "empty.jpg")]
        assert sorted(Path(name).name for name in result.left_out) == ["labels.csv", "readme.txt"]
        assert (seen[-1].done, seen[-1].total, seen[-1].failed) == (10, 10, 4)
        assert len(store.steps(dataset)) == 1
        store.undo(dataset)
        assert store.count(dataset) == 0

    def test_what_has_no_bytes_is_known_by_its_place(self, store: DatasetStore, dataset: int, pictures: Path) -> None:
        add_files(store, dataset, [pictures])
        empty = pictures / "empty.jpg"
        (item,) = store.items(dataset, where=Query(text="empty"))
        assert item.content == unread_content(item.place)
        assert item.path == os.fsencode(empty)
        assert add_files(store, dataset, [pictures]).added.step is None

    def test_copies_do_without_the_originals(self, store: DatasetStore, dataset: int, pictures: Path) -> None:
        add_files(store, dataset, [pictures], copy_into=True)
        shutil.rmtree(pictures)
        good = store.items(dataset, where=Query(status="ok"))
        assert len(good) == 5
        for item in good:
            path = Path(os.fsdecode(item.path))
            assert path.parent.parent == store.copies(dataset)
            assert path.stem == item.content.hex()
            assert hashlib.sha256(path.read_bytes()).digest() == item.content
        assert sorted(Path(os.fsdecode(item.path)).suffix for item in good) == [".dds", ".jpg", ".jpg", ".png", ".tga"]

    def test_cancelled_it_has_brought_in_nothing(self, store: DatasetStore, dataset: int, pictures: Path) -> None:
        cancel = threading.Event()
        with pytest.raises(Cancelled):
            add_files(store, dataset, [pictures], cancel=cancel, on_progress=lambda _: cancel.set())
        assert store.count(dataset) == 0

    def test_what_is_not_there_is_told(self, store: DatasetStore, dataset: int, tmp_path: Path) -> None:
        result = add_files(store, dataset, [tmp_path / "gone.png"])
        assert (result.added.new, result.unreadable) == ((), {})
        assert result.left_out == {str(tmp_path / "gone.png"): "gone.png is not there; check its name and place."}
        with pytest.raises(DatasetError):
            add_files(store, 99, [tmp_path])


class TestRelocate:
    def test_moved_files_are_found_by_what_is_in_them(
        self, store: DatasetStore, dataset: int, pictures: Path, tmp_path: Path
    ) -> None:
        add_files(store, dataset, [pictures])
        assert check_files(store, dataset) == []
        target = tmp_path / "elsewhere"
        target.mkdir()
        (pictures / "metal.jpg").rename(target / "renamed.bin")
        (pictures / "metal.png").unlink()  # is still at another place that is known
        (pictures / "metal.dds").unlink()
        with zipfile.ZipFile(target / "packed.zip", "w") as archive:
            archive.write(pictures / "metal.tga", "tga/m.tga")
        (pictures / "metal.tga").unlink()
        ids = {item.name: item.id for item in store.items(dataset)}
        gone = [ids[f"metal.{ending}"] for ending in ("dds", "jpg", "png", "tga")]
        assert sorted(check_files(store, dataset)) == sorted(gone)
        assert sorted(store.ids(dataset, Query(status="missing")).tolist()) == sorted(gone)

        result = relocate(store, dataset, [target])
        assert set(result.found) == set(gone) - {ids["metal.dds"]}
        assert result.missing == (ids["metal.dds"],)
        items = {item.id: item for item in store.items(dataset)}
        for number in result.found:
            assert items[number].status == "ok"
            assert hashlib.sha256(items[number].place.source.read()).digest() == items[number].content
        assert items[ids["metal.jpg"]].place == place_of(items[ids["metal.jpg"]].place.source)
        assert items[ids["metal.tga"]].place.member == "tga/m.tga"
        assert items[ids["metal.dds"]].status == "missing"
        store.undo(dataset)
        assert store.count(dataset, Query(status="missing")) == 4
        assert relocate(store, dataset, [pictures]).found == (ids["metal.png"],)

    def test_what_is_back_is_no_longer_missing(
        self, store: DatasetStore, dataset: int, pictures: Path, tmp_path: Path
    ) -> None:
        add_files(store, dataset, [pictures])
        (pictures / "metal.jpg").rename(tmp_path / "away.jpg")
        assert len(check_files(store, dataset)) == 1
        (tmp_path / "away.jpg").rename(pictures / "metal.jpg")
        assert check_files(store, dataset) == []
        assert store.count(dataset, Query(status="missing")) == 0

    def test_cancelled_it_has_changed_nothing(self, store: DatasetStore, dataset: int, pictures: Path) -> None:
        add_files(store, dataset, [pictures])
        (pictures / "metal.jpg").rename(pictures / "inner" / "x.jpg")
        cancel = threading.Event()
        cancel.set()
        with pytest.raises(Cancelled):
            relocate(store, dataset, [pictures], cancel=cancel)
        assert len(store.steps(dataset)) == 1

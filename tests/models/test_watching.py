"""Watching real folders while real threads write into them.

Nothing waits a fixed time for what should not happen: a last file is written, and all that came before it is looked at.
"""

import contextlib
import os
import random
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from models.errors import UnreadableFileError
from models.watching import Watch

SETTLE = 0.2
PATIENCE = 60.0  # seconds until a test that still waits has failed
LINUX_ONLY = pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes, and /proc, are Linux's")


@pytest.fixture
def cancel() -> Iterator[threading.Event]:
    """Ends a watch that waits for ever."""
    event = threading.Event()
    timer = threading.Timer(PATIENCE, event.set)
    timer.start()
    yield event
    event.set()
    timer.cancel()
    timer.join()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder to watch, with one file in it."""
    path = tmp_path / "dumps"
    path.mkdir()
    (path / "old.png").write_bytes(b"was there")
    return path


@pytest.fixture
def act() -> Iterator[Callable[[Callable[[], object]], None]]:
    """Runs functions in other threads; what they raise, the test raises."""
    with ThreadPoolExecutor() as pool:
        futures = []
        yield lambda function: futures.append(pool.submit(function))
        for future in futures:
            future.result(PATIENCE)


def write(path: Path, content: bytes = b"content") -> Path:
    path.write_bytes(content)
    return path


def until(watch: Watch, last: Path) -> list[Path]:
    """All that comes, up to ``last``, which is left out; written now if it isn't there."""
    if not last.exists():
        write(last)
    came: list[Path] = []
    for files in watch:
        assert files
        came += files
        if last in files:
            came.remove(last)
            return came
    pytest.fail(f"{last.name} did not come; but {came}")


def test_gives_what_is_new_and_what_has_changed(folder: Path, cancel: threading.Event) -> None:
    watch = Watch([folder], cancel, settle=SETTLE)
    assert until(watch, folder / "a.png") == []
    assert until(watch, write(folder / "old.png", b"rewritten")) == []
    (folder / "a.png").chmod(0o600)  # nothing to answer anew
    assert until(watch, folder / "b.png") == []


def test_nothing_is_missed_between_the_beginning_and_the_first_question(folder: Path, cancel: threading.Event) -> None:
    watch = Watch([folder], cancel, settle=SETTLE)
    write(folder / "meanwhile.png")
    write(folder / "old.png", b"rewritten")
    (folder / "new").mkdir()
    write(folder / "new" / "inner.png")
    came = until(watch, folder / "last.png")
    assert sorted(came) == [folder / "meanwhile.png", folder / "new" / "inner.png", folder / "old.png"]


def test_waits_for_a_slow_writer(
    folder: Path, cancel: threading.Event, act: Callable[[Callable[[], object]], None]
) -> None:
    def dump() -> None:
        with (folder / "slow.png").open("wb", buffering=0) as file:
            for _ in range(30):
                file.write(b"x" * 100)
                time.sleep(SETTLE / 4)

    watch = Watch([folder], cancel, settle=SETTLE)
    act(dump)
    assert next(watch) == [folder / "slow.png"]
    assert (folder / "slow.png").stat().st_size == 3000
    assert until(watch, folder / "last.png") == []


def test_one_that_never_stops_changing_holds_up_no_other(
    folder: Path, cancel: threading.Event, act: Callable[[Callable[[], object]], None]
) -> None:
    enough = threading.Event()

    def log() -> None:
        with (folder / "endless.png").open("wb", buffering=0) as file:
            while not enough.wait(SETTLE / 10):
                file.write(b"x")

    watch = Watch([folder], cancel, settle=SETTLE)
    act(log)
    try:
        for name in ("a.png", "b.png", "c.png"):
            assert until(watch, folder / name) == []
    finally:
        enough.set()
    assert next(watch) == [folder / "endless.png"]


def test_a_name_for_the_time_of_writing_never_comes(folder: Path, cancel: threading.Event) -> None:
    watch = Watch([folder], cancel, settle=SETTLE)
    write(folder / "x.png.part").rename(folder / "x.png")
    assert until(watch, folder / "last.png") == [folder / "x.png"]
    write(folder / "x.png.part", b"another").replace(folder / "x.png")
    assert until(watch, folder / "last again.png") == [folder / "x.png"]


def test_one_that_goes_before_it_settles_is_forgotten(folder: Path, cancel: threading.Event) -> None:
    watch = Watch([folder], cancel, settle=SETTLE)
    write(folder / "short.png").unlink()
    assert until(watch, folder / "a.png") == []
    write(folder / "short.png")  # and new when it is back
    assert until(watch, folder / "b.png") == [folder / "short.png"]


def test_an_empty_file_waits_for_its_content(folder: Path, cancel: threading.Event) -> None:
    watch = Watch([folder], cancel, settle=SETTLE)
    write(folder / "empty.png", b"")
    assert until(watch, folder / "a.png") == []
    assert until(watch, write(folder / "empty.png", b"content")) == []


def test_hidden_ones_never_come(folder: Path, cancel: threading.Event) -> None:
    watch = Watch([folder], cancel, settle=SETTLE)
    (folder / ".git" / "objects").mkdir(parents=True)
    write(folder / ".git" / "objects" / "a.png")
    write(folder / ".x.png.swp")
    write(folder / "Thumbs.db")
    (folder / "seen" / "__MACOSX").mkdir(parents=True)
    write(folder / "seen" / "__MACOSX" / "a.png")
    assert until(watch, folder / "last.png") == []


def test_five_hundred_at_once_none_missed_none_twice(folder: Path, cancel: threading.Event) -> None:
    watch = Watch([folder], cancel, settle=SETTLE)
    for number in range(500):
        write(folder / f"{number}.png")
    came = until(watch, folder / "last.png")
    assert sorted(came) == sorted(folder / f"{number}.png" for number in range(500))


def test_folders_in_folders_that_are_moved_in(folder: Path, tmp_path: Path, cancel: threading.Event) -> None:
    watch = Watch([folder], cancel, settle=SETTLE)
    outside = tmp_path / "outside" / "b" / "c"
    outside.mkdir(parents=True)
    for number in range(50):
        write(outside / f"{number}.png")
    (tmp_path / "outside").rename(folder / "a")
    (folder / "d" / "e").mkdir(parents=True)
    for number in range(50):
        write(folder / "d" / "e" / f"{number}.png")
    wanted = [folder / inner / f"{number}.png" for inner in ("a/b/c", "d/e") for number in range(50)]
    assert sorted(until(watch, folder / "last.png")) == sorted(wanted)
    assert until(watch, folder / "a" / "b" / "c" / "later.png") == []


def test_whatever_happens_every_file_comes_as_it_is_in_the_end(
    folder: Path, cancel: threading.Event, act: Callable[[Callable[[], object]], None]
) -> None:
    dice = random.Random(4)  # noqa: S311 - no secret
    done = threading.Event()

    def live() -> None:
        for number in range(400):
            there = sorted(path for path in folder.rglob("*.png") if path.is_file())
            one = dice.choice(there) if there else folder / "first.png"
            match dice.randrange(6):
                case 0:
                    one.unlink(missing_ok=True)
                case 1:
                    one.rename(one.with_name(f"renamed {number}.png"))
                case 2:
                    one.write_bytes(b"%d again" % number)
                case 3:
                    inner = folder / f"in {number % 7}" / f"in {number}"
                    inner.mkdir(parents=True, exist_ok=True)
                    write(inner / "deep.png", b"%d" % number)
                case 4 if one.parent != folder:
                    one.parent.rename(folder / f"moved {number}")
                case _:
                    write(folder / f"{number}.png", b"%d" % number)
            time.sleep(dice.random() / 50)
        done.set()

    watch = Watch([folder], cancel, settle=SETTLE)
    act(live)
    came = {folder / "old.png": b"was there"}
    for files in watch:
        came |= {path: path.read_bytes() for path in files if path.exists()}
        if done.is_set():
            break
    came |= {path: path.read_bytes() for path in until(watch, folder / "last.png")}
    left = {path: path.read_bytes() for path in folder.rglob("*.png") if path.name != "last.png"}
    assert len(left) > 20
    assert {path: came.get(path) for path in left} == left


def test_a_file_that_is_named_stands_for_its_folder(
    folder: Path, cancel: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "inner").mkdir()
    monkeypatch.chdir(folder)
    watch = Watch([Path("old.png")], cancel, settle=SETTLE)
    write(folder / "inner" / "deep.png")
    write(folder / "old.png", b"rewritten")
    write(folder / "beside.png")
    assert sorted(until(watch, Path("last.png"))) == [Path("beside.png"), Path("old.png")]


def test_paths_begin_as_they_were_named(folder: Path, cancel: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    link = folder.with_name("link")
    link.symlink_to(folder)
    monkeypatch.chdir(folder.parent)
    watch = Watch([Path("link")], cancel, settle=SETTLE)
    (link / "new").mkdir()
    write(folder / "new" / "a.png")
    assert until(watch, Path("link", "last.png")) == [Path("link", "new", "a.png")]


def test_what_is_named_twice_comes_once(folder: Path, cancel: threading.Event) -> None:
    (folder / "inner").mkdir()
    watch = Watch([folder / "inner", folder, folder / "old.png", folder], cancel, settle=SETTLE)
    write(folder / "inner" / "a.png")
    assert until(watch, folder / "last.png") == [folder / "inner" / "a.png"]


def test_folders_left_out_and_files_made_by_the_program_itself(folder: Path, cancel: threading.Event) -> None:
    (folder / "own").mkdir()
    watch = Watch([folder], cancel, settle=SETTLE, without=[folder / "own"])
    write(folder / "own" / "database.sqlite")
    write(folder / "own.png")
    (folder / "wood").mkdir()
    watch.know([write(folder / "wood" / "sorted.png")])
    assert until(watch, folder / "last.png") == [folder / "own.png"]
    assert until(watch, write(folder / "wood" / "sorted.png", b"by hand")) == []


def test_a_folder_that_goes_is_waited_for(folder: Path, cancel: threading.Event) -> None:
    told = threading.Event()
    said: list[str] = []

    def tell(text: str) -> None:
        said.append(text)
        told.set()

    def come_back() -> None:
        assert told.wait(PATIENCE)
        folder.mkdir()
        write(folder / "again.png")

    watch = Watch([folder], cancel, settle=SETTLE, on_notice=tell)
    shutil.rmtree(folder)
    thread = threading.Thread(target=come_back)
    thread.start()
    assert next(watch) == [folder / "again.png"]
    thread.join()
    assert said == [
        f"{folder} is not there; it will be watched as soon as it is.",
        f"{folder} is there now, and watched.",
    ]
    assert until(watch, folder / "last.png") == []


def test_a_folder_made_anew_in_a_moment_is_listened_to(folder: Path, cancel: threading.Event) -> None:
    watch = Watch([folder], cancel, settle=SETTLE)
    for number in range(3):
        shutil.rmtree(folder)
        folder.mkdir()
        assert until(watch, folder / f"{number}.png") == []


def test_nothing_to_watch_is_one_sentence(folder: Path, cancel: threading.Event) -> None:
    with pytest.raises(UnreadableFileError, match=r"^no is not there; check its name and place\.$"):
        Watch([folder / "no", folder / "neither"], cancel)


def test_one_that_is_not_there_yet_is_waited_for(folder: Path, cancel: threading.Event) -> None:
    said: list[str] = []
    watch = Watch([folder, folder.with_name("later")], cancel, settle=SETTLE, on_notice=said.append)
    assert said == [f"{folder.with_name('later')} is not there; it will be watched as soon as it is."]
    folder.with_name("later").mkdir()
    assert until(watch, folder.with_name("later") / "a.png") == []
    assert until(watch, folder / "b.png") == []


@LINUX_ONLY
def test_names_that_are_no_text(folder: Path, cancel: threading.Event) -> None:
    odd = folder / os.fsdecode(b"\xff.png")
    watch = Watch([folder], cancel, settle=SETTLE)
    assert until(watch, odd) == []
    assert until(watch, folder / "after.png") == []


@LINUX_ONLY
def test_where_the_system_tells_nothing_it_looks(folder: Path, cancel: threading.Event) -> None:
    deaf = folder / os.fsdecode(b"\xff")  # the library refuses to listen to a folder whose name is no text
    deaf.mkdir()
    write(deaf / "old.png")
    watch = Watch([deaf], cancel, settle=SETTLE)
    (deaf / "inner").mkdir()
    write(deaf / "inner" / "a.png")
    assert until(watch, deaf / "inner" / "b.png") in ([], [deaf / "inner" / "a.png"])
    (deaf / "old.png").unlink()
    assert until(watch, deaf / "c.png") == []


def test_looks_at_everything_now_and_then_whatever_it_hears(
    folder: Path, tmp_path: Path, cancel: threading.Event
) -> None:
    outside = write(tmp_path / "outside.png")
    (folder / "link.png").symlink_to(outside)
    watch = Watch([folder], cancel, settle=SETTLE, look_every=0.1)
    write(outside, b"rewritten")  # outside the folder: nobody tells
    assert next(watch) == [folder / "link.png"]


@LINUX_ONLY
def test_cancel_ends_it_and_no_thread_is_left(folder: Path) -> None:
    def listening() -> int:
        count = 0
        for path in Path("/proc/self/task").glob("*/comm"):
            with contextlib.suppress(OSError):  # ended meanwhile
                count += path.read_text().startswith("notify-rs")
        return count

    def wait_for_silence() -> None:
        deadline = time.monotonic() + PATIENCE
        while listening() and time.monotonic() < deadline:  # the library's own threads end by themselves
            time.sleep(0.01)

    wait_for_silence()  # of the tests before
    cancel = threading.Event()
    watch = Watch([folder, folder.with_name("other"), folder / "old.png"], cancel, settle=SETTLE)
    assert listening()
    ended = threading.Thread(target=lambda: list(watch))
    ended.start()
    cancel.set()
    ended.join(PATIENCE)
    assert not ended.is_alive()
    assert next(watch, None) is None
    wait_for_silence()
    assert not listening()

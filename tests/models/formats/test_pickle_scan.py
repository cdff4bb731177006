"""What a pickle would run is read from it without running it. None of these files is ever opened as a pickle here."""

from __future__ import annotations

import io
import os
import pickle
import subprocess
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from models.errors import ModelError
from models.formats import recognise
from models.formats.pickle_scan import check_checkpoint, names_in, refusal

BEFORE_1_6 = pickle.dumps(0x1950A86A20F9469CFC6C, 2)


class Runs:
    """Calls a function when it is unpickled."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self._call = (function, arguments)

    def __reduce__(self) -> Any:
        return self._call


class Net:
    """A class of somebody's own."""


def tensor(name: bytes = b"torch._utils _rebuild_tensor_v2") -> bytes:
    """A pickle that names one function, as PyTorch writes it."""
    return b"\x80\x02c" + name.replace(b" ", b"\n") + b"\n."


def zipped(path: Path, content: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", content)
        archive.writestr("archive/version", b"3\n")
        archive.writestr("archive/data/0", bytes(64))
    return path


def before_1_6(path: Path, content: bytes) -> Path:
    parts = [BEFORE_1_6, pickle.dumps(1001, 2), pickle.dumps({}, 2), content, pickle.dumps([], 2)]
    path.write_bytes(b"".join(parts) + bytes(64))
    return path


@pytest.mark.parametrize("written", [zipped, before_1_6])
def test_weights_alone_are_let_through(written: Any, tmp_path: Path) -> None:
    content = pickle.dumps(OrderedDict(a=1, b=[2.5, "text"]), 2)
    path = written(tmp_path / "weights.pth", content)
    found = recognise(path)
    assert (found.name, found.converter, found.refusal) == ("pytorch", "torch", "")
    found.check(path)
    written(tmp_path / "weights.pth", tensor())
    found.check(path)


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("written", [zipped, before_1_6])
def test_what_would_act_is_named_and_not_run(written: Any, protocol: int, tmp_path: Path) -> None:
    made = tmp_path / "made"
    path = written(tmp_path / "evil.pth", pickle.dumps({"a": Runs(os.system, f"touch {made}")}, protocol))
    with pytest.raises(ModelError) as refused:
        check_checkpoint(path)
    assert str(refused.value) == (
        f"evil.pth runs {os.name}.system as soon as it is opened, so it was not opened; don't use it."
    )
    assert not made.exists()


@pytest.mark.parametrize(
    ("thing", "named"),
    [
        (Runs(eval, "1"), "builtins.eval"),
        (Runs(subprocess.check_call, ["true"]), "subprocess.check_call"),
        (Runs(getattr, 1, "real"), "builtins.getattr"),
    ],
)
def test_others_that_act(thing: Any, named: str, tmp_path: Path) -> None:
    path = zipped(tmp_path / "evil.pt", pickle.dumps([thing], 4))
    with pytest.raises(ModelError, match=f"runs {named} as soon as it is opened"):
        check_checkpoint(path)


def test_a_whole_model_is_refused_with_the_way_out(tmp_path: Path) -> None:
    content = tensor(b"torchvision.models.resnet ResNet")[:-1] + tensor(b"torch.nn.modules.conv Conv2d")[2:]
    with pytest.raises(ModelError) as refused:
        check_checkpoint(zipped(tmp_path / "whole.pt", content))
    said = str(refused.value)
    assert said.startswith("whole.pt holds a whole model (torchvision.models.resnet.ResNet) and not its weights alone")
    assert 'torch.save(model.state_dict(), "weights.pth")' in said


def test_objects_beside_weights_are_named(tmp_path: Path) -> None:
    path = zipped(tmp_path / "more.ckpt", pickle.dumps({"net": Net(), "shape": Path("x")}, 4))
    with pytest.raises(ModelError, match=r"holds Python objects beside its weights \(.*Net\), and opening"):
        check_checkpoint(path)


@pytest.mark.parametrize("content", [b"", b"\x80\x02", b"no pickle at all", tensor()[:-1], b"\x80\x04\x8c\xff"])
@pytest.mark.parametrize("written", [zipped, before_1_6])
def test_what_is_cut_off_is_damaged(written: Any, content: bytes, tmp_path: Path) -> None:
    path = written(tmp_path / "cut.pth", content)
    with pytest.raises(ModelError, match=r"^cut\.pth is damaged or no PyTorch checkpoint; get it again\.$"):
        check_checkpoint(path)


def test_a_zip_that_is_cut_off(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "whole.pth", tensor()).read_bytes()
    (tmp_path / "cut.pth").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelError, match=r"cut\.pth is not a zip archive, or a damaged one"):
        recognise(tmp_path / "cut.pth")


def test_a_class_reached_over_the_memo_is_found() -> None:
    """Protocol 4 names a class by two texts, which may have been said long before."""
    inner = pickle.dumps(["posix", "system", "x", "y"], 4)[:-1]
    told = list(names_in(io.BytesIO(inner + b"0h\x01h\x02\x93.")))
    assert told == ["posix system"]
    assert refusal(iter(told)).startswith("runs posix.system")


PLAIN = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text() | some.binary(),
    lambda inner: some.lists(inner) | some.dictionaries(some.text(), inner) | some.tuples(inner, inner),
    max_leaves=20,
)


@given(PLAIN, some.integers(2, 5))
def test_plain_data_names_nothing_that_is_refused(content: Any, protocol: int) -> None:
    assert refusal(names_in(io.BytesIO(pickle.dumps(content, protocol)))) == ""


@given(PLAIN, PLAIN, some.integers(2, 5))
def test_what_acts_is_found_wherever_it_lies(before: Any, after: Any, protocol: int) -> None:
    content = pickle.dumps([before, {"x": Runs(os.system, "true")}, after], protocol)
    assert refusal(names_in(io.BytesIO(content))).startswith(f"runs {os.name}.system as soon as it is opened")

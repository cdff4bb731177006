"""TorchScript is let through to the engine, unless its code reaches for files."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from models.errors import ModelError
from models.formats import recognise

FORWARD = "def forward(self, image: Tensor) -> Tensor:\n  return torch.relu(image)\n"


def scripted(path: Path, code: str = FORWARD) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("net/data.pkl", b"\x80\x02.")
        archive.writestr("net/constants.pkl", b"\x80\x02.")
        archive.writestr("net/code/__torch__.py", code)
        archive.writestr("net/code/empty.py", "")
    return path


def test_a_network_is_let_through(tmp_path: Path) -> None:
    path = scripted(tmp_path / "net.pt")
    found = recognise(path)
    assert (found.name, found.converter, found.refusal) == ("torchscript", "torch", "")
    found.check(path)


@pytest.mark.parametrize("call", ["torch.save(image, name)", "ops.aten.save(image, name)", "torch.from_file(name)"])
def test_one_that_reaches_for_files_is_refused(call: str, tmp_path: Path) -> None:
    path = scripted(tmp_path / "evil.pt", f"{FORWARD}\n\ndef __setstate__(self, state: int) -> None:\n  {call}\n")
    with pytest.raises(ModelError, match=r"^evil\.pt reaches for files on this computer \(torch\.\w+\)"):
        recognise(path).check(path)


def test_one_that_is_gone(tmp_path: Path) -> None:
    path = scripted(tmp_path / "net.pt")
    found = recognise(path)
    path.unlink()
    with pytest.raises(ModelError, match=r"net\.pt is not there"):
        found.check(path)

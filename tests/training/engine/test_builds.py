from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import EngineError
from tests.training.engine.index import Index, make_variant
from training.engine.builds import choose_build, choose_device, requirements
from training.engine.installing import Installer
from training.engine.network import Network
from training.engine.variants import VARIANTS, Variant, pythons

TORCH = VARIANTS["torch"]


def there(address: str, network: Network) -> bool:
    return True


def gone(address: str, network: Network) -> bool:
    return False


@pytest.mark.parametrize(
    ("wanted", "system", "device"),
    [
        ("cpu", "linux", "cpu"),
        ("cuda", "linux", "cuda"),
        ("rocm", "linux", "rocm"),
        ("mps", "darwin", "mps"),
        ("auto", "darwin", "mps"),
        ("cuda", "win32", "cuda"),
    ],
)
def test_devices_that_a_system_has(wanted: str, system: str, device: str) -> None:
    assert choose_device(wanted, system) == device


@pytest.mark.parametrize(("wanted", "system"), [("mps", "linux"), ("cuda", "darwin"), ("rocm", "win32")])
def test_devices_that_a_system_lacks(wanted: str, system: str) -> None:
    with pytest.raises(EngineError, match="does not exist on this system; choose auto or cpu"):
        choose_device(wanted, system)


@pytest.mark.parametrize(
    ("device", "system", "index"),
    [
        ("cuda", "linux", ""),
        ("cpu", "linux", "https://download.pytorch.org/whl/cpu"),
        ("rocm", "linux", "https://download.pytorch.org/whl/rocm7.2"),
        ("cpu", "win32", ""),
        ("cuda", "win32", "https://download.pytorch.org/whl/cu132"),
        ("mps", "darwin", ""),
        ("cpu", "darwin", ""),
    ],
)
def test_the_build_for_a_device(device: str, system: str, index: str) -> None:
    build = choose_build(TORCH, device, pythons(TORCH)[0], Network(), system=system, asks=there)
    assert (build.index, build.fallback) == (index, False)


def test_without_pytorchs_index_the_processor_takes_the_large_build() -> None:
    minor = pythons(TORCH)[0]
    small = choose_build(TORCH, "cpu", minor, Network(), system="linux", asks=there)
    large = choose_build(TORCH, "cpu", minor, Network(), system="linux", asks=gone)
    assert (large.index, large.fallback) == ("", True)
    assert small.download < large.download
    with pytest.raises(EngineError, match="can't be reached; check the network connection, or choose the device cpu"):
        choose_build(TORCH, "rocm", minor, Network(), system="linux", asks=gone)


def test_a_mirror_serves_everything_that_it_can() -> None:
    mirror, minor = Network(index="https://mirror.example/simple"), pythons(TORCH)[0]
    assert choose_build(TORCH, "cpu", minor, mirror, system="linux", asks=gone).index == ""
    with pytest.raises(EngineError, match="has no build of PyTorch for rocm; choose another device"):
        choose_build(TORCH, "rocm", minor, mirror, system="linux", asks=there)


def test_another_build_takes_the_rest_from_the_lock() -> None:
    build = choose_build(TORCH, "cpu", pythons(TORCH)[0], Network(), system="linux", asks=there)
    text, extra = requirements(TORCH, build)
    names = {line.partition("==")[0] for line in text.splitlines() if line[:1].isalnum()}
    assert [one.partition("==")[0] for one in extra] == ["torch", "torchvision"]
    assert {"timm", "onnx", "numpy", "pydantic"} <= names
    assert not [name for name in names if name.startswith(("torch=", "torchvision", "nvidia", "triton", "cuda"))]
    assert text.count("--hash=sha256:") > 500


@pytest.mark.skipif("sys.platform != 'linux'")
def test_a_build_from_an_index_of_its_own_is_installed(
    installer: Installer, tmp_path: Path, wheels: Path, index: Index
) -> None:
    """The distributions of a build come from its index, without hashes; all others from the usual one, with them."""
    variant: Variant = make_variant(
        tmp_path, wheels, backend=("swtiny",), backend_only=("swbig",), backend_index=f"{index.address}/torch"
    )
    lock = variant.lock.read_text().replace(
        hashlib.sha256((wheels / "swtiny-1.0-py3-none-any.whl").read_bytes()).hexdigest(), "0" * 64
    )
    variant.lock.write_text(lock)
    engine = replace(installer, network=Network(home=f"{index.address}/pypi", retries=0)).install(variant, "cpu")
    assert "swbig" not in engine.versions
    assert {"/torch/cpu/swtiny/", "/pypi/psutil/"} <= set(index.asked)
    assert not [path for path in index.asked if path.startswith("/pypi/swtiny")]

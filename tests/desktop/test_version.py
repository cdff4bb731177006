import tomllib
from importlib.metadata import version

from desktop.version import installed, own_version
from tests.conftest import ROOT


def test_a_distribution_is_found_or_not() -> None:
    assert installed("numpy") == version("numpy")
    assert installed("no-such-distribution-anywhere") is None


def test_own_version_is_that_of_the_checkout() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert own_version() == project["version"]

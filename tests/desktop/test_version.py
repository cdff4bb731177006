from importlib.metadata import version

from desktop.version import installed, own_version


def test_a_distribution_is_found_or_not() -> None:
    assert installed("numpy") == version("numpy")
    assert installed("no-such-distribution-anywhere") is None


def test_own_version_is_always_something_to_show() -> None:
    assert own_version() == (installed("sortwerk") or "from source")

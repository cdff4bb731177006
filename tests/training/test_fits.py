from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.database import Database, open_cache
from training.calibration import Calibration
from training.fits import Fit, Fits

HOW = Calibration(0.1, 0.5, 0.4, wrong=0.2, promised=True, examples=30)
FIT = Fit(("stone", "wood"), np.random.default_rng(0).normal(size=(9, 2)), HOW, calibrated=True)


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Database]:
    database = open_cache(tmp_path)
    yield database
    database.close()


def same(one: Fit | None, other: Fit) -> bool:
    return (
        one is not None
        and (one.categories, one.calibration, one.calibrated) == (other.categories, other.calibration, other.calibrated)
        and np.array_equal(one.weights, other.weights)
    )


def test_it_comes_back_for_just_these_examples(cache: Database) -> None:
    fits = Fits(cache)
    assert fits.get("m", "h", b"1") is None
    fits.put("m", "h", b"1", FIT)
    assert same(fits.get("m", "h", b"1"), FIT)
    for other in (("m", "h", b"2"), ("m", "x", b"1"), ("x", "h", b"1")):
        assert fits.get(*other) is None


def test_there_is_one_a_head(cache: Database) -> None:
    fits = Fits(cache)
    for head in ("part", "colour"):
        for number in range(5):
            fits.put("m", head, bytes([number]), replace(FIT, weights=FIT.weights + number))
    assert cache.query("SELECT count(*) FROM fits") == [(2,)]
    assert fits.get("m", "part", b"\3") is None
    assert same(fits.get("m", "colour", b"\4"), replace(FIT, weights=FIT.weights + 4))


@pytest.mark.parametrize("names", [(), ("",), ("mit Umlauten öß", "\U0001f9f1", 'quote " comma ,')])
def test_any_names_and_none(cache: Database, names: tuple[str, ...], caplog: pytest.LogCaptureFixture) -> None:
    fit = Fit(names, np.ones((9, len(names))), replace(HOW, wrong=None), calibrated=False)
    Fits(cache).put("m", "h", b"1", fit)
    assert same(Fits(cache).get("m", "h", b"1"), fit)
    assert caplog.text == ""


@pytest.mark.parametrize("wrong", [{"temperature": 0.0}, {"unsure_below": float("nan")}, {"unknown_below": 2.0}])
def test_a_calibration_that_can_not_be_is_made_anew(
    cache: Database, wrong: dict[str, float], caplog: pytest.LogCaptureFixture
) -> None:
    Fits(cache).put("m", "h", b"1", replace(FIT, calibration=replace(HOW, **wrong)))
    with caplog.at_level(logging.WARNING):
        assert Fits(cache).get("m", "h", b"1") is None
    assert "is made anew" in caplog.text


def test_a_cache_that_fails_is_logged(cache: Database, caplog: pytest.LogCaptureFixture) -> None:
    fits = Fits(cache)
    cache.close()
    with caplog.at_level(logging.WARNING):
        fits.put("m", "h", b"1", FIT)
        assert fits.get("m", "h", b"1") is None
    assert "is not kept in the cache" in caplog.text

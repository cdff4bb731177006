from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import DatasetError
from training.labelling.chrome_ball import Circle, brightest, circle_through, light_from, mirrored

BALL = Circle(128.3, 117.8, 100.0)


def rendered(light: tuple[float, float, float], ball: Circle = BALL, size: tuple[int, int] = (240, 260)) -> np.ndarray:
    """A mirroring ball under one small light, on a dim ground."""
    rows, columns = np.indices(size)
    x, y = (columns + 0.5 - ball.x) / ball.radius, (ball.y - rows - 0.5) / ball.radius
    inside = x**2 + y**2 < 1
    z = np.sqrt(np.clip(1 - x**2 - y**2, 0, None))
    seen = np.stack([2 * z * x, 2 * z * y, 2 * z * z - 1], axis=2)
    lobe = np.exp(400 * (seen @ np.array(light) - 1))
    grey = np.where(inside, 20 + 235 * lobe, 90)
    return np.repeat(grey[..., None], 3, axis=2).astype(np.uint8)


def unit(azimuth: float, elevation: float) -> tuple[float, float, float]:
    flat = math.cos(elevation)
    return flat * math.cos(azimuth), flat * math.sin(azimuth), math.sin(elevation)


def apart(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """Degrees between two unit vectors."""
    return math.degrees(math.acos(min(1.0, sum(a * b for a, b in zip(one, other, strict=True)))))


@given(azimuth=st.floats(0, 2 * math.pi), elevation=st.floats(0.3, math.pi / 2))
def test_the_light_of_a_rendered_ball_is_found(azimuth: float, elevation: float) -> None:
    light = unit(azimuth, elevation)
    assert apart(light_from(rendered(light), BALL), light) < 1.5


@given(x=st.floats(-99, 99), y=st.floats(-99, 99))
def test_what_a_ball_mirrors_is_a_unit_vector(x: float, y: float) -> None:
    assert math.isclose(math.hypot(*mirrored(Circle(0, 0, 50), x, y)), 1, rel_tol=1e-9)


def test_the_middle_mirrors_the_camera_and_half_way_out_what_lies_at_sixty_degrees() -> None:
    assert mirrored(BALL, BALL.x, BALL.y) == (0, 0, 1)
    x, y, z = mirrored(BALL, BALL.x, BALL.y - BALL.radius / 2)
    assert (round(x, 9), round(y, 9), round(z, 9)) == (0, round(math.sin(math.radians(60)), 9), 0.5)


@given(
    x=st.floats(-1000, 1000),
    y=st.floats(-1000, 1000),
    radius=st.floats(1, 2000),
    turn=st.floats(0, 2 * math.pi),
)
def test_a_circle_goes_through_its_points(x: float, y: float, radius: float, turn: float) -> None:
    points = [(x + radius * math.cos(turn + step), y + radius * math.sin(turn + step)) for step in (0.0, 2.0, 4.0)]
    found = circle_through(points)
    np.testing.assert_allclose([found.x, found.y, found.radius], [x, y, radius], atol=1e-6 * max(radius, 1000))


@pytest.mark.parametrize(
    "points", [[], [(1.0, 1.0)] * 3, [(0.0, 0.0), (1.0, 1.0)], [(0.0, 0.0), (1.0, 1.0), (2.0, 2.0)]]
)
def test_points_that_are_no_circle_are_one_sentence(points: list[tuple[float, float]]) -> None:
    with pytest.raises(DatasetError, match="click three that lie far apart"):
        circle_through(points)


def test_a_ball_off_the_picture_is_one_sentence() -> None:
    with pytest.raises(DatasetError, match="draw it around the ball"):
        brightest(np.ones((10, 10), np.uint8), Circle(50, 50, 5))

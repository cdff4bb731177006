from __future__ import annotations

import cv2
import numpy as np

from models.images.decode import decode
from tests.training.datasets.quality.making import facts, scene
from training.datasets.quality.clusters import Clusters
from training.datasets.quality.hamming import close_pairs


def test_close_pairs_are_what_counting_bits_says_over_block_borders() -> None:
    rng = np.random.default_rng(0)
    hashes = rng.integers(0, 256, (4100, 4)).astype(np.uint8)
    one, other, apart = close_pairs(hashes, 4)
    bits = np.bitwise_count(hashes.view("<u4")[:, 0][:, None] ^ hashes.view("<u4")[:, 0][None])
    first, second = np.nonzero(np.triu(bits <= 4, 1))
    assert one.tolist() == first.tolist()
    assert other.tolist() == second.tolist()
    assert apart.tolist() == bits[first, second].tolist()


def test_no_hashes_have_no_pairs() -> None:
    assert [len(part) for part in close_pairs(np.empty((0, 32), np.uint8), 10)] == [0, 0, 0]


def test_clusters_do_not_depend_on_the_order_of_pairs() -> None:
    pairs = [(4, 5), (0, 4), (2, 1), (5, 6)]
    found = []
    for some in (pairs, pairs[::-1]):
        clusters = Clusters(8)
        clusters.join_pairs(*zip(*some, strict=True))
        found.append(clusters.groups())
    assert found == [[[0, 4, 5, 6], [1, 2]]] * 2


def test_saved_again_smaller_and_brighter_is_the_same_picture_and_recoloured_is_not() -> None:
    original = scene(1)
    smaller = cv2.resize(original, (80, 80), interpolation=cv2.INTER_AREA)
    again = decode(cv2.imencode(".jpg", original, [cv2.IMWRITE_JPEG_QUALITY, 60])[1].tobytes(), "x.jpg").pixels
    darker = (original * 0.75).astype(np.uint8)
    recoloured = np.ascontiguousarray(original[..., ::-1])
    made = facts([original, smaller, again[..., ::-1], darker, recoloured, scene(2), scene(3)])
    assert made.near_groups == [[0, 1, 2, 3]]


def test_one_pattern_in_two_colours_is_two_pictures_also_when_they_differ_little() -> None:
    pattern = np.repeat(scene(1)[..., :1], 3, axis=2)
    red, blue, greenish = (
        (pattern * factors).astype(np.uint8) for factors in ((1, 0.5, 0.5), (0.5, 0.5, 1), (0.93, 1, 0.93))
    )
    assert facts([red, blue, pattern, greenish, scene(2)]).near_groups == []


def test_the_backbone_can_say_no() -> None:
    vectors = np.random.default_rng(0).normal(size=(30, 8))
    vectors[1] = vectors[0]
    pictures = [scene(0), scene(0), scene(1), scene(1), *(scene(seed) for seed in range(2, 28))]
    vectors[3] = -vectors[2]
    assert facts(pictures, vectors=vectors).near_groups == [[0, 1]]

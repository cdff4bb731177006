"""The reference side of ``tests.benchmarks.augmentation``: albumentations, in an environment of its own.

    REFERENCE_PYTHON tests/benchmarks/augmentation_reference.py PICTURES.npz CORE

Reads lines "case rounds" and answers each with the processor seconds that so many rounds over all pictures took.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

import albumentations as A  # noqa: N812  # as its own documentation has it
import cv2
import numpy as np

REFLECT = cv2.BORDER_REFLECT_101


def parts() -> list[Any]:
    return [
        A.RandomRotate90(p=0.5),
        A.HorizontalFlip(p=0.5),
        A.Affine(scale=(0.8, 1.2), translate_percent=(-0.1, 0.1), rotate=(-15, 15), border_mode=REFLECT, p=0.5),
        A.RandomBrightnessContrast(brightness_limit=0.2, contrast_limit=0.2, p=0.5),
        A.HueSaturationValue(hue_shift_limit=10, sat_shift_limit=20, val_shift_limit=20, p=0.3),
        A.GaussNoise(std_range=(3.2 / 255, 7.1 / 255), p=0.3),
        A.GaussianBlur(blur_limit=(3, 5), sigma_limit=(0.8, 1.1), p=0.2),
        A.CoarseDropout(
            num_holes_range=(1, 8), hole_height_range=(0.01, 0.09), hole_width_range=(0.01, 0.09), fill=0, p=0.3
        ),
    ]


def furniture() -> list[Any]:
    return [
        A.Affine(scale=(0.8, 1.2), rotate=(-15, 15), border_mode=REFLECT, p=1.0),
        A.HorizontalFlip(p=0.5),
        A.RandomBrightnessContrast(brightness_limit=0.2, contrast_limit=0.0, p=1.0),
        A.ColorJitter(brightness=(0.9, 1.1), contrast=(0.9, 1.1), saturation=(0.9, 1.1), hue=(0.0, 0.0), p=1.0),
    ]


def camera() -> list[Any]:
    return [
        A.Affine(rotate=(-10, 10), border_mode=REFLECT, p=0.5),
        A.Affine(scale=(0.85, 1.15), border_mode=REFLECT, p=0.5),
        A.Perspective(scale=(0.0, 0.06), border_mode=REFLECT, p=0.5),
        A.RandomBrightnessContrast(brightness_limit=0.25, contrast_limit=0.0, p=0.7),
        A.RandomBrightnessContrast(brightness_limit=0.0, contrast_limit=0.25, p=0.7),
        A.HueSaturationValue(hue_shift_limit=5, sat_shift_limit=38, val_shift_limit=25, p=0.3),
        A.GaussianBlur(blur_limit=(3, 7), sigma_limit=(0.8, 2.0), p=0.2),
        A.MotionBlur(blur_limit=(3, 9), p=0.2),
        A.GaussNoise(std_range=(2 / 255, 10 / 255), p=0.4),
        A.ImageCompression(quality_range=(50, 95), p=0.4),
    ]


def everything() -> list[Any]:
    return [
        A.RandomRotate90(p=1.0),
        A.HorizontalFlip(p=1.0),
        A.Affine(scale=(0.8, 1.2), translate_percent=(-0.1, 0.1), rotate=(-15, 15), border_mode=REFLECT, p=1.0),
        A.Perspective(scale=(0.0, 0.08), border_mode=REFLECT, p=1.0),
        A.RandomBrightnessContrast(brightness_limit=0.2, contrast_limit=0.2, p=1.0),
        A.HueSaturationValue(hue_shift_limit=10, sat_shift_limit=20, val_shift_limit=20, p=1.0),
        A.ColorJitter(brightness=(0.9, 1.1), contrast=(0.9, 1.1), saturation=(0.9, 1.1), hue=(0.0, 0.0), p=1.0),
        A.GaussianBlur(blur_limit=(3, 5), sigma_limit=(0.8, 1.1), p=1.0),
        A.MotionBlur(blur_limit=(3, 9), p=1.0),
        A.GaussNoise(std_range=(3.2 / 255, 7.1 / 255), p=1.0),
        A.ImageCompression(quality_range=(60, 95), p=1.0),
        A.CoarseDropout(
            num_holes_range=(1, 8), hole_height_range=(0.04, 0.09), hole_width_range=(0.04, 0.09), fill=0, p=1.0
        ),
    ]


def geometry() -> list[Any]:
    return parts()[:3]


def colour() -> list[Any]:
    return parts()[3:5]


PIPELINES = {one.__name__: one for one in (parts, furniture, camera, everything, geometry, colour)}


def main() -> int:
    archive = np.load(sys.argv[1])
    os.sched_setaffinity(0, {int(sys.argv[2])})
    cv2.setNumThreads(1)
    cv2.ocl.setUseOpenCL(False)
    print(A.__version__, cv2.__version__, np.__version__, flush=True)
    made: dict[tuple[str, str], Any] = {}
    for line in sys.stdin:
        name, size, what, rounds = line.split()
        key = (name, what)
        if key not in made:
            boxes = A.BboxParams(format="pascal_voc", label_fields=["names"], min_visibility=0.2)
            made[key] = A.Compose(PIPELINES[name](), seed=5, bbox_params=boxes if what == "boxes" else None)
        run = made[key]
        pictures, masks = list(archive[f"pictures{size}"]), list(archive[f"masks{size}"])
        given: list[dict[str, Any]] = [{"image": one} for one in pictures]
        if what != "picture":
            given = [{"image": one, "mask": mask} for one, mask in zip(pictures, masks, strict=True)]
        if what == "boxes":
            boxes = archive[f"boxes{size}"]
            given = [one | {"bboxes": boxes, "names": list(range(len(boxes)))} for one in given]
        began = time.process_time()
        for _ in range(int(rounds)):
            for one in given:
                run(**one)
        print(time.process_time() - began, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

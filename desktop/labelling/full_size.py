"""The picture that is labelled at full size, for what works in the background."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.errors import DatasetError

if TYPE_CHECKING:
    from desktop.labelling.editor import Subject

__all__ = ["FullSize"]


class FullSize:
    """Reads one picture, once.

    Args:
        subject: the picture.
    """

    def __init__(self, subject: Subject) -> None:
        self._name, self._size, self._load = subject.name, (subject.width, subject.height), subject.pixels
        self._reading = threading.Lock()
        self._pixels: NDArray[np.uint8] | None = None

    @property
    def there(self) -> NDArray[np.uint8] | None:
        """As ``read`` gives it; None before it was read."""
        return self._pixels

    def read(self) -> NDArray[np.uint8]:
        """Contiguous uint8 (H, W, 3) RGB. In a job: it takes long for a large picture.

        Raises:
            FileError: it can't be read.
            DatasetError: the file holds a picture of another size by now.
        """
        with self._reading:
            if self._pixels is None:
                found = np.ascontiguousarray(self._load())
                height, width = found.shape[:2]
                if (width, height) != self._size:
                    raise DatasetError(
                        f"{self._name} is {width} x {height} pixels now, and was {self._size[0]} x {self._size[1]}; "
                        "read the dataset's files anew."
                    )
                self._pixels = found
            return self._pixels

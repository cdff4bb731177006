from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.errors import EmptyFileError
from training.pictures import read_table, square, squares


def test_numbers_stay_text(data: Path) -> None:
    rows = read_table(data / "parts" / "labels.csv")
    assert len(rows) == 3600
    assert {"3005", "3070b"} <= {row["part_id"] for row in rows}


def test_batches_keep_the_order(data: Path) -> None:
    paths = [data / "textures" / row["file"] for row in read_table(data / "textures" / "labels.csv")[:7]]
    batches = list(squares(paths, 64, batch_size=3))
    assert [len(batch) for batch in batches] == [3, 3, 1]
    assert (np.concatenate(batches) == np.stack([square(path, 64) for path in paths])).all()


def test_a_file_without_content_is_named(tmp_path: Path) -> None:
    (tmp_path / "nothing.png").touch()
    with pytest.raises(EmptyFileError, match=r"nothing\.png"):
        square(tmp_path / "nothing.png", 64)

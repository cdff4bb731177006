"""The model that is looked at: its network, and as many of its heads as can answer without what a person taught it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.embedding import Embedder
from models.heads import KINDS, Result
from models.library import NETWORK, STARTER, LinearHead, load_backbone, load_head, on_bundled, readable_spec
from models.network import HeadSlice, Network
from models.spec import HeadSpec, ModelSpec

__all__ = ["Subject"]


class Subject:
    """A loaded model, or only the network in its folder.

    Args:
        folder: of the model; None for the starter model.
        threads: that one inference uses.
        own_network: take ``model.onnx`` of the folder, also where the heads could stand on the bundled backbone.

    Attributes:
        spec: of the model.
        embedder: picture to row.
        bundled: whether it stands on the bundled backbone.
        heads: those that can answer; a head made from corrections alone can't, here.

    Raises:
        ModelError: it can't be loaded, or does not do what its spec says.
    """

    def __init__(self, folder: Path | None, *, threads: int = 1, own_network: bool = False) -> None:
        place = folder or STARTER
        self.spec: ModelSpec = readable_spec(place)
        self.bundled = on_bundled(place, self.spec) and not own_network
        self.embedder: Embedder
        if own_network:
            self.embedder = Network(place / NETWORK, self.spec, threads=threads)
        else:
            self.embedder = load_backbone(place, self.spec, threads=threads, device="cpu")
        self.heads: list[tuple[HeadSpec, LinearHead | HeadSlice]] = [
            (head, load_head(place, self.spec, index, self.embedder))
            for index, head in enumerate(self.spec.heads)
            if not self.bundled or (head.categories and _has_weights(place, index))
        ]

    def prepared(self, pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
        """Pictures (H, W, 3) of any sizes as one batch for ``embedder.embed``."""
        return np.stack([self.embedder.prepare(one) for one in pictures])

    def answer(self, batch: NDArray[np.uint8]) -> dict[str, Sequence[Result]]:
        """Head -> its results for prepared pictures; empty for a model without heads that can answer.

        Raises:
            ModelError: the network fails, or gives what are no numbers.
        """
        return self.decode(self.embedder.embed(batch))

    def decode(self, rows: NDArray[np.float16]) -> dict[str, Sequence[Result]]:
        """Head -> its results for rows (N, D)."""
        return {
            spec.name: KINDS[spec.kind].decode(
                head(rows),
                spec.categories,
                unsure_below=spec.unsure_below,
                unknown_below=spec.unknown_below,
                form=head.form,
            )
            for spec, head in self.heads
        }


def _has_weights(folder: Path, index: int) -> bool:
    return (folder / f"head-{index}.npz").is_file() or (index == 0 and (folder / "head.npz").is_file())

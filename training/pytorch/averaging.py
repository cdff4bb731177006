"""The moving average of the weights, by which a network is judged and kept where that is asked for."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor, nn

__all__ = ["Average"]


class Average:
    """Follows a network's weights (Polyak and Juditsky 1992; with the warm-up of the decay that TensorFlow has).

    Args:
        network: that learns.
        decay: share of the average that each step keeps, 0 to below 1.
    """

    def __init__(self, network: nn.Module, decay: float) -> None:
        self._network, self._decay = network, decay
        self._steps = 0
        self._average = {name: value.detach().clone() for name, value in network.state_dict().items()}
        self._learned: dict[str, Tensor] | None = None

    def after_step(self) -> None:
        """Move towards the weights."""
        self._steps += 1
        decay = min(self._decay, (1 + self._steps) / (10 + self._steps))
        for name, value in self._network.state_dict().items():
            if value.is_floating_point():
                self._average[name].lerp_(value.detach(), 1 - decay)
            else:
                self._average[name].copy_(value)

    def put_in(self) -> None:
        """Let the network have the average until ``take_out``."""
        if self._learned is None:
            self._learned = {name: value.detach().clone() for name, value in self._network.state_dict().items()}
            self._network.load_state_dict(self._average)

    def take_out(self) -> None:
        """Give the network its own weights back."""
        if self._learned is not None:
            self._network.load_state_dict(self._learned)
            self._learned = None

    def state(self) -> dict[str, object]:
        """For a checkpoint."""
        return {"steps": self._steps, "average": {name: value.cpu() for name, value in self._average.items()}}

    def restore(self, state: Mapping[str, object]) -> None:
        """The counterpart of ``state``."""
        self._steps = int(str(state["steps"]))
        average = state["average"]
        assert isinstance(average, dict)  # noqa: S101 - so ``state`` wrote it
        for name, value in average.items():
            self._average[name].copy_(value)

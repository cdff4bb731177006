"""From a finished run to a model in the library that goes on learning: checked, packed, installed. No PyTorch.

    done = hand_over(run)
    print(done.folder, done.largest_difference)

The engine's process has written ``export/`` into the run folder (``training.pytorch.export``). ``parity.py`` asks the
program's own runtime about the same pictures and compares, ``shrinking.py`` makes the network smaller where that is
wished for and costs little enough, ``states.py`` gives each head what it goes on learning from, ``card.py`` writes the
README, ``packing.py`` the package, ``handing.py`` does all that in order, and ``record.py`` remembers that it is done.
"""

from __future__ import annotations

from training.handover.handing import TOLERANCE, hand_over
from training.handover.record import HandedOver, handed_over

__all__ = ["TOLERANCE", "HandedOver", "hand_over", "handed_over"]

"""From a trained network to what others can run: ONNX, what it is and how good, and what PyTorch answers itself.

    export_run(encoder, heads, {"val": batches}, run=run, config=config)

``graph.py`` is the network as it is exported, ``measuring.py`` what is found out about it on real pictures,
``describing.py`` its spec, ``writing.py`` the files, ``running.py`` does all that in order. Runs in the engine's
process; ``training.handover`` checks and installs what comes of it, with the program's own runtime.
"""

from __future__ import annotations

from training.pytorch.export.running import Exported, export_run

__all__ = ["Exported", "export_run"]

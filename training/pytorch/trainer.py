"""``python -m training.pytorch.trainer RUN_FOLDER``: trains what the folder says, and writes into it how that goes.

Ends with 0 when training is finished, paused or stopped, and with 1 when it has failed; the last event says which.
"""

from __future__ import annotations

import argparse
import logging
import sys
import traceback
import warnings
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import torch

from models.errors import SortwerkError, words_of
from training.pytorch.ending import finish
from training.pytorch.session import Interrupted, is_chief
from training.pytorch.training import train
from training.runs.event_files import EventWriter
from training.runs.events import Failed, Finished, Paused
from training.runs.folder import RunFolder
from training.runs.living import holding
from training.runs.state import last_word

__all__ = ["main", "run_training"]


def run_training(run: RunFolder) -> int:
    """Train ``run`` to its end, or to the next pause.

    A run that is finished stays as it is.

    Returns:
        The exit code.
    """
    if isinstance(last_word(run.events_path), Finished):
        return 0
    _quieten()
    with ExitStack() as stack:
        writer: EventWriter | None = None
        try:
            if is_chief():
                stack.enter_context(holding(run))
                writer = stack.enter_context(run.writer())
            session, network, feed = train(run, writer)
            finish(session, network, feed)
        except Interrupted:
            if writer is not None:
                writer.write(Paused())
        except SortwerkError as error:
            return _failed(writer, str(error), type(error).__name__, error)
        except (torch.OutOfMemoryError, MemoryError) as error:
            sentence = "The memory does not suffice; choose smaller pictures, a smaller batch or another backbone."
            return _failed(writer, sentence, "memory", error)
        except OSError as error:
            sentence = f"The system refuses ({words_of(error)}); look whether the disk is full, and resume the run."
            return _failed(writer, sentence, "fault", error)
        except Exception as error:  # the last door: whatever it is, the folder must say that it is over
            sentence = f"Training has failed unexpectedly ({words_of(error)}); the log of the run says where."
            return _failed(writer, sentence, "fault", error)
    return 0


def _quieten() -> None:
    """Lightning's advertisements and its remarks about what is so on purpose."""
    warnings.filterwarnings("ignore", module=r"lightning\.")
    for name in ("lightning.pytorch", "lightning.fabric", "lightning"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _failed(writer: EventWriter | None, sentence: str, kind: str, error: BaseException) -> int:
    traceback.print_exception(error)
    if writer is None:
        sys.stderr.write(sentence + "\n")
    else:
        try:
            writer.write(Failed(sentence=sentence, kind=kind))
        except SortwerkError as trouble:
            sys.stderr.write(f"{trouble}\n")
    return 1


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; see the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, help="the run's folder")
    options = parser.parse_args(arguments)
    return run_training(RunFolder(options.run))


if __name__ == "__main__":
    raise SystemExit(main())

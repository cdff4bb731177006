"""The proof that a TensorFlow engine works: one convolution on the device, compared with NumPy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tensorflow as tf

from models.errors import EngineError
from models.worker import Report
from training.engine.reference import KERNEL, PICTURE, judged

__all__ = ["proof_task"]


def proof_task(arguments: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """As ``training.pytorch.proof.proof_task``; TensorFlow only converts models here, so "auto" is the processor.

    Raises:
        EngineError: there is no such device, it fails, or it computes wrongly.
    """
    device = "cpu" if arguments["device"] == "auto" else str(arguments["device"])
    report(0, 1, "Computing")
    if device != "cpu" and not tf.config.list_physical_devices("GPU"):
        raise EngineError(
            f"TensorFlow {tf.__version__} finds no {device} device on this computer; take the engine for the "
            "processor (--device cpu)."
        )
    try:
        with tf.device("/CPU:0" if device == "cpu" else "/GPU:0"):
            # TensorFlow on a processor knows channels-last only
            picture, kernel = PICTURE.transpose(0, 2, 3, 1), KERNEL.transpose(2, 3, 1, 0)
            got = tf.nn.conv2d(picture, kernel, strides=1, padding="SAME").numpy().transpose(0, 3, 1, 2)
    except tf.errors.OpError as error:
        raise EngineError(
            f"TensorFlow {tf.__version__} loads, and fails at its first computation on {device} "
            f"({str(error.message)[:160]}); take the engine for the processor (--device cpu)."
        ) from error
    return judged(f"TensorFlow {tf.__version__}", device, "", got)

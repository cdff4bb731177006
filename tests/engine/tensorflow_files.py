"""Makes files of TensorFlow's for tests, by its engine's interpreter: ``python -m tests.engine.tensorflow_files D``."""

from __future__ import annotations

import sys
from pathlib import Path


def write(folder: Path) -> None:
    """One model in every form, and some that must not be opened; weights are random."""
    import keras
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    keras.utils.set_random_seed(5)
    layers = keras.layers
    network = keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(8, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.GlobalAveragePooling2D(),
            layers.Dense(5, activation="softmax"),
        ],
        name="small",
    )
    network.save(folder / "small.keras")
    network.save(folder / "small.h5")
    network.save_weights(folder / "alone.weights.h5")
    network.export(folder / "saved")
    loaded = tf.saved_model.load(str(folder / "saved"))
    frozen = convert_variables_to_constants_v2(loaded.signatures["serving_default"]).graph.as_graph_def()
    (folder / "frozen.pb").write_bytes(frozen.SerializeToString())
    (folder / "cut.h5").write_bytes((folder / "small.h5").read_bytes()[:9000])
    (folder / "cut.pb").write_bytes((folder / "frozen.pb").read_bytes()[:3000])

    own = keras.Sequential(
        [keras.Input((32, 32, 3)), layers.Lambda(lambda x: x * 2), layers.Flatten(), layers.Dense(3)]
    )
    own.save(folder / "own.keras")
    own.save(folder / "own.h5")
    writes = tf.Module()
    place = str(folder / "written")
    writes.answer = tf.function(
        lambda image: (tf.io.write_file(place, "x"), image)[1],
        input_signature=[tf.TensorSpec((None, 8, 8, 3), tf.float32, name="image")],
    )
    tf.saved_model.save(writes, str(folder / "writes"), signatures={"serving_default": writes.answer})


if __name__ == "__main__":
    write(Path(sys.argv[1]))

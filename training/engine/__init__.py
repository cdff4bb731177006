"""The engine: an environment with PyTorch or TensorFlow beside the program, and never in it.

``variants`` says what there is to install, ``places`` where it lies, ``installing`` puts it there with ``uv``,
``proving`` lets it compute, ``finding`` says what is there, and ``running`` has work done by it. Neither PyTorch nor
TensorFlow is imported here: the engine's interpreter does that, in ``training.pytorch`` and ``training.tensorflow``.
"""

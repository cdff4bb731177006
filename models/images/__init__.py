"""From bytes to pixels: formats, decoding, alpha, thumbnails, preprocessing. Knows nothing of models."""

"""Detectors of torchvision on the encoder that all heads share: necks, targets, losses, and boxes that come out."""

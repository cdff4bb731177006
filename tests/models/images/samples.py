"""Small pictures with known pixels, and writers for the formats no library here writes."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def gradient(width: int = 24, height: int = 16, channels: int = 3) -> NDArray[np.uint8]:
    """uint8 (height, width, channels): no two corners alike, so that a flip or a swapped channel shows."""
    rows, columns = np.mgrid[0:height, 0:width]
    red = rows * 255 // max(height - 1, 1)
    green = columns * 255 // max(width - 1, 1)
    blue = np.full_like(red, 60)
    alpha = 255 - (rows + columns) * 255 // (height + width)
    return np.stack((red, green, blue, alpha)[:channels], axis=2).astype(np.uint8)


def saved(pixels: NDArray[np.uint8] | Image.Image, kind: str, **options: object) -> bytes:
    """The picture written by Pillow."""
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    with BytesIO() as out:
        image.save(out, kind, **options)
        return out.getvalue()


def png_of_size(width: int, height: int) -> bytes:
    """The beginning of a PNG that claims a size, with hardly any data behind it."""
    data = saved(gradient(2, 2), "PNG")
    ihdr = b"IHDR" + struct.pack(">II", width, height) + data[24:29]
    return data[:12] + ihdr + struct.pack(">I", zlib.crc32(ihdr)) + data[33:]


def dds(
    width: int,
    height: int,
    content: bytes,
    *,
    fourcc: bytes = b"\0" * 4,
    dxgi: int | None = None,
    flags: int = 4,
    bits: int = 0,
    masks: Sequence[int] = (0, 0, 0, 0),
) -> bytes:
    """A DDS with one level; ``dxgi`` adds the DX10 header."""
    head = struct.pack("<4sIIIIIII44x", b"DDS ", 124, 0x1007, height, width, 0, 0, 1)
    head += struct.pack("<II4sI4I", 32, flags, b"DX10" if dxgi is not None else fourcc, bits, *masks)
    head += struct.pack("<5I", 0x1000, 0, 0, 0, 0)
    if dxgi is not None:
        head += struct.pack("<5I", dxgi, 3, 0, 1, 0)
    return head + content


def tim2(
    width: int,
    height: int,
    image: bytes,
    image_type: int,
    palette: bytes = b"",
    palette_type: int = 0,
    colours: int = 0,
    *,
    align: int = 16,
    pictures: int = 1,
    mipmaps: Sequence[bytes] = (),
) -> bytes:
    """A TIM2 file holding the same picture ``pictures`` times."""
    extra = b""
    if mipmaps:
        sizes = [len(level) for level in (image, *mipmaps)]
        extra = struct.pack(f"<QQ{len(sizes)}I", 0, 0, *sizes)
        extra += bytes(-len(extra) % 16)
    body = image + b"".join(mipmaps)
    head_bytes = 48 + len(extra)
    head = struct.pack(
        "<IIIHHBBBBHHQQII",
        head_bytes + len(body) + len(palette),
        len(palette),
        len(body),
        head_bytes,
        colours,
        0,
        1 + len(mipmaps),
        palette_type,
        image_type,
        width,
        height,
        0,
        0,
        0,
        0,
    )
    start = struct.pack("<4sBBH8x", b"TIM2", 4, 1 if align == 128 else 0, pictures)
    return start + bytes(align - 16) + (head + extra + body + palette) * pictures


def every_format() -> dict[str, bytes]:
    """One small valid file of every format and of the variants that take another way through the decoders."""
    rgb, rgba = gradient(), gradient(channels=4)
    grey = rgb[..., 0]
    exif = Image.Exif()
    exif[0x0112] = 6
    with BytesIO() as out:
        frames = [Image.fromarray(np.roll(rgb, shift, axis=1)) for shift in range(3)]
        frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
        animated = out.getvalue()
    return {
        "png": saved(rgb, "PNG"),
        "png_alpha": saved(rgba, "PNG"),
        "png_16": saved(Image.fromarray(grey.astype(np.uint16) * 257), "PNG"),
        "png_palette": saved(Image.fromarray(rgb).quantize(16), "PNG", transparency=3),
        "jpeg": saved(rgb, "JPEG", exif=exif),
        "jpeg_progressive": saved(rgb, "JPEG", progressive=True),
        "jpeg_cmyk": saved(Image.fromarray(rgb).convert("CMYK"), "JPEG"),
        "tga": saved(rgba, "TGA"),
        "tga_rle": saved(rgb, "TGA", compression="tga_rle"),
        "tga_palette": saved(Image.fromarray(rgb).quantize(16), "TGA"),
        "bmp": saved(rgb, "BMP"),
        "bmp_palette": saved(Image.fromarray(rgb).quantize(16), "BMP"),
        "webp": saved(rgba, "WEBP", lossless=True),
        "webp_lossy": saved(rgb, "WEBP"),
        "tiff": saved(rgb, "TIFF"),
        "tiff_deflate": saved(rgb, "TIFF", compression="tiff_adobe_deflate"),
        "tiff_lzw": saved(rgb, "TIFF", compression="tiff_lzw"),
        "gif": saved(rgb, "GIF"),
        "gif_animated": animated,
        "dds_dxt1": saved(rgb, "DDS", pixel_format="DXT1"),
        "dds_dxt5": saved(rgba, "DDS", pixel_format="DXT5"),
        "dds_plain": saved(rgba, "DDS"),
        "dds_bc7": dds(8, 8, bytes(range(64)), dxgi=98),
        "tim2_4": tim2(8, 4, bytes(16), 4, bytes(range(64)), 3, 16),
        "tim2_8": tim2(16, 16, bytes(range(256)), 5, bytes(range(256)) * 4, 3, 256),
        "tim2_16": tim2(8, 8, bytes(range(128)), 1),
        "tim2_24": tim2(4, 4, bytes(range(48)), 2, align=128),
        "tim2_32": tim2(4, 4, bytes(range(64)), 3, pictures=2),
    }

"""Reads hostile pictures in a process of its own: ``python -m catalog.adapters.picture_reader``.

It is started without any setting, address or secret in its environment, may open no file for writing, and lives within
limits of memory and CPU. On standard input come frames of four bytes length and an upload; on standard output go frames of
four bytes length, a JSON header, and the renditions that the header announces. It ends with its input.

Imports nothing of catalog but its numbers, so that a fresh process reads its first picture after about 0.1 s.
"""

import io
import json
import resource
import struct
import sys
import warnings
from typing import BinaryIO

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 10
QUALITY, EFFORT = 80, 2
_LENGTH = struct.Struct(">I")


class Refused(Exception):
    """The first argument is a code of ``domain.pictures.REASONS``."""


def confine(*, memory_bytes: int = MEMORY_BYTES) -> None:
    """No more memory than this, and not one byte into any file."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def allow_cpu(seconds: int = CPU_SECONDS) -> None:
    """So many seconds more than what is used already; the system ends the process that takes longer."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def renditions(upload: bytes, limits: dict[str, int], widths: list[int]) -> tuple[int, int, dict[int, bytes]]:
    """Size of the largest rendition and WebP by width. Raises ``Refused``."""
    try:
        picture = _opened(upload, limits, widths[-1])
    except Refused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("too-many-pixels") from None
    except MemoryError:
        raise Refused("too-costly") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, struct.error, IndexError, KeyError):
        raise Refused("not-a-picture") from None
    own = min(picture.width, widths[-1])
    wanted = [width for width in widths if width < own] + [own]
    files: dict[int, bytes] = {}
    for width in reversed(wanted):
        if width != picture.width:
            picture = picture.resize(
                (width, max(1, round(picture.height * width / picture.width))), Image.Resampling.LANCZOS
            )
        files[width] = _encoded(picture)
        if width == own:
            size = picture.size
    return size[0], size[1], dict(sorted(files.items()))


def _opened(upload: bytes, limits: dict[str, int], widest: int) -> Image.Image:
    """Decoded, upright, in sRGB, without anything but its pixels."""
    picture: Image.Image = Image.open(io.BytesIO(upload), formats=FORMATS)
    width, height = picture.size
    if width * height > limits["pixels"] or max(width, height) > limits["side"]:
        raise Refused("too-many-pixels")
    if min(width, height) < limits["least"]:
        raise Refused("too-small")
    if getattr(picture, "n_frames", 1) > 1:
        raise Refused("animated")
    picture.draft("RGB", (widest, widest))
    picture.load()
    profile = picture.info.get("icc_profile")
    picture = ImageOps.exif_transpose(picture)
    plain = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    return _in_srgb(plain, picture.mode, profile)


def _in_srgb(picture: Image.Image, source_mode: str, profile: bytes | None) -> Image.Image:
    """Colours of wide-gamut cameras as browsers will show them; a broken profile is as good as none."""
    if not profile or source_mode not in ("RGB", "RGBA"):
        return picture
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(picture.convert("RGB"), given, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    if converted is not None and picture.mode == "RGBA":
        converted.putalpha(picture.getchannel("A"))
    return converted or picture


def _encoded(picture: Image.Image) -> bytes:
    fresh = Image.new(picture.mode, picture.size)
    fresh.paste(picture)
    out = io.BytesIO()
    fresh.save(out, "WEBP", quality=QUALITY, method=EFFORT)
    return out.getvalue()


def answer_of(upload: bytes, limits: dict[str, int], widths: list[int]) -> bytes:
    """One frame: the header, then the renditions in its order."""
    try:
        width, height, files = renditions(upload, limits, widths)
    except Refused as refused:
        header = {"refused": refused.args[0]}
        return _frame(json.dumps(header).encode())
    sizes = [[key, len(data)] for key, data in files.items()]
    header_bytes = json.dumps({"width": width, "height": height, "files": sizes}).encode()
    return _frame(header_bytes) + b"".join(files.values())


def _frame(data: bytes) -> bytes:
    return _LENGTH.pack(len(data)) + data


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """The first frame holds the limits; each following one an upload."""
    settings = json.loads(_next(source) or b"{}")
    Image.MAX_IMAGE_PIXELS = settings["limits"]["pixels"]
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    while (upload := _next(source)) is not None:
        allow_cpu()
        sink.write(answer_of(upload, settings["limits"], settings["widths"]))
        sink.flush()


def _next(source: BinaryIO) -> bytes | None:
    head = source.read(_LENGTH.size)
    return source.read(_LENGTH.unpack(head)[0]) if len(head) == _LENGTH.size else None


if __name__ == "__main__":
    confine()
    serve(sys.stdin.buffer, sys.stdout.buffer)

"""Hostile and honest pictures, read in the process that reads them in the product."""

import io
import struct
import zlib

import pytest
import pytest_asyncio
from PIL import Image

from catalog.adapters.picture_readers import PictureReaders
from catalog.domain.pictures import PictureRefused
from edge.errors import Unavailable


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def readers():  # type: ignore[no-untyped-def]
    readers = PictureReaders(processes=1, seconds=10.0)
    yield readers
    await readers.close()


def picture(size: tuple[int, int] = (640, 400), *, kind: str = "PNG", mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    gradient = Image.linear_gradient("L").resize(size)
    Image.merge("RGB", (gradient, gradient.rotate(180), gradient)).convert(mode).save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is enormous."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 4096)) + chunk(b"IEND", b"")
    )


async def test_each_size_is_a_webp_of_its_width_and_nothing_is_blown_up(readers: PictureReaders) -> None:
    made = await readers.read(picture((1200, 900), kind="JPEG"))

    assert (made.width, made.height) == (1200, 900)
    assert [(width, opened(data).size, opened(data).format) for width, data in made.files.items()] == [
        (240, (240, 180), "WEBP"),
        (480, (480, 360), "WEBP"),
        (960, (960, 720), "WEBP"),
        (1200, (1200, 900), "WEBP"),
    ]
    large = await readers.read(picture((4000, 2000)))
    assert list(large.files) == [240, 480, 960, 1600]
    assert (large.width, large.height) == (1600, 800)


async def test_a_photograph_stands_upright_and_tells_nothing_of_its_maker(readers: PictureReaders) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Camera of Berthe"
    exif.get_ifd(0x8825)[2] = (45.0, 52.0, 51.6)  # where it was taken
    made = await readers.read(picture((800, 400), kind="JPEG", exif=exif, comment=b"private"))

    assert (made.width, made.height) == (400, 800)
    for data in made.files.values():
        assert b"Berthe" not in data
        assert b"private" not in data
        assert not opened(data).getexif()


async def test_transparency_stays(readers: PictureReaders) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (300, 300), (200, 80, 40, 90)).save(out, "PNG")
    made = await readers.read(out.getvalue())
    assert opened(made.files[300]).mode == "RGBA"


@pytest.mark.parametrize(
    ("upload", "code"),
    [
        (b"", "not-a-picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "not-a-picture"),
        (b"GIF89a" + b"\0" * 500, "not-a-picture"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 500, "not-a-picture"),
        (picture(kind="TIFF"), "not-a-picture"),
        (picture()[:700], "not-a-picture"),
        (picture(kind="JPEG")[:-900], "not-a-picture"),
        (picture((640, 150)), "too-small"),
        (bomb(30_000, 30_000), "too-many-pixels"),
        (bomb(8_000, 8_000), "too-many-pixels"),
        (bomb(17_000, 300), "too-many-pixels"),
        (picture(kind="WEBP", save_all=True, append_images=[Image.new("RGB", (640, 400))]), "animated"),
    ],
    ids=["empty", "svg", "gif", "stub", "tiff", "cut-png", "cut-jpeg", "small", "bomb", "64-mpx", "long", "moving"],
)
async def test_what_is_no_picture_is_refused_and_the_next_one_is_read(
    readers: PictureReaders, upload: bytes, code: str
) -> None:
    with pytest.raises(PictureRefused) as refused:
        await readers.read(upload)

    assert [error.code for error in refused.value.errors] == [code]
    assert (await readers.read(picture((240, 240)))).files.keys() == {240}


async def test_a_reader_that_is_too_slow_or_dies_is_replaced() -> None:
    readers = PictureReaders(processes=1, seconds=0.001)
    with pytest.raises(Unavailable):
        await readers.read(picture((4000, 3000)))
    readers._seconds = 10.0
    await readers.read(picture((240, 240)))
    readers._free[0]._process.kill()
    with pytest.raises(PictureRefused) as refused:
        await readers.read(picture((240, 240)))
    assert refused.value.errors[0].code == "too-costly"

    readers._seconds = 10.0
    assert (await readers.read(picture((240, 240)))).files.keys() == {240}
    await readers.close()


async def test_an_unused_reader_ends() -> None:
    readers = PictureReaders(processes=1, idle_seconds=0.01)
    await readers.read(picture((240, 240)))
    process = readers._free[0]._process

    assert await process.wait() == 0
    assert not readers._free

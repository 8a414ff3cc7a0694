"""Pictures: what may be uploaded, in which sizes it is shown, and where each size is found."""

import hashlib
from dataclasses import dataclass, field

from contracts.catalog import Image, ImageSize
from contracts.values import LocalText
from edge.errors import AppError, Conflict, Violation

MAX_BYTES = 10 * 1024 * 1024
"""Of one upload: what a phone's camera makes, with room to spare."""
MAX_PIXELS = 40_000_000
MIN_SIDE = 200
MAX_SIDE = 16_000
WIDTHS = (240, 480, 960, 1600)
"""In pixels. A narrower picture is never blown up: its own width is its largest rendition."""
LIST_WIDTH = 480
MAX_PER_PRODUCT = 12
MAX_PER_SELLER = 5_000
MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp")
_RECIPE = b"halles-pictures-1\\n"
"""Changes when the same upload would give other bytes: addresses of renditions are kept by caches for ever."""


class PictureRefused(AppError):
    """The upload is not a picture that can be shown; ``errors`` say why."""

    status = 422
    code = "picture-refused"
    title = "This picture cannot be used"

    @classmethod
    def because(cls, code: str, detail: str) -> "PictureRefused":
        """The whole body is what is wrong, hence the empty pointer."""
        return cls(detail, errors=[Violation("", code, detail)])


class PictureTooLarge(AppError):
    status = 413
    code = "picture-too-large"
    title = "This picture is too large"


class TooManyPictures(Conflict):
    code = "too-many-pictures"
    title = "The shop has as many pictures as it may have"


REASONS = {
    "not-a-picture": "This is not a JPEG, PNG or WebP picture, or it is damaged.",
    "animated": "Moving pictures are not shown; send one still picture.",
    "too-many-pixels": f"A picture has at most {MAX_PIXELS // 1_000_000} million pixels and {MAX_SIDE} on a side.",
    "too-small": f"Each side needs at least {MIN_SIDE} pixels.",
    "too-costly": "This picture takes too much time or memory to read.",
}
"""Why the reader refuses an upload, by code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renditions:
    """What became of an upload: encoded WebP by width, small to large, and the size of the largest in pixels."""

    width: int
    height: int
    files: dict[int, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaView:
    """A stored upload. ``sizes`` go from small to large; ``width`` and ``height`` are of the largest."""

    media_id: str
    width: int
    height: int
    sizes: list[ImageSize]

    def shown(self, alt: LocalText) -> Image:
        """This picture with the words for those who do not see it."""
        return Image(id=self.media_id, alt=alt, width=self.width, height=self.height, sizes=tuple(self.sizes))


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopPicturesView:
    """Null where the shop has none."""

    seller_id: str
    logo: Image | None = None
    banner: Image | None = None


@dataclass(frozen=True, slots=True)
class PictureDraft:
    """A place in a product's gallery."""

    media_id: str
    alt: LocalText


@dataclass(frozen=True, slots=True)
class Gallery:
    """A product's pictures in their order."""

    images: list[Image] = field(default_factory=list)

    @property
    def list_url(self) -> str:
        """The first picture's rendition for lists; empty without pictures."""
        return list_url(self.images[0]) if self.images else ""


def digest_of(upload: bytes) -> str:
    """The name of an upload's renditions, from its content."""
    return hashlib.sha256(_RECIPE + upload).hexdigest()[:40]


def key_of(digest: str, width: int) -> str:
    """Where a rendition is kept."""
    return f"{digest[:2]}/{digest}/{width}.webp"


def url_of(digest: str, width: int) -> str:
    """Where a rendition is served."""
    return f"/media/{digest}/{width}.webp"


def sizes_of(digest: str, widths: list[int]) -> list[ImageSize]:
    return [ImageSize(width=width, url=url_of(digest, width)) for width in sorted(widths)]


def list_url(image: Image) -> str:
    """The smallest rendition that is at least as wide as a place in a list, else the largest."""
    wide = [size.url for size in image.sizes if size.width >= LIST_WIDTH]
    return wide[0] if wide else image.sizes[-1].url

"""Pictures of products and shops: taken in, checked, kept in several sizes, and put where they are shown."""

from collections.abc import Mapping, Sequence

from catalog.domain.errors import Invalid
from catalog.domain.pictures import (
    MAX_PER_SELLER,
    Gallery,
    MediaView,
    PictureDraft,
    ShopPicturesView,
    TooManyPictures,
    digest_of,
    key_of,
)
from catalog.domain.views import ProductView
from catalog.ports import MediaStore, PictureReader
from catalog.repository import media, offers, products, sellers
from catalog.service.announcements import announce
from chassis import outbox
from chassis.db import Database, HotTransaction
from contracts.catalog import Image, ShopState
from contracts.ids import new_id
from contracts.values import LocalText
from edge.errors import NotFound


class Intake:
    """Takes uploads in. The reader and the store are asked outside of transactions; a repeated upload costs one look-up."""

    def __init__(self, db: Database, reader: PictureReader, store: MediaStore) -> None:
        self._db = db
        self._reader = reader
        self._store = store

    async def take(self, upload: bytes, *, seller_id: str) -> MediaView:
        """Raises ``PictureRefused``, ``TooManyPictures`` or ``Unavailable``; ``NotFound`` for a shop not heard of yet."""
        digest = digest_of(upload)
        async with self._db.reading() as tx:
            if known := await media.find(tx, digest, seller_id=seller_id):
                return known
            await _require_room(tx, seller_id)
        made = await self._reader.read(upload)
        for width, data in made.files.items():
            await self._store.put(key_of(digest, width), data)
        async with self._db.hot_transaction() as tx:
            return await media.add(tx, new_id("med"), made, seller_id=seller_id, digest=digest)


async def gallery_of(tx: HotTransaction, pictures: Sequence[PictureDraft], *, seller_id: str) -> Gallery:
    """The pictures as they will be shown; refuses uploads that are not the shop's, and one picture twice."""
    known = await media.some(tx, [picture.media_id for picture in pictures], seller_id=seller_id) if pictures else {}
    images: list[Image] = []
    for position, picture in enumerate(pictures):
        if picture.media_id not in known:
            raise Invalid.at(f"/images/{position}/media_id", "unknown", "The shop has no such picture.")
        if any(image.id == picture.media_id for image in images):
            raise Invalid.at(f"/images/{position}/media_id", "repeated", "Show each picture once.")
        images.append(known[picture.media_id].shown(picture.alt))
    return Gallery(images)


async def hang_pictures(
    tx: HotTransaction, product_id: str, *, seller_id: str, pictures: Sequence[PictureDraft]
) -> ProductView:
    """Replace the gallery of a product that the shop described; every offer of it is announced."""
    gallery = await gallery_of(tx, pictures, seller_id=seller_id)
    if not await products.hang(tx, product_id, seller_id=seller_id, gallery=gallery):
        raise NotFound("There is no such product.")
    await announce(tx, await offers.touch_of_products(tx, [product_id]))
    product = await products.read(tx, product_id)
    if product is None:
        raise NotFound("There is no such product.")
    return product


async def dress_shop(tx: HotTransaction, seller_id: str, *, logo: str | None, banner: str | None) -> ShopPicturesView:
    """Replace a shop's logo and banner, which are described by the shop's name."""
    name = (await sellers.names(tx, [seller_id])).get(seller_id)
    if name is None:
        raise NotFound("There is no such shop.")
    known = await media.some(tx, [media_id for media_id in (logo, banner) if media_id], seller_id=seller_id)
    pictures = ShopPicturesView(
        seller_id=seller_id, logo=_shown(known, "logo", logo, name), banner=_shown(known, "banner", banner, name)
    )
    sequence = await media.dress_shop(tx, pictures)
    state = ShopState(seller_id=seller_id, logo=pictures.logo, banner=pictures.banner)
    outbox.add(tx, state, subject=seller_id, sequence=sequence)
    return pictures


def _shown(known: Mapping[str, MediaView], place: str, media_id: str | None, name: str) -> Image | None:
    if media_id is None:
        return None
    if media_id not in known:
        raise Invalid.at(f"/{place}", "unknown", "The shop has no such picture.")
    return known[media_id].shown(LocalText(fr=name, en=name))


async def _require_room(tx: HotTransaction, seller_id: str) -> None:
    if seller_id not in await sellers.names(tx, [seller_id]):
        raise NotFound("There is no such shop.")
    if await media.count(tx, seller_id) >= MAX_PER_SELLER:
        raise TooManyPictures(f"A shop keeps at most {MAX_PER_SELLER} pictures.")

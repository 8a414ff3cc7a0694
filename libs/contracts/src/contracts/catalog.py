"""What catalog publishes, and the commands that it takes. Reservations are keyed by the order's id."""

from typing import Annotated

from pydantic import Field

from contracts.event import Event
from contracts.values import Code, Count, Label, LocalText, Moment, Money, Ref, Value

OFFER = "catalog.offer.v1"
STOCK = "catalog.stock.v1"
SHOP = "catalog.shop.v1"
COMMANDS = "catalog.commands.v1"


class ImageSize(Value):
    """One rendition of a picture: ``width`` in pixels, ``url`` a path below the market's own address, for ever the same bytes."""

    width: Count
    url: Label


class Image(Value):
    """A published picture. ``width`` and ``height`` are those of its largest rendition; ``sizes`` go from small to large."""

    id: Ref
    alt: LocalText
    width: Count
    height: Count
    sizes: tuple[ImageSize, ...]


class OfferState(Event, topic=OFFER, type="catalog.offer-state.v1"):
    """Full current state of one offer, enough to sell it and to index it. ``available`` = on hand minus reserved.

    ``status``: ``active`` | ``paused`` (by the seller) | ``closed`` (shop or product closed, for good).
    ``category_path`` goes from the root to the leaf. ``condition``: ``new`` | ``used`` | ``refurbished``.
    ``images`` holds the product's first picture, if any; ``image_url`` is its rendition for lists.
    """

    offer_id: Ref
    product_id: Ref
    variant_id: Ref
    sku: Ref
    seller_id: Ref
    status: Code
    title: LocalText
    description: LocalText
    variant: LocalText
    category_path: tuple[Ref, ...]
    image_url: Label
    images: tuple[Image, ...] = ()
    price: Money
    available: Count
    condition: Code
    handling_days: Count
    listed_at: Moment


class ShopState(Event, topic=SHOP, type="catalog.shop-state.v1"):
    """What catalog keeps of a shop, in full: its own pictures; null where it has none."""

    seller_id: Ref
    logo: Image | None = None
    banner: Image | None = None


class StockLine(Value):
    offer_id: Ref
    quantity: Annotated[Count, Field(ge=1)]


class Shortage(Value):
    """A line that could not be reserved; ``available`` 0 with an offer that is no longer sold."""

    offer_id: Ref
    requested: Count
    available: Count


class ReserveStock(Event, topic=COMMANDS, type="catalog.reserve-stock.v1"):
    """All lines or none. Repeating it for an order answers with what was decided before."""

    order_id: Ref
    command_id: Ref
    lines: tuple[StockLine, ...]
    hold_seconds: Count


class CommitReservation(Event, topic=COMMANDS, type="catalog.commit-reservation.v1"):
    """The goods are sold: take reserved units off the shelf."""

    order_id: Ref
    command_id: Ref


class ReleaseStock(Event, topic=COMMANDS, type="catalog.release-stock.v1"):
    """Give the units back: an open reservation is released, a committed one restocked, an unknown one barred."""

    order_id: Ref
    command_id: Ref


class StockReserved(Event, topic=STOCK, type="catalog.stock-reserved.v1"):
    order_id: Ref
    command_id: Ref
    expires_at: Moment


class StockRejected(Event, topic=STOCK, type="catalog.stock-rejected.v1"):
    order_id: Ref
    command_id: Ref
    shortages: tuple[Shortage, ...]


class ReservationCommitted(Event, topic=STOCK, type="catalog.reservation-committed.v1"):
    order_id: Ref
    command_id: Ref


class ReservationExpired(Event, topic=STOCK, type="catalog.reservation-expired.v1"):
    """The hold ran out (sweeper, no ``command_id``) or a commit came too late and the units are gone."""

    order_id: Ref
    command_id: Ref | None = None


class StockReleased(Event, topic=STOCK, type="catalog.stock-released.v1"):
    """Nothing is held for this order any more and nothing will be."""

    order_id: Ref
    command_id: Ref


EVENTS = (
    OfferState,
    ShopState,
    ReserveStock,
    CommitReservation,
    ReleaseStock,
    StockReserved,
    StockRejected,
    ReservationCommitted,
    ReservationExpired,
    StockReleased,
)

"""What an event makes us tell: a mail to one audience, a notice in somebody's account. References only, no personal data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

AudienceKind = Literal["request", "account", "seller", "order"]


@dataclass(frozen=True, slots=True)
class Audience:
    """``request``: a mail request of identity; ``account``: a person; ``seller``: a shop's owners; ``order``: its buyer."""

    kind: AudienceKind
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """``key`` is unique for ever: the same key is the same mail, however often the event comes."""

    key: str
    kind: str
    audience: Audience
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """``audience_id``: an account or a shop, whose members all see it. ``link``: a path of the site."""

    key: str
    kind: str
    audience_id: str
    link: str
    order_id: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """What mails repeat of an order. ``total`` and ``seller_orders`` as in the event, JSON."""

    order_id: str
    number: str
    buyer_id: str
    total: Mapping[str, Any]
    seller_orders: list[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Reaction:
    """Everything that one event leads to."""

    mails: tuple[Mail, ...] = ()
    notices: tuple[Notice, ...] = ()
    orders: tuple[OrderFacts, ...] = ()

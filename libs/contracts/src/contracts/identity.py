"""What identity publishes: references only, people's data is asked for at the moment of use."""

from contracts.event import Event
from contracts.values import Code, Degrees, Label, LocalText, Moment, PersonRef, Ref

ACCOUNT = "identity.account.v1"
SELLER = "identity.seller.v1"


class AccountRegistered(Event, topic=ACCOUNT, type="identity.account-registered.v1"):
    account_id: PersonRef
    locale: Code


class AccountVerified(Event, topic=ACCOUNT, type="identity.account-verified.v1"):
    account_id: PersonRef


class AccountMailRequested(Event, topic=ACCOUNT, type="identity.account-mail-requested.v1"):
    """A mail with a secret link is due. Messaging asks identity for address and link when it sends.

    ``purpose``: ``verify-email`` | ``already-registered`` | ``reset-password`` | ``password-changed``.
    """

    account_id: PersonRef
    request_id: Ref
    purpose: Code


class SellerState(Event, topic=SELLER, type="identity.seller-state.v1"):
    """Full public state of a shop. ``status``: ``pending`` | ``open`` | ``suspended`` | ``closed``."""

    seller_id: Ref
    handle: Label
    name: Label
    description: LocalText
    status: Code
    town: Label
    postal_code: Label
    country: Code
    latitude: Degrees
    longitude: Degrees
    opened_at: Moment | None = None


EVENTS = (AccountRegistered, AccountVerified, AccountMailRequested, SellerState)

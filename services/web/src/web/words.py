"""Machine words of the API as words for people: states, conditions, notices."""

from web.languages import Language


def _(text: str) -> str:
    """Marks a text for the catalogue; it is translated when it is shown."""
    return text


ORDER = {
    "pending": _("being processed"),
    "action-required": _("waiting for your bank's confirmation"),
    "declined": _("card declined"),
    "confirmed": _("confirmed"),
    "cancelled": _("cancelled"),
}
ORDER_SAID = {
    "pending": _("Your order is being processed."),
    "action-required": _("Your bank waits for your confirmation."),
    "declined": _("The card was declined."),
    "confirmed": _("Thank you! Your order is confirmed and the makers are at work."),
    "arrived": _("Everything has arrived. Enjoy!"),
    "cancelled": _("This order is cancelled."),
}
SHIPMENT = {
    "none": _("not yet confirmed"),
    "preparing": _("being prepared"),
    "shipped": _("shipped"),
    "picked_up": _("picked up by the carrier"),
    "in_transit": _("on its way"),
    "out_for_delivery": _("out for delivery today"),
    "delivered": _("delivered"),
    "lost": _("lost by the carrier"),
}
CONDITION = {"new": _("new"), "used": _("used"), "refurbished": _("refurbished")}
OFFER = {"active": _("on sale"), "paused": _("paused"), "closed": _("closed")}
SHOP = {"pending": _("waiting to be opened"), "open": _("open"), "suspended": _("suspended"), "closed": _("closed")}
SETTLEMENT = {
    "expected": _("not yet paid by the buyer"),
    "held": _("held until delivery"),
    "releasable": _("to be released"),
    "transfer_requested": _("on its way to you"),
    "transferred": _("transferred"),
    "cancelled": _("cancelled"),
}
LINE = {
    "price-changed": _("The price has changed."),
    "insufficient-stock": _("Fewer pieces are left."),
    "quantity-reduced": _("Fewer pieces are left; we reduced the quantity."),
    "sold-out": _("Sold out."),
    "paused": _("The maker has paused this offer."),
    "closed": _("This offer does not exist any more."),
    "shop-closed": _("The shop is closed at the moment."),
    "other-currency": _("This is sold in another currency."),
}
PAYOUT = {
    "not_started": _("not started"),
    "onboarding": _("waiting for your details"),
    "pending": _("being checked"),
    "active": _("ready"),
    "transfers_only": _("ready, payouts being checked"),
    "restricted": _("details are missing"),
    "rejected": _("refused by the payment provider"),
    "closed": _("closed"),
}
CHARGE = {
    "authorised": _("authorised"),
    "paid": _("paid"),
    "cancelled": _("cancelled"),
    "declined": _("card declined"),
    "processing": _("being processed"),
    "requires_action": _("waiting for your bank's confirmation"),
}
PAGE = {
    "home": _("First page"),
    "search": _("Search"),
    "product": _("Product"),
    "shop": _("A shop"),
    "cart": _("Cart"),
    "checkout": _("Address and card"),
    "order": _("Order placed"),
}
NOTICES = {
    "added": _("Added to your cart."),
    "changed": _("Your cart is up to date."),
    "removed": _("Removed from your cart."),
    "signed-in": _("Welcome back."),
    "signed-out": _("You are signed out."),
    "saved": _("Saved."),
    "verified": _("Your address is confirmed. You can sign in now."),
    "mail-sent": _("If this address has an account, a mail is on its way."),
    "password-changed": _("Your password is changed. You can sign in now."),
    "shipped": _("The parcel is on its way; the buyer has been told."),
    "reviewed": _("Thank you for your review."),
    "opened": _("The shop is open."),
    "suspended": _("The shop is suspended."),
    "shop-made": _("Your shop is registered. An operator will open it."),
    "cancelling": _("The cancellation is on its way."),
    "retried": _("We are trying the new card."),
    "released": _("The seller's share is released."),
    "roles-set": _("The rights are set."),
}
CHIP = {"seller": _("one maker"), "in_stock": _("in stock only")}
_GROUPS = {
    "chip": CHIP,
    "order": ORDER,
    "order-said": ORDER_SAID,
    "shipment": SHIPMENT,
    "condition": CONDITION,
    "offer": OFFER,
    "shop": SHOP,
    "settlement": SETTLEMENT,
    "line": LINE,
    "payout": PAYOUT,
    "charge": CHARGE,
    "page": PAGE,
    "notice": NOTICES,
}


def word(group: str, code: str | None, language: Language) -> str:
    """The word of a group; an unknown code is shown as it is rather than hidden. Unknown notices are not shown at all."""
    known = _GROUPS[group].get(code or "")
    if known is None:
        return "" if group == "notice" else (code or "").replace("_", " ").replace("-", " ")
    return language.say(known)

"""Sentences for what the API refuses, by code: in the catalogue, so in both languages. The code says what, the sentence helps."""

from web.api import Problem, Violation
from web.languages import Language


def _(text: str) -> str:
    """Marks a text for the catalogue; it is translated when it is shown."""
    return text


PROBLEMS = {
    "address-not-verified": _(
        "Please confirm your e-mail address first: follow the link in the mail that we sent you."
    ),
    "already-shipped": _("This parcel is already with a carrier."),
    "carrier-refused": _("The carrier does not take this parcel. Please check the tracking number."),
    "registration-pending": _("The carrier is just registering this parcel. Please wait a moment."),
    "already-reviewed": _("You have already reviewed this article."),
    "cart-changed": _("Your cart has changed since you saw it. Please look at it again before you order."),
    "cart-full": _("Your cart cannot hold more different articles. Order these first, or remove one."),
    "conflict": _("This is no longer possible in its present state. Please reload the page."),
    "cross-origin": _("This request came from another site, so nothing was done. Please use our own pages."),
    "empty-cart": _("Your cart is empty."),
    "forbidden": _("Your account may not do this."),
    "guest-refused": _("This needs an account with a confirmed address. Create one first: it takes a minute."),
    "handle-taken": _("Another shop already has this address. Please choose another one."),
    "idempotency-in-flight": _("Your first click is still being worked on. Please wait a moment."),
    "idempotency-key-reused": _("This form was sent before with other content. Please reload the page and try again."),
    "internal-error": _("Something went wrong on our side. It has been recorded; please try again."),
    "invalid-request": _("Please check the fields marked below."),
    "link-expired": _("This link does not work any more. Please ask for a new one."),
    "not-delivered": _("You can review this article once it has been delivered."),
    "not-enough-stock": _("Fewer pieces are left than you asked for."),
    "not-found": _("We cannot find this."),
    "nothing-to-review": _("There is nothing to review here."),
    "offer-closed": _("This offer is closed for good."),
    "offer-exists": _("Your shop already offers this. Change the existing offer instead."),
    "offer-not-found": _("This offer does not exist any more."),
    "offer-unavailable": _("Some articles cannot be bought at the moment. Please remove them from your cart."),
    "order-not-cancellable": _("This order can no longer be cancelled."),
    "password-refused": _(
        "This password is too easy to guess. Please choose at least 15 characters, for example four words."
    ),
    "payment-not-declined": _("This order does not wait for another card."),
    "picture-refused": _("This picture cannot be used; see below why."),
    "picture-too-large": _("A picture may have at most 10 MB."),
    "product-of-another-shop": _("Another shop described this product; only that shop changes its pictures."),
    "too-many-pictures": _("Your shop keeps as many pictures as it may. Take some down first."),
    "rate-limited": _("That was a lot of requests in a short time. Please wait a minute."),
    "search-unavailable": _("Search is resting for a moment. You can still browse the newest products."),
    "seller-transition-refused": _("This is not possible in the shop's present state."),
    "session-expired": _("You have been signed out. Please sign in again."),
    "shop-not-open": _("This shop is not open yet."),
    "stock-below-reserved": _("Buyers hold more pieces than that right now. Please set at least what is reserved."),
    "too-large": _("That is too much text for one form."),
    "too-many-attempts": _("Too many attempts. Please wait a few minutes, or choose a new password."),
    "too-many-sellers": _("An account can have only so many shops."),
    "unauthenticated": _("Please sign in first."),
    "unavailable": _("A part of the market is not answering. Please try again in a moment; nothing was lost."),
    "overloaded": _("Very many people are here right now. Please try again in a moment."),
    "wrong-credentials": _("The e-mail address or the password is not right."),
}

VIOLATIONS = {
    "not-a-picture": _("This is not a JPEG, PNG or WebP picture, or it is damaged."),
    "wrong-media-type": _("Only JPEG, PNG and WebP pictures can be shown."),
    "animated": _("Moving pictures are not shown; choose a still one."),
    "too-many-pixels": _("This picture has too many pixels; 40 million are the limit."),
    "too-small": _("This picture is too small: each side needs at least 200 pixels."),
    "too-costly": _("This picture takes too long to read; save it in a simpler form."),
    "picture-too-large": _("A picture may have at most 10 MB."),
    "missing": _("Please fill in this field."),
    "string-too-short": _("Please fill in this field."),
    "string-too-long": _("This is too long."),
    "string-pattern-mismatch": _("This does not look right."),
    "int-parsing": _("Please enter a whole number."),
    "int-type": _("Please enter a whole number."),
    "greater-than": _("Please enter a larger number."),
    "greater-than-equal": _("Please enter a larger number."),
    "less-than-equal": _("Please enter a smaller number."),
    "value-error": _("This does not look right."),
    "too-short": _("Please fill in this field."),
    "price-changed": _("The price has changed."),
    "line-changed": _("The quantity has changed."),
    "insufficient-stock": _("Fewer pieces are left."),
    "sold-out": _("Sold out."),
    "paused": _("The maker has paused this offer."),
    "closed": _("This offer does not exist any more."),
    "shop-closed": _("The shop is closed at the moment."),
    "password-too-short": _("Please choose a longer password: at least 15 characters."),
    "password-too-long": _("This is too long."),
    "password-too-common": _("Many people use this password. Please choose another one."),
}
OTHER_PROBLEM = _("This did not work. Please try again.")
OTHER_VIOLATION = _("Please check this field.")

DECLINES = {
    "card_declined": _("The bank declined the card."),
    "insufficient_funds": _("The bank says that there is not enough money on the account."),
    "expired_card": _("The card has expired."),
    "authentication_failed": _("The confirmation with the bank did not succeed."),
    "payment_intent_authentication_failure": _("The confirmation with the bank did not succeed."),
}
CANCELLATIONS = {
    "stock-rejected": _("An article was sold out before we could set it aside."),
    "payment-expired": _("The payment was not completed in time."),
    "payment-failed": _("The payment did not succeed."),
    "reservation-expired": _("The articles could not be held any longer."),
    "buyer-cancelled": _("You cancelled this order."),
}


def sentence(problem: Problem, language: Language) -> str:
    return language.say(PROBLEMS.get(problem.code, OTHER_PROBLEM))


def field_sentence(violation: Violation, language: Language) -> str:
    return language.say(VIOLATIONS.get(violation.code, OTHER_VIOLATION))


def reason(code: str | None, language: Language) -> str:
    """Why an order was declined or cancelled."""
    known = DECLINES.get(code or "") or CANCELLATIONS.get(code or "")
    return language.say(known or _("The bank declined the card."))

"""The situations in which a cart or an order refuses, each with its stable code."""

from edge.errors import AppError


class OfferNotFound(AppError):
    status = 404
    code = "offer-not-found"
    title = "This offer does not exist"


class OfferUnavailable(AppError):
    status = 409
    code = "offer-unavailable"
    title = "Some articles cannot be bought now"


class NotEnoughStock(AppError):
    status = 409
    code = "not-enough-stock"
    title = "Fewer articles are left than were asked for"


class CartFull(AppError):
    status = 409
    code = "cart-full"
    title = "The cart holds its maximum of different offers"


class EmptyCart(AppError):
    status = 409
    code = "empty-cart"
    title = "The cart is empty"


class CartChanged(AppError):
    status = 409
    code = "cart-changed"
    title = "The cart is no longer what was shown"


class OrderNotCancellable(AppError):
    status = 409
    code = "order-not-cancellable"
    title = "The order can no longer be cancelled"


class PaymentNotDeclined(AppError):
    status = 409
    code = "payment-not-declined"
    title = "Another card can be tried only after a decline"


class OrderNumbersExhausted(AppError):
    status = 503
    code = "order-numbers-exhausted"
    title = "No order number is free"

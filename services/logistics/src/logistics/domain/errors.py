"""The situations in which a shipment or a callback is refused, each with its stable code."""

from edge.errors import AppError


class AlreadyShipped(AppError):
    status = 409
    code = "already-shipped"
    title = "The parcel is already with a carrier"


class RegistrationPending(AppError):
    status = 409
    code = "registration-pending"
    title = "The parcel is being registered with other details"


class CarrierRefusedParcel(AppError):
    status = 422
    code = "carrier-refused"
    title = "The carrier does not take this parcel"


class BadSignature(AppError):
    status = 400
    code = "bad-signature"
    title = "The callback is not signed by the carrier, or too old"


class MalformedCallback(AppError):
    status = 400
    code = "malformed-callback"
    title = "The callback cannot be read"

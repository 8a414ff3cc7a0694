"""What identity refuses, each with a stable code."""

from edge.errors import AppError


class WrongCredentials(AppError):
    """Unknown address and wrong password are one answer."""

    status = 401
    code = "wrong-credentials"
    title = "Address or password is not right"


class AddressNotVerified(AppError):
    """Said only to somebody who gave the right password."""

    status = 403
    code = "address-not-verified"
    title = "Confirm your e-mail address first"


class TooManyAttempts(AppError):
    status = 429
    code = "too-many-attempts"
    title = "Too many attempts"


class PasswordRefused(AppError):
    status = 422
    code = "password-refused"
    title = "Choose another password"


class LinkExpired(AppError):
    """A secret from a mail that is unknown, used, or too old."""

    status = 410
    code = "link-expired"
    title = "This link does not work any more"


class SessionExpired(AppError):
    """The credential that the gateway wanted to exchange is dead."""

    status = 401
    code = "session-expired"
    title = "Sign in again"


class RefreshRefused(AppError):
    status = 401
    code = "refresh-refused"
    title = "Sign in again"


class GuestRefused(AppError):
    """A guest buys; for the rest a confirmed address is needed."""

    status = 403
    code = "guest-refused"
    title = "Create an account first"


class HandleTaken(AppError):
    status = 409
    code = "handle-taken"
    title = "This shop address is taken"


class TooManySellers(AppError):
    status = 409
    code = "too-many-sellers"
    title = "No further shop for this account"


class SellerTransitionRefused(AppError):
    status = 409
    code = "seller-transition-refused"
    title = "Not possible in the shop's present state"


class LastOwner(AppError):
    status = 409
    code = "last-owner"
    title = "A shop keeps at least one owner"

"""Cards of the test world, offered by clients outside production only (payments.md 5.3)."""

from contracts.values import LocalText
from payment.api.schemas import TrialMethod

_CARDS = (
    ("pm_card_visa", "Visa : paiement accepté", "Visa: payment accepted"),
    ("pm_card_mastercard", "Mastercard : paiement accepté", "Mastercard: payment accepted"),
    ("pm_card_threeDSecure2Required", "3-D Secure demandé", "3-D Secure required"),
    ("pm_card_visa_chargeDeclined", "Carte refusée", "Card declined"),
    ("pm_card_visa_chargeDeclinedInsufficientFunds", "Provision insuffisante", "Insufficient funds"),
)


def trial_cards() -> list[TrialMethod]:
    """Return the cards that a demonstration needs."""
    return [TrialMethod(payment_method=token, label=LocalText(fr=fr, en=en)) for token, fr, en in _CARDS]

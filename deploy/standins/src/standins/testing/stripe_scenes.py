"""Steps that tests with the Stripe stand-in share: a seller, a paid order."""

from dataclasses import dataclass
from typing import Any

import requests

RETURN_URL = "http://localhost/return"


@dataclass(frozen=True)
class Scenes:
    """Steps on one `StripeClient`."""

    client: Any

    def seller(self) -> Any:
        """Return a connected account that may receive transfers."""
        account = self.client.v1.accounts.create(
            {"country": "FR", "email": "vendeur@exemple.fr", "capabilities": {"transfers": {"requested": True}}}
        )
        link = self.client.v1.account_links.create(
            {
                "account": account.id,
                "refresh_url": "http://localhost/refresh",
                "return_url": RETURN_URL,
                "type": "account_onboarding",
            }
        )
        answer = requests.post(link.url, data={"outcome": "complete"}, allow_redirects=False, timeout=10)
        answer.close()
        return self.client.v1.accounts.retrieve(account.id)

    def intent(self, amount: int = 5730, **more: Any) -> Any:
        """Return an unconfirmed intent."""
        params = {
            "amount": amount,
            "currency": "eur",
            "automatic_payment_methods": {"enabled": True},
            "capture_method": "automatic",
        }
        return self.client.v1.payment_intents.create(params | more)

    def confirm(self, intent: Any, card: str = "pm_card_visa", **more: Any) -> Any:
        """Confirm with a card."""
        params = {"payment_method": card, "return_url": RETURN_URL}
        return self.client.v1.payment_intents.confirm(intent.id, params | more)

    def paid(self, amount: int = 5730, card: str = "pm_card_visa", **more: Any) -> Any:
        """Return a paid intent."""
        return self.confirm(self.intent(amount, **more), card)

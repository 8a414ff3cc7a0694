"""Settings of payment. A missing one stops the start and is named."""

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """Names in the environment: ``PAYMENT_…``, except addresses that all services share."""

    model_config = SettingsConfigDict(env_prefix="PAYMENT_", populate_by_name=True, extra="ignore")

    site_url: str = Field(validation_alias="SITE_URL")
    """Public address of the site: buyers come back from 3-D Secure, sellers from onboarding."""
    stripe_key: SecretStr
    stripe_publishable_key: str
    stripe_webhook_secret: SecretStr
    """One or several signing secrets, separated by commas (rotation). Empty turns the webhook endpoint off."""
    stripe_address: str
    """Address of a stand-in; empty means Stripe itself."""
    commission_basis_points: int = Field(ge=0, le=10_000)
    """Share of each sale that the market keeps: 1000 = 10 %. Frozen on every order line at placement."""
    hold_seconds: int = Field(ge=0)
    """From delivery to the release of the seller's money."""
    currency: str = Field("EUR", pattern=r"^[A-Z]{3}$")
    """Currency in which sellers' accounts are opened."""

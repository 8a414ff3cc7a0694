"""Settings of this service; read in ``app`` only."""

from pydantic_settings import SettingsConfigDict

from chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """Durations in seconds. The saga's deadlines and what follows on each: docs/saga.md."""

    model_config = SettingsConfigDict(env_prefix="ORDER_", populate_by_name=True, extra="ignore")

    currency: str = "EUR"
    """The market's one currency (ISO 4217); offers in another cannot be bought."""
    reserving_seconds: int = 15
    """How long catalog may take before it is asked again, once."""
    payment_seconds: int = 600
    """How long the buyer may take to pay, all cards together."""
    hold_seconds: int = 900
    """How long catalog holds the goods; longer than reserving twice and paying."""
    resend_seconds: int = 15
    """First pause before a command without an answer is repeated; doubles each time."""
    longest_pause_seconds: int = 300
    alarm_seconds: int = 3600
    """A compensation that runs for longer calls an operator."""
    guest_cart_days: int = 30
    """Guest carts that nobody touched for so long are forgotten."""

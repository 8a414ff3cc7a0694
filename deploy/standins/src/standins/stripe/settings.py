"""Settings of the Stripe stand-in."""

from dataclasses import dataclass
from pathlib import Path

from standins.outbound.sender import Target
from standins.settings import Environment, SettingError
from standins.stripe.events import PLATFORM_EVENTS

DAY = 86_400


@dataclass(frozen=True)
class StripeSettings:
    """Everything that can be set from outside; durations in seconds of the virtual clock."""

    host: str
    port: int
    public_url: str
    data: Path
    control_token: str
    platform_target: Target | None
    connect_target: Target | None
    thin_target: Target | None
    first_retry_gap: float
    platform_events: frozenset[str] = PLATFORM_EVENTS
    seed: str = "halles"
    fee_basis_points: int = 150
    fee_fixed: int = 25
    settlement_seconds: int = 3 * DAY
    verification_seconds: int = 0
    async_seconds: int = 1


def read_settings(environment: Environment) -> StripeSettings:
    """Read the `STANDIN_STRIPE_*` settings; connected accounts' events go to the platform's address unless set."""
    port = environment.port("STANDIN_STRIPE_PORT", offset=31)
    platform = _target(environment, "STANDIN_STRIPE_WEBHOOK", fallback=None)
    return StripeSettings(
        host=environment.host(),
        port=port,
        public_url=environment.text("STANDIN_STRIPE_PUBLIC_URL", default=f"http://localhost:{port}"),
        data=environment.data_file("STANDIN_STRIPE_DATA", default_name="stripe.sqlite"),
        control_token=environment.text("STANDIN_CONTROL_TOKEN"),
        platform_target=platform,
        connect_target=_target(environment, "STANDIN_STRIPE_CONNECT_WEBHOOK", fallback=platform),
        thin_target=_target(environment, "STANDIN_STRIPE_THIN_WEBHOOK", fallback=None),
        platform_events=_platform_events(environment),
        first_retry_gap=environment.seconds("STANDIN_STRIPE_RETRY_SECONDS", default=1.0),
        seed=environment.text("STANDIN_STRIPE_SEED", default="halles"),
        fee_basis_points=environment.integer("STANDIN_STRIPE_FEE_BASIS_POINTS", default=150),
        fee_fixed=environment.integer("STANDIN_STRIPE_FEE_FIXED", default=25),
        settlement_seconds=environment.integer("STANDIN_STRIPE_SETTLEMENT_SECONDS", default=3 * DAY),
        verification_seconds=environment.integer("STANDIN_STRIPE_VERIFICATION_SECONDS", default=0),
        async_seconds=environment.integer("STANDIN_STRIPE_ASYNC_SECONDS", default=1),
    )


def _platform_events(environment: Environment) -> frozenset[str]:
    name = "STANDIN_STRIPE_WEBHOOK_EVENTS"
    chosen = frozenset(environment.text(name, default=",".join(PLATFORM_EVENTS)).replace(" ", "").split(","))
    if unknown := chosen - PLATFORM_EVENTS:
        raise SettingError(f"Setting {name} names events that are never sent: {', '.join(sorted(unknown))}.")
    return chosen


def _target(environment: Environment, prefix: str, *, fallback: Target | None) -> Target | None:
    url = environment.text(f"{prefix}_URL", default="-")
    if url == "-":
        return fallback
    return Target(url=url, secret=environment.text(f"{prefix}_SECRET"))

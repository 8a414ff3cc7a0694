"""Settings of the carrier stand-in."""

from dataclasses import dataclass
from pathlib import Path

from standins.outbound.sender import Target
from standins.settings import Environment


@dataclass(frozen=True)
class CarrierSettings:
    """Port, file, where events go, and how fast parcels move by themselves (0: only by hand)."""

    host: str
    port: int
    public_url: str
    data: Path
    callback: Target | None
    first_retry_gap: float
    auto_advance_seconds: float


def read_settings(environment: Environment) -> CarrierSettings:
    """Read the `STANDIN_CARRIER_*` settings; without a callback address events are only shown."""
    port = environment.port("STANDIN_CARRIER_PORT", offset=34)
    url = environment.text("STANDIN_CARRIER_CALLBACK_URL", default="-")
    return CarrierSettings(
        host=environment.host(),
        port=port,
        public_url=environment.text("STANDIN_CARRIER_PUBLIC_URL", default=f"http://localhost:{port}"),
        data=environment.data_file("STANDIN_CARRIER_DATA", default_name="carrier.sqlite"),
        callback=None if url == "-" else Target(url, environment.text("STANDIN_CARRIER_SECRET")),
        first_retry_gap=environment.seconds("STANDIN_CARRIER_RETRY_SECONDS", default=1.0),
        auto_advance_seconds=environment.seconds("STANDIN_CARRIER_AUTO_ADVANCE_SECONDS", default=0.0),
    )

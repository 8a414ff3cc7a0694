"""The environment of every process: one function, the same names as in `compose.yaml` and in the services' settings."""

from collections.abc import Callable
from pathlib import Path

from halles_local import kafka_access
from halles_local.errors import StackError
from halles_local.ports import DATABASES, LOOPBACK, SERVICES
from halles_local.process_environment import inherited
from halles_local.secret_files import CLIENTS, Secrets
from halles_local.stack import Stack

STANDINS = "standins"
HOLD_SECONDS = "5"
# The first operator of the demo market: the account with this address becomes admin once it is verified.
OPERATOR_EMAIL = "operatrice@halles.example"
OVERRIDES = "settings.env"
OVERRIDES_HEADER = """# Settings of this stack that differ from its defaults, one NAME=value a line; `make up` applies changes.
# Example: a commission of 12 %
# PAYMENT_COMMISSION_BASIS_POINTS=1200
"""
SHARED = (
    "ENVIRONMENT",
    "LOG_LEVEL",
    "SITE_URL",
    "SMTP_URL",
    "KAFKA_BROKERS",
    "OPENSEARCH_URL",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_HEADERS",
    "OTEL_TRACES_SAMPLER_ARG",
)


def build(stack: Stack, process: str, secrets: Secrets) -> dict[str, str]:
    """Return the whole environment of a service or of the stand-ins.

    Lines of `settings.env` in the home replace or add settings of the process that their prefix names.
    """
    values = {
        **shared(stack),
        **(_standins(stack, secrets) if process == STANDINS else _service(stack, process, secrets)),
    }
    prefix = "STANDIN_" if process == STANDINS else f"{process.upper()}_"
    overrides = read_overrides(stack)
    mine = {
        name: value for name, value in overrides.items() if name in values or name.startswith(prefix) or name in SHARED
    }
    return {**inherited(stack), **values, **mine}


def shared(stack: Stack) -> dict[str, str]:
    """Return the addresses that every process gets."""
    ports = stack.ports
    services = {f"{name.upper()}_URL": ports.url(name) for name in SERVICES if name != "web"}
    return {
        "ENVIRONMENT": "local",
        "LOG_LEVEL": "INFO",
        "KAFKA_BROKERS": ports.address("kafka"),
        "OPENSEARCH_URL": ports.url("opensearch"),
        "SMTP_URL": f"smtp://{ports.address('smtp')}",
        "SITE_URL": ports.public_url("web"),
        **services,
    }


def _service(stack: Stack, name: str, secrets: Secrets) -> dict[str, str]:
    prefix = name.upper()
    values = {"HALLES_SERVICE": name, f"{prefix}_HOST": LOOPBACK, f"{prefix}_PORT": str(stack.ports.of(name))}
    if name in CLIENTS and kafka_access.is_on(stack):
        values["KAFKA_USERNAME"] = name
        values["KAFKA_PASSWORD"] = secrets.passwords[kafka_access.password_name(name)]
    if name in CLIENTS:
        values[f"{prefix}_CLIENT_KEY_FILE"] = str(secrets.client_key(name))
    if name in DATABASES:
        values[f"{prefix}_WORKER_INSTANCE"] = "local"
        values[f"{prefix}_DATABASE_URL"] = database_url(stack, name, role=name, secrets=secrets)
        values[f"{prefix}_OWNER_DATABASE_URL"] = database_url(stack, name, role=f"{name}_owner", secrets=secrets)
    own = _OWN.get(name)
    return values | (own(stack, secrets) if own else {})


def database_url(stack: Stack, database: str, *, role: str, secrets: Secrets) -> str:
    """Return the address of a database for a role."""
    return f"postgresql://{role}:{secrets.passwords[role]}@{stack.ports.address('postgres')}/{database}"


def _identity(stack: Stack, secrets: Secrets) -> dict[str, str]:
    return {
        "IDENTITY_SIGNING_KEY_FILE": str(secrets.signing_key),
        "IDENTITY_CLIENT_KEYS_FILE": str(secrets.client_keys),
        "IDENTITY_BOOTSTRAP_ADMIN_EMAIL": OPERATOR_EMAIL,
    }


def _catalog(stack: Stack, _secrets: Secrets) -> dict[str, str]:
    return {"CATALOG_MEDIA_URL": stack.media.as_uri()}


def _payment(stack: Stack, secrets: Secrets) -> dict[str, str]:
    return {
        "PAYMENT_STRIPE_KEY": secrets.passwords["stripe-key"],
        "PAYMENT_STRIPE_PUBLISHABLE_KEY": secrets.passwords["stripe-publishable-key"],
        "PAYMENT_STRIPE_WEBHOOK_SECRET": secrets.passwords["stripe-webhook"],
        "PAYMENT_STRIPE_ADDRESS": stack.ports.url("stripe"),
        "PAYMENT_COMMISSION_BASIS_POINTS": "1000",
        "PAYMENT_HOLD_SECONDS": HOLD_SECONDS,
    }


def _logistics(stack: Stack, secrets: Secrets) -> dict[str, str]:
    return {
        "LOGISTICS_CARRIER_ADDRESS": stack.ports.url("carrier"),
        "LOGISTICS_CARRIER_SECRET": secrets.passwords["carrier"],
    }


def _gateway(_stack: Stack, _secrets: Secrets) -> dict[str, str]:
    """The site tells its visitors' addresses from this machine; everything else here comes from it too, so limits are wide."""
    return {
        "GATEWAY_TRUSTED_PROXIES": "127.0.0.0/8",
        "GATEWAY_RATE_LIMIT_PER_MINUTE": "60000",
        "GATEWAY_READ_BUDGET_MS": "3000",
    }


_OWN: dict[str, Callable[[Stack, Secrets], dict[str, str]]] = {
    "identity": _identity,
    "catalog": _catalog,
    "payment": _payment,
    "logistics": _logistics,
    "gateway": _gateway,
}


def _standins(stack: Stack, secrets: Secrets) -> dict[str, str]:
    ports = stack.ports
    return {
        "STANDIN_CONTROL_TOKEN": secrets.passwords["standin-control"],
        "STANDIN_STRIPE_PORT": str(ports.of("stripe")),
        "STANDIN_STRIPE_WEBHOOK_URL": f"{ports.url('payment')}/webhooks/stripe",
        "STANDIN_STRIPE_WEBHOOK_SECRET": secrets.passwords["stripe-webhook"],
        "STANDIN_STRIPE_DATA": str(stack.standins / "stripe.sqlite"),
        "STANDIN_MAIL_PORT": str(ports.of("mail")),
        "STANDIN_SMTP_PORT": str(ports.of("smtp")),
        "STANDIN_MAIL_DATA": str(stack.standins / "mail.sqlite"),
        "STANDIN_CARRIER_PORT": str(ports.of("carrier")),
        "STANDIN_CARRIER_CALLBACK_URL": f"{ports.url('logistics')}/webhooks/carrier",
        "STANDIN_CARRIER_SECRET": secrets.passwords["carrier"],
        "STANDIN_CARRIER_DATA": str(stack.standins / "carrier.sqlite"),
    }


def read_overrides(stack: Stack) -> dict[str, str]:
    """Read `settings.env`; refuse a line that no process would ever see."""
    file = stack.home / OVERRIDES
    lines = file.read_text().splitlines() if file.exists() else []
    settings = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    return dict(_override(file, line) for line in settings)


def _override(file: Path, line: str) -> tuple[str, str]:
    name, separator, value = line.partition("=")
    known = name in SHARED or name.startswith(("STANDIN_", *(f"{service.upper()}_" for service in SERVICES)))
    if not separator or not known:
        advice = "Write NAME=value with a name from a service's table of settings (services/<name>/README.md)."
        raise StackError("settings", f"{file} holds a line that sets nothing: {line}", advice=advice)
    return name, value


def write_overrides_header(stack: Stack) -> None:
    """Leave a file with an example, so that the place to change a setting is found."""
    file = stack.home / OVERRIDES
    if not file.exists():
        file.write_text(OVERRIDES_HEADER)

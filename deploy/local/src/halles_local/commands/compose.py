"""`compose-secrets`: keys and passwords for `compose.yaml`, made like those of the local stack."""

from rich.console import Console

from halles_local.ports import DATABASES
from halles_local.secret_files import CLIENTS, Secrets, write_private
from halles_local.stack import Stack

READABLE = 0o644


def compose_secrets(stack: Stack, console: Console) -> None:
    """Create what is missing below `<home>/compose`; what exists stays."""
    folder = Stack(home=stack.home / "compose", ports=stack.ports, cache=stack.cache)
    folder.make_folders()
    secrets = Secrets(folder)
    secrets.create_missing()
    for file in (secrets.signing_key, secrets.client_keys, *map(secrets.client_key, CLIENTS)):
        # A container's user is not the owner of the file; the folder around it stays private on this machine.
        file.chmod(READABLE)
    settings = folder.home / "settings.env"
    write_private(settings, "".join(f"{name}={value}\n" for name, value in values(secrets).items()))
    console.print(f"Keys and passwords are in {folder.home}. Next:", soft_wrap=True)
    console.print(f"docker compose --env-file {settings} --profile app up --build --wait", soft_wrap=True)


def values(secrets: Secrets) -> dict[str, str]:
    """Return the variables that `compose.yaml` asks for."""
    passwords = secrets.passwords
    own = {f"{name.upper()}_DATABASE_PASSWORD": passwords[name] for name in DATABASES}
    owners = {f"{name.upper()}_OWNER_DATABASE_PASSWORD": passwords[f"{name}_owner"] for name in DATABASES}
    return {
        "POSTGRES_PASSWORD": passwords["postgres"],
        **own,
        **owners,
        "PAYMENT_STRIPE_KEY": passwords["stripe-key"],
        "PAYMENT_STRIPE_PUBLISHABLE_KEY": passwords["stripe-publishable-key"],
        "PAYMENT_STRIPE_WEBHOOK_SECRET": passwords["stripe-webhook"],
        "LOGISTICS_CARRIER_SECRET": passwords["carrier"],
        "STANDIN_CONTROL_TOKEN": passwords["standin-control"],
    }

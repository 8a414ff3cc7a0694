"""Rules about who imports and inherits from whom, roles of routes, and names."""

from collections.abc import Callable
from pathlib import Path

import pytest
from scripts.check_rules import RULES, check

Plant = Callable[[str, str], list[str]]
SERVICE = "services/order/src/order/service/checkout.py"
API = "services/order/src/order/api/orders.py"
CHASSIS = "libs/chassis/src/chassis/outbox.py"
ROUTE = "from edge.auth import allow, anyone, unauthenticated\nrouter = APIRouter()\n{before}\n\n\n@router.{decorator}\nasync def show({arguments}): ...\n"


def route(decorator: str, arguments: str = "", before: str = "") -> str:
    return ROUTE.format(decorator=decorator, arguments=arguments, before=before)


BAD: list[tuple[str, str, str]] = [
    ("service-imports", SERVICE, "from payment.domain import split\n"),
    ("service-imports", SERVICE, "import payment.domain\n"),
    ("service-imports", "services/order/tests/unit/test_x.py", "from payment import domain\n"),
    ("service-imports", "libs/contracts/src/contracts/log.py", "import order\n"),
    ("service-imports", SERVICE, "from importlib import import_module\ndomain = import_module('payment.domain')\n"),
    ("routes-declare-roles", API, route("get('/v1/orders')")),
    ("routes-declare-roles", API, route("post('/v1/orders', dependencies=[limit()])", "session: Session")),
    ("routes-declare-roles", API, route("get('/x')", "user: Buyer", "Buyer = Annotated[Principal, Depends(read)]")),
    ("routes-declare-roles", API, route("get('/x', dependencies=[unauthenticated('')])")),
    ("routes-declare-roles", API, "router.add_api_route('/v1/orders', show)\n"),
    ("no-chassis-subclass", SERVICE, "from chassis.relay import Relay\n\n\nclass OrderRelay(Relay): ...\n"),
    ("no-chassis-subclass", SERVICE, "from chassis import loops\n\n\nclass Sweeper(loops.Loop): ...\n"),
    ("chassis-is-technical", CHASSIS, "def add_order(session): ...\n"),
    ("chassis-is-technical", CHASSIS, "SELECT = 'SELECT id FROM payouts'\n"),
    ("chassis-is-technical", CHASSIS, "TOPIC = 'order.order.v1'\n"),
    ("chassis-is-technical", CHASSIS, "class VendorScope: ...\n"),
    ("chassis-is-technical", CHASSIS, "from contracts.order import OrderPlaced\n"),
    ("chassis-is-technical", CHASSIS, "from contracts import values\n"),
    ("no-httpx", SERVICE, "import httpx\n"),
    ("no-httpx", "services/order/tests/unit/test_x.py", "from fastapi.testclient import TestClient\n"),
    ("no-httpx", "deploy/standins/src/standins/mail.py", "from httpx import AsyncClient\n"),
    ("file-names", "services/order/src/order/utils.py", ""),
    ("file-names", "services/order/src/order/common/tax.py", ""),
]

CLEAN: list[tuple[str, str]] = [
    (API, route("get('/x')").replace("APIRouter()", "APIRouter(dependencies=[anyone()])")),
    (SERVICE, "from order.domain import split\nfrom contracts.payment import PaymentCaptured\n"),
    (API, route("get('/v1/orders', dependencies=[allow('buyer')])")),
    (API, route("get('/v1/orders')", "who: Annotated[Principal, anyone()]")),
    (API, route("get('/v1/orders')", "who=Depends(allow('buyer'))")),
    (API, route("get('/v1/orders')", "who: Buyer", "Buyer = Annotated[Principal, allow('buyer')]")),
    (API, route("post('/webhooks', dependencies=[unauthenticated('proved by its signature')])")),
    (
        SERVICE,
        "from edge.errors import AppError, Conflict\n\n\nclass SoldOut(Conflict): ...\nclass Late(AppError): ...\n",
    ),
    (SERVICE, "from chassis.settings import ServiceSettings\n\n\nclass Settings(ServiceSettings): ...\n"),
    (CHASSIS, "from contracts.envelope import Envelope\n\nSELECT = 'SELECT id FROM outbox ORDER BY id'\n"),
    (
        CHASSIS,
        "def add(rows):\n    '''Keeps the order of rows, never out of order.'''\n    return rows.order_by('id')\n",
    ),
    (SERVICE, "import aiohttp\n"),
]


@pytest.mark.parametrize(("rule", "path", "code"), BAD)
def test_a_planted_violation_is_caught(plant: Plant, rule: str, path: str, code: str) -> None:
    assert set(plant(path, code)) == {rule}


@pytest.mark.parametrize(("path", "code"), CLEAN)
def test_the_clean_twin_passes(plant: Plant, path: str, code: str) -> None:
    assert plant(path, code) == []


def test_an_alias_from_another_file_of_the_service_counts(plant: Plant) -> None:
    access = "from edge.auth import allow\nBuyer = Annotated[Principal, allow('buyer')]\nOpen = Annotated[Principal, read()]\n"
    plant("services/order/src/order/api/access.py", access)

    assert plant(API, route("get('/x')", "who: Buyer", "from order.api.access import Buyer")) == []
    assert plant(API, route("get('/x')", "who: Open", "from order.api.access import Open")) == ["routes-declare-roles"]


def test_every_rule_file_is_run() -> None:
    files = {path.stem.replace("_", "-") for path in (Path(__file__).parent.parent / "rules").glob("*.py")}

    assert files - {"--init--", "syntax", "violation"} == {rule.name for rule in RULES}


def test_every_rule_has_a_plant() -> None:
    folder = Path(__file__).parent
    planted = "".join(path.read_text(encoding="utf-8") for path in folder.glob("test_rules_*.py"))

    assert [rule.name for rule in RULES if f'"{rule.name}"' not in planted] == []


def test_a_violation_names_file_and_line(workspace: Path) -> None:
    (workspace / "services/order/src/order/app.py").write_text("\n\nimport httpx\n", encoding="utf-8")

    assert str(check(workspace)[0]).startswith("services/order/src/order/app.py:3: no-httpx: httpx is banned")

"""The description of parameters, and what it refuses."""

import runpy
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson
import pytest

from standins.stripe.errors import StripeError
from standins.stripe.forms import decode_form
from standins.stripe.operations import OPERATIONS
from standins.stripe.parameters import check_parameters


def test_the_committed_description_is_what_the_sdk_says_today() -> None:
    tool = runpy.run_path(str(Path(__file__).parents[2] / "tools/extract_parameters.py"))

    fresh = orjson.loads(orjson.dumps(tool["extract"]()))

    assert fresh == orjson.loads(files("standins.stripe").joinpath("parameters.json").read_bytes())


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: f"{operation.method} {operation.path}")
def test_every_operation_refuses_what_nobody_knows(operation: Any) -> None:
    with pytest.raises(StripeError) as refused:
        check_parameters(operation.parameters, {"no_such_parameter": "1"})

    assert refused.value.error["code"] == "parameter_unknown"
    assert refused.value.is_stored is False


def test_forms_nest() -> None:
    raw = b"a=1&b[c]=2&b[d][e]=3&l[0]=x&l[1]=y&m[]=p&m[]=q&o[0][k]=v&metadata[order_id]="

    assert decode_form(raw) == {
        "a": "1",
        "b": {"c": "2", "d": {"e": "3"}},
        "l": ["x", "y"],
        "m": ["p", "q"],
        "o": [{"k": "v"}],
        "metadata": {"order_id": ""},
    }


def test_values_get_their_types() -> None:
    given = decode_form(b"amount=500&currency=eur&confirm=true&expand[0]=customer&metadata[a]=1&description=")

    typed = check_parameters("payment_intent_create", given)

    assert typed == {
        "amount": 500,
        "currency": "eur",
        "confirm": True,
        "expand": ["customer"],
        "metadata": {"a": "1"},
        "description": "",
    }


@pytest.mark.parametrize(
    ("form", "param"),
    [
        (b"amount=1.5&currency=eur", "amount"),
        (b"amount=99999999999999999999&currency=eur", "amount"),
        (b"amount[x]=1&currency=eur", "amount"),
        (b"amount=500&currency=eur&confirm=yes", "confirm"),
        (b"amount=500&currency=eur&expand=customer", "expand"),
        (b"amount=500&currency=eur&metadata=x", "metadata"),
        (b"amount=500&currency=", "currency"),
        (
            b"amount=500&currency=eur&automatic_payment_methods[allow_redirects]=never",
            "automatic_payment_methods[enabled]",
        ),
    ],
)
def test_wrong_values_are_named(form: bytes, param: str) -> None:
    with pytest.raises(StripeError) as refused:
        check_parameters("payment_intent_create", decode_form(form))

    assert refused.value.error["param"] == param


@pytest.mark.parametrize("form", [b"a=1&a[b]=2", b"a[b][c][d][e][f][g][h][i]=1"])
def test_forms_that_contradict_themselves_are_refused(form: bytes) -> None:
    with pytest.raises(StripeError):
        decode_form(form)

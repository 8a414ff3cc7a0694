import pytest

from identity.domain.errors import SellerTransitionRefused
from identity.domain.sellers import check_transition

STATES = ("pending", "open", "suspended", "closed")
ALLOWED = {
    ("pending", "open"), ("suspended", "open"), ("pending", "suspended"), ("open", "suspended"),
    ("pending", "closed"), ("open", "closed"), ("suspended", "closed"),
}  # fmt: skip


@pytest.mark.parametrize("current", STATES)
@pytest.mark.parametrize("wanted", STATES[1:])
def test_every_move_is_decided(current: str, wanted: str) -> None:
    try:
        check_transition(current, wanted)
        allowed = True
    except SellerTransitionRefused as refused:
        allowed = False
        assert refused.extra == {"state": current}

    assert allowed == ((current, wanted) in ALLOWED)

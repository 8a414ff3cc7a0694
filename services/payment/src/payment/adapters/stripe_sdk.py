"""Stripe's SDK without `requests`: we talk through aiohttp, and the transport that nobody uses costs 6 MB (measured).

The SDK imports `requests` when it is there. An entry of None makes that import fail while the SDK loads, and only then.
"""

import sys
from typing import Any

_modules: dict[str, Any] = sys.modules
_is_hidden = "requests" not in _modules
if _is_hidden:
    _modules["requests"] = None
import stripe  # noqa: E402 - after the line that this module is for

if _is_hidden:
    del _modules["requests"]

__all__ = ["stripe"]

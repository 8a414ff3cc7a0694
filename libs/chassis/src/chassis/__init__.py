"""Technical plumbing that every service uses: how, never what."""

import os
import sys

if "HALLES_SERVICE" in os.environ:
    # structlog imports rich for its console renderer wherever it is installed: 4 MB that a service has no use for.
    sys.modules.setdefault("rich", None)  # type: ignore[arg-type]

"""Each planted bug can be planted in the library as it is now."""

from pathlib import Path

import pytest

from halles_local.ports import Ports
from halles_local.stack import REPOSITORY, Stack
from halles_rig.mutant import LIBRARIES, MUTANTS, Mutant, planted


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.patch)
def test_the_patch_applies_to_a_copy_alone(mutant: Mutant, tmp_path: Path) -> None:
    source = planted(Stack(tmp_path, Ports(21_600), tmp_path), mutant)

    original = REPOSITORY / LIBRARIES / "src"
    changed = [
        file for file in source.rglob("*.py") if file.read_text() != (original / file.relative_to(source)).read_text()
    ]
    assert changed

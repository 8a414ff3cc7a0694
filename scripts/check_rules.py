"""Run our own rules over the workspace: `python -m scripts.check_rules`. Exit code 1 names every violation."""

import argparse
import sys
from pathlib import Path

from scripts.rules import (
    chassis_is_technical,
    clock_is_passed_in,
    commit_at_edge,
    file_names,
    no_ack_policy,
    no_chassis_subclass,
    no_float_in_money,
    no_httpx,
    no_remote_call_in_transaction,
    no_sleep_in_tests,
    publish_at_relay,
    routes_declare_roles,
    service_imports,
)
from scripts.rules.violation import Rule, Violation
from scripts.tree import ROOT, read_workspace

_MODULES = (
    chassis_is_technical,
    clock_is_passed_in,
    commit_at_edge,
    file_names,
    no_ack_policy,
    no_chassis_subclass,
    no_float_in_money,
    no_httpx,
    no_remote_call_in_transaction,
    no_sleep_in_tests,
    publish_at_relay,
    routes_declare_roles,
    service_imports,
)
RULES: tuple[Rule, ...] = tuple(module.RULE for module in _MODULES)


def check(root: Path) -> list[Violation]:
    """All violations below a root, in the order of the files."""
    workspace = read_workspace(root)
    found = {found for source in workspace.sources for rule in RULES for found in rule.violations(source, workspace)}
    return sorted(found)


def main() -> int:
    """Print violations; 0 when there are none."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT)
    violations = check(parser.parse_args().root)
    for violation in violations:
        print(violation)
    print(f"rules: {len(RULES)} rules, {len(violations)} violations")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())

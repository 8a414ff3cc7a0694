#!/usr/bin/env bash
# Resolve every member's dependencies into requirements.lock: exact versions with hashes, no host and no path in it.
set -euo pipefail
cd "$(dirname "$0")/.."
members=(libs/*/ services/*/ deploy/local deploy/standins tests/bench tests/rig)
args=()
for member in "${members[@]}"; do
  member=${member%/}
  args+=("$member/pyproject.toml" --no-emit-package "$(sed -n 's/^name = "\(.*\)"/\1/p' "$member/pyproject.toml")")
done
exec .venv/bin/uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 --group dev --group docs "${args[@]}" -o requirements.lock "$@"

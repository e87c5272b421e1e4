#!/bin/sh
# Formats every C++ file in place; with --check only says which are not.
set -eu
cd "$(dirname "$0")/.."
files=$(git ls-files --cached --others --exclude-standard '*.h' '*.cpp')
case "${1:-}" in
  --check) echo "$files" | xargs clang-format-16 --dry-run --Werror ;;
  *) echo "$files" | xargs clang-format-16 -i ;;
esac

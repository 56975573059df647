#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a test program, unless everything that its result depends on is as it was when it last passed: the
# program, the libraries that it loads, Python programs, vectors, the variables that it reads. What it
# passed is then said again, marked as unchanged. VIVA_TEST_ALL=1 runs it in any case.
#
#   unless_unchanged.sh STAMPS OTHERS PROGRAM
#
# STAMPS  the folder that remembers what passed, the last few states of it: a change that is taken back
#         has passed before
# OTHERS  a pattern of libraries that PROGRAM loads but that cannot change this result
set -euo pipefail
readonly stamps=$1 others=$2 program=$3
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
readonly source

# Our own libraries by content, which building again leaves as it is; the system's by size and time.
fingerprint() {
  local build library
  build=$(cd "$(dirname "$program")/.." && pwd -P)
  # libviva_lessons.so is the catalog alone, but mold orders its symbols by what the topics' libraries hold.
  sha256sum "$program" "$source/lessons/catalog.cpp"
  find "$source/resources/lessons" "$source/tests" \( -name '*.py' -o -name '*_vectors.txt' \) -exec sha256sum {} + | sort
  env | grep -E '^(VIVA_|OMP_|OPENBLAS_|CUDA_)' | grep -v '^VIVA_TEST_ALL=' | sort || true
  ldd "$program" | awk '$2 == "=>" && $3 ~ /^\// {print $3}' | sort | while read -r library; do
    if [[ $library != "$build"/* ]]; then
      stat -L -c '%n %s %Y' "$library"
    elif ! grep -qE "$others" <<<"${library##*/}"; then
      sha256sum "$library"
    fi
  done
  stat -L -c '%n %s %Y' /usr/lib/python3/dist-packages/torch/version.py 2>/dev/null || true
}

now=$(fingerprint | sha256sum | cut -c1-64)
readonly now
if [[ -z ${VIVA_TEST_ALL:-} && -f $stamps/$now ]]; then
  cat "$stamps/$now"
  touch "$stamps/$now"
  echo 'Unchanged since it passed'
  exit 0
fi

output=$(mktemp)
trap 'rm -f "$output"' EXIT
"$program" 2>&1 | tee "$output"
mkdir -p "$stamps"
grep '^Totals: ' "$output" >"$stamps/$now.new"
mv "$stamps/$now.new" "$stamps/$now"
# shellcheck disable=SC2012  # the names are hexadecimal
ls -t "$stamps" | tail -n +9 | while read -r old; do rm -f "$stamps/$old"; done

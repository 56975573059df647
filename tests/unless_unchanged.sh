#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a test program, unless everything that its result depends on is as it was when it last passed: the
# program, the libraries that it loads, the Python programs, vectors, demos and words that it reads, the variables.
# What it passed is then said again, marked as unchanged. VIVA_TEST_ALL=1 runs it in any case.
#
#   unless_unchanged.sh STAMPS OTHERS PROGRAM FOLDER...
#
# STAMPS  the folder that remembers what passed, the last few states of it: a change that is taken back
#         has passed before
# OTHERS  a pattern of libraries that PROGRAM loads but that cannot change this result, or not by more than
#         what is in the folders
# FOLDER  where it reads Python programs, vectors, demos, and words where it uses words at all: of a topic's tests the
#         lessons of this topic. What all lessons say, resources/i18n, counts for every test that uses words.
set -euo pipefail
readonly stamps=$1 others=$2 program=$3
shift 3
readonly folders=("$@")
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
readonly source

# Our own libraries by content, which building again leaves as it is; the system's by size and time.
fingerprint() {
  local build library libraries read=(-name '*.py' -o -name '*_vectors.txt' -o -name demos.json) folder
  build=$(cd "$(dirname "$program")/.." && pwd -P)
  libraries=$(ldd "$program" | awk '$2 == "=>" && $3 ~ /^\// {print $3}' | sort)
  sha256sum "$program"
  if grep -q '/libviva_words[.]so$' <<<"$libraries"; then
    read+=(-o -name 'words.*.json')
    find "$source/resources/i18n" -name '*.json' -exec sha256sum {} + | sort
  fi
  for folder in ${folders[@]+"${folders[@]}"}; do
    find "$folder" \( "${read[@]}" \) -exec sha256sum {} + | sort
  done
  env | grep -E '^(VIVA_|OMP_|OPENBLAS_|CUDA_)' | grep -v '^VIVA_TEST_ALL=' | sort || true
  local ours=() systems=(/usr/lib/python3/dist-packages/torch/version.py)
  while read -r library; do
    if [[ $library != "$build"/* ]]; then
      systems+=("$library")
    elif [[ ! ${library##*/} =~ $others ]]; then
      ours+=("$library")
    fi
  done <<<"$libraries"
  # One process for all: each costs 10 ms, and LibTorch brings a hundred libraries.
  stat -L -c '%n %s %Y' "${systems[@]}" 2>/dev/null || true
  [[ ${#ours[@]} -eq 0 ]] || sha256sum "${ours[@]}"
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

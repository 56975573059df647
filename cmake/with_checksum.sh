#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# with_checksum.sh CCACHE COMPILER ARGUMENTS...: compiles, and puts a checksum of a precompiled header beside it
# (CCACHE_PCH_EXTSUM). That of Torch has 363 MB; reading it cost seconds of CPU a source that the cache has, and more
# for one that it does not have. The checksum is of the header's text, since what GCC makes of it differs from folder
# to folder, and one cache serves them all.
"$@" || exit
header= previous=
for argument; do
  [ "$previous" != -o ] || header=$argument
  previous=$argument
done
case $header in *.gch) ;; *) exit 0 ;; esac
shift # the compiler itself, not the cache
previous=
for argument; do
  shift
  if [ "$argument" != -o ] && [ "$previous" != -o ]; then set -- "$@" "$argument"; fi
  previous=$argument
done
"$@" -fno-pch-preprocess -E -P -dD >"$header.text" && sha256sum <"$header.text" >"$header.sum"
rm -f "$header.text"

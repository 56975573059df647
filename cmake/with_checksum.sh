#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# with_checksum.sh CCACHE COMPILER ARGUMENTS...: compiles, and puts the checksum of a precompiled header beside it
# (CCACHE_PCH_EXTSUM). That of Torch has 631 MB; reading it cost 3.6 s of CPU a source that the cache has, and 6 to 14 s
# more for one that it does not have.
"$@" || exit
for argument; do
  case $argument in
    *.gch) sha256sum <"$argument" >"$argument.sum" ;;
  esac
done

#!/bin/sh
# usage: enter.sh ROOT CHECKOUT RUN COMMAND...
# Runs COMMAND in ROOT, with CHECKOUT at /mcam, read only, and the folder RUN at /run/mcam. The process that was started
# becomes COMMAND, and the mounts end with it.
set -eu
root=$1
checkout=$2
run=$3
[ "${IN_NAMESPACE:-}" ] || exec env IN_NAMESPACE=1 unshare --mount --propagation private sh "$0" "$@"
shift 3
mount -t proc proc "$root/proc"
mount --bind "$checkout" "$root/mcam"
mount -o remount,bind,ro "$root/mcam"
mount --bind "$run" "$root/run/mcam"
exec chroot "$root" env -i PATH=/usr/bin:/bin HOME=/root LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 \
	PYTHONPATH=/mcam:/opt/packages NUMBA_CACHE_DIR=/var/cache/numba sh -c 'cd /mcam && exec "$@"' - "$@"

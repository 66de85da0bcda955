#!/bin/sh
# usage: make_root.sh ROOT PYTHON PACKAGE...
# ROOT: Debian trixie with libcamera 0.7 from its backports, its Python bindings, and what mcam's daemon imports, as
# Debian has it. The PACKAGEs come from the package index by PYTHON's pip, without their dependencies.
# Needs root and debootstrap; Debian's packages come from the mirror in this machine's own apt sources.
# All mounts live in a namespace of this script's own, so none is left behind, however it ends.
set -eu
root=$1
python=$2
[ "${IN_NAMESPACE:-}" ] || exec env IN_NAMESPACE=1 unshare --mount --propagation private sh "$0" "$@"
shift 2
here=$(dirname "$(realpath "$0")")
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep '/debian/$' | head -n 1)
[ -n "$mirror" ] || { echo "apt knows no mirror of Debian here: run apt-get update." >&2; exit 1; }

debootstrap --variant=minbase trixie "$root" "$mirror"
cp /etc/resolv.conf "$root/etc/"
echo "deb $mirror trixie-backports main" >"$root/etc/apt/sources.list.d/backports.list"
# Not -t trixie-backports: that takes everything from there, and then finds Mesa's packages at odds with each other.
printf 'Package: src:libcamera\nPin: release n=trixie-backports\nPin-Priority: 900\n' \
	>"$root/etc/apt/preferences.d/libcamera"
printf 'path-exclude=/usr/share/%s/*\n' doc man locale >"$root/etc/dpkg/dpkg.cfg.d/small"
echo force-unsafe-io >>"$root/etc/dpkg/dpkg.cfg.d/small"

mount -t proc proc "$root/proc"
inside() {
	chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
		DEBIAN_FRONTEND=noninteractive ${http_proxy:+"http_proxy=$http_proxy"} "$@"
}
inside apt-get -qq update
inside apt-get -qq install -y --no-install-recommends python3-libcamera libcamera-ipa python3-numpy python3-numba \
	python3-pil python3-msgspec python3-gpiozero
inside apt-get clean
rm -rf "$root"/var/lib/apt/lists/*

version=$(inside python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
"$python" -m pip install --quiet --no-deps --only-binary=:all: --target "$root/opt/packages" \
	--implementation cp --python-version "$version" --platform "manylinux_2_28_$(uname -m)" \
	--platform "manylinux2014_$(uname -m)" "$@"

mkdir -p "$root/usr/share/libcamera/pipeline/virtual" "$root/mcam" "$root/run/mcam" "$root/var/cache/numba"
cp "$here/virtual.yaml" "$root/usr/share/libcamera/pipeline/virtual/virtual.yaml"

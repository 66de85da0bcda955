#!/bin/sh
# usage: make_kernel.sh FOLDER
# Image and modules.tar of an arm64 kernel from Debian's own source package, with what Debian's build leaves out and a
# camera's tests want: simulated pins, test cameras, a panel without a firmware, card readers, logged and failing disks.
# Needs root and mmdebstrap; built in a throw-away Debian trixie. Half an hour on two cores.
set -eu
folder=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
work=$(mktemp -d "$folder/kernel.XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT

mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep '/debian/$' | head -n 1)
packages=linux-source-6.12,xz-utils,make,flex,bison,bc,libssl-dev,libelf-dev,cpio,kmod,rsync,python3,perl
packages=$packages,gcc,libc6-dev,gcc-aarch64-linux-gnu,libc6-dev-arm64-cross
mmdebstrap --variant=minbase --components=main --aptopt='APT::Install-Recommends "false"' --include="$packages" \
	trixie "$work/root" "$mirror"

tar -xf "$work/root/usr/src/linux-source-6.12.tar.xz" -C "$work/root/usr/src"
cp "$here/kernel.config" "$work/root/usr/src/"
chroot "$work/root" sh -eu <<'END'
cd /usr/src/linux-source-6.12
export ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu-
make -s allnoconfig
scripts/kconfig/merge_config.sh -m .config ../kernel.config
make -s olddefconfig
# An option that was not granted, because what it depends on is missing, would be missed only by a test.
grep '^CONFIG' ../kernel.config | while read -r option; do
	case $option in
	*=n) ! grep -q "^${option%=n}=" .config ;;
	*) grep -qx "$option" .config ;;
	esac || { echo "not granted: $option" >&2; exit 1; }
done
make -s -j"$(nproc)" Image modules
make -s INSTALL_MOD_PATH=/modules INSTALL_MOD_STRIP=1 modules_install
END
tar -C "$work/root/modules" -cf "$folder/modules.tar.new" lib
mv "$work/root/usr/src/linux-source-6.12/arch/arm64/boot/Image" "$folder/Image"
mv "$folder/modules.tar.new" "$folder/modules.tar"

#!/bin/sh
# usage: make_root.sh IMAGE
# Debian trixie for arm64, the distribution under Raspberry Pi OS, as a qcow2 disk image with one ext4 file system.
# Needs root, mmdebstrap and qemu-user-static; the packages come from the mirror in this machine's own apt sources.
# Ten minutes on two cores, nearly all of it dpkg under qemu-user.
set -eu
image=$1
here=$(dirname "$(realpath "$0")")
work=$(mktemp -d "${image%/*}/root.XXXXXX")
binfmt=/proc/sys/fs/binfmt_misc
mounted=
trap 'rm -rf --one-file-system "$work"; [ -z "$mounted" ] || umount "$binfmt"' EXIT
export QEMU_CPU=cortex-a72  # pointer authentication, which newer models have, is slow to emulate

# The formats of other architectures are known only while this is mounted and a handler registered.
[ -e "$binfmt/register" ] || { mount -t binfmt_misc none "$binfmt" && mounted=yes; }
[ -e "$binfmt/qemu-aarch64" ] || update-binfmts --enable qemu-aarch64

mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep '/debian/$' | head -n 1)
packages=systemd,systemd-sysv,systemd-resolved,udev,dbus,kmod,openssh-server,iproute2,procps,make,sudo,ca-certificates
packages=$packages,python3,python3-venv,python3-pip,python3-numpy,python3-libcamera,libcamera-ipa
packages=$packages,polkitd,gpiod,v4l-utils,e2fsprogs,dosfstools,exfatprogs,dmsetup
packages=$packages,gcc,libc6-dev,python3-dev,python3-setuptools,swig  # these build lgpio, see below

mmdebstrap --architectures=arm64 --variant=minbase --components=main --include="$packages" \
	--aptopt='APT::Install-Recommends "false"' \
	--dpkgopt='path-exclude=/usr/share/doc/*' \
	--dpkgopt='path-exclude=/usr/share/man/*' \
	--dpkgopt='path-exclude=/usr/share/locale/*' \
	trixie "$work/root" "$mirror"

# Raspberry Pi OS has python3-lgpio from its own archive, Debian has none: built here from PyPI's source, under the same
# name, so that an installer that asks apt for it finds it there.
python3 -m pip download --quiet --no-deps --no-binary lgpio --dest "$work" 'lgpio>=0.2.2'
tar -xf "$work"/lgpio-*.tar.gz -C "$work/root/root"
mv "$work"/root/root/lgpio-* "$work/root/root/lgpio"
cp "$here/package_lgpio.sh" "$work/root/root/"
chroot "$work/root" sh /root/package_lgpio.sh /root/lgpio
rm -r "$work/root/root/lgpio" "$work/root/root/package_lgpio.sh"

cp -r "$here/root/." "$work/root/"
chroot "$work/root" passwd --quiet --delete root
chroot "$work/root" systemctl --quiet enable systemd-networkd ready.service
chroot "$work/root" systemctl --quiet mask systemd-networkd-wait-online apt-daily.timer apt-daily-upgrade.timer
rm -rf "$work"/root/var/cache/apt/* "$work"/root/var/lib/apt/lists/*

mke2fs -q -F -t ext4 -L root -d "$work/root" "$work/root.img" 6G
qemu-img convert -O qcow2 "$work/root.img" "$work/root.qcow2"
mv "$work/root.qcow2" "$image"

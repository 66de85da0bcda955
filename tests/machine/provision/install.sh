#!/bin/sh
# In the machine, from the disk it was given: what a person does with a fresh Raspberry Pi OS and a checkout of mcam.
set -eu
here=$(realpath "$(dirname "$0")/..")
tar -xf "$here/modules.tar" -C /usr
depmod

# No network: pip finds here what PyPI would have.
mkdir -p /var/lib/wheels
cp "$here"/wheels/* /var/lib/wheels/
printf '[global]\nno-index = true\nfind-links = /var/lib/wheels\n' >/etc/pip.conf

# What the installer writes is kept for a test. A frame of the full simulation takes an emulated machine too long: from its
# first start on the camera plays a stored one, so the settings are exchanged while the kernels compile.
install -D -m 644 "$here/scene.dng" /usr/local/share/mcam/scene.dng
exchange_settings() {
	until [ -e /etc/mcam/mcam.toml ]; do sleep 1; done
	mv /etc/mcam/mcam.toml /etc/mcam/as-installed.toml
	cp "$here/provision/mcam.toml" /etc/mcam/
}
exchange_settings &

cp -r "$here/mcam" /root/mcam
cd /root/mcam
make install
wait

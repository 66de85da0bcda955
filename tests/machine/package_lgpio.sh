#!/bin/sh
# usage: package_lgpio.sh SOURCES - inside the image: compile lgpio and install it as the package python3-lgpio.
set -eu
cd "$1"
swig -python -o lgpio_wrap.c lgpio.i
module=_lgpio$(python3 -c 'import sysconfig; print(sysconfig.get_config_var("EXT_SUFFIX"))')
into=package/usr/lib/python3/dist-packages
mkdir -p "$into" package/DEBIAN
# shellcheck disable=SC2046 - flags and files are words
gcc -w -O2 -fPIC -shared $(python3-config --includes) -Isrc lgpio_wrap.c $(ls src/lg*.c) src/rgpiod.c -o "$into/$module" -lpthread
cp lgpio.py "$into/"
cat >package/DEBIAN/control <<END
Package: python3-lgpio
Version: 0.2.2-0
Architecture: $(dpkg --print-architecture)
Maintainer: mcam tests <root@localhost>
Depends: python3
Description: GPIO access, built from PyPI's source distribution
END
dpkg-deb --build --root-owner-group package python3-lgpio.deb
dpkg --install python3-lgpio.deb
python3 -c 'import lgpio; print("lgpio", lgpio.get_module_version())'

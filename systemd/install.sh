#!/bin/sh
# usage: [DESTDIR=DIR] [DRY_RUN=1] systemd/install.sh install|uninstall
#
# Makes a camera of this machine: Raspberry Pi OS or Debian, 64 bit, bookworm or trixie. Every step may be repeated: run
# it again to update. Settings and photographs are never touched.
# With DESTDIR only files are laid below that folder, as for a package, and nothing of this machine is changed.
# With DRY_RUN=1 each step is told and none done.
set -eu

DESTDIR=${DESTDIR:-}
DRY_RUN=${DRY_RUN:-}
SOURCE=$(dirname "$(dirname "$(realpath "$0")")")
PROGRAMS=/opt/mcam
SETTINGS=/etc/mcam/mcam.toml
CARD=/var/lib/mcam/mcam-card
CACHE=/var/cache/mcam
LIBRAW="rawpy>=0.21"
ENABLED="mcam.target mcam-capture.service mcam-screen.service mcam-kernels.service mcam-web.socket"
UNITS="$ENABLED mcam-web.service"

say() {
	echo "mcam: $*"
}

fail() {
	say "$*" >&2
	exit 2
}

# Do it, or with DRY_RUN say it.
run() {
	if [ -n "$DRY_RUN" ]; then echo "+ $*"; else "$@"; fi
}

# systemd and its friends are asked only where they run: not below DESTDIR, and not in the chroot of an image's maker.
is_booted() {
	[ -z "$DESTDIR" ] && [ -d /run/systemd/system ]
}

has_package() {
	[ "$(dpkg-query --show --showformat '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

check_machine() {
	command -v apt-get >/dev/null ||
		fail "This is neither Raspberry Pi OS nor Debian: there is no apt. Start the camera with 'make run' instead."
	case $(dpkg --print-architecture) in
	arm64 | amd64) ;;
	*) fail "This system has 32 bits, for which there is no numba: write the 64-bit Raspberry Pi OS to the card." ;;
	esac
	[ "$(id -u)" = 0 ] || [ -n "$DRY_RUN$DESTDIR" ] || fail "Only root may do this: sudo make $1."
	[ -w / ] || [ -n "$DRY_RUN$DESTDIR" ] ||
		fail "The system is mounted to be read only: sudo mount -o remount,rw / first, and reboot afterwards."
}

# Packages that are there are left alone, so that an update needs no network but for what changed. picamera2 and lgpio
# are in Raspberry Pi's archive only: without them the sensor is simulated and the buttons are off.
install_packages() {
	wanted="python3 python3-venv python3-numpy binutils polkitd"
	from_pi="python3-picamera2 python3-lgpio"
	missing=
	for name in $wanted; do has_package "$name" || missing="$missing $name"; done
	if grep -rqs 'archive\.raspberrypi\.' /etc/apt/sources.list /etc/apt/sources.list.d; then
		for name in $from_pi; do has_package "$name" || missing="$missing $name"; done
	else
		say "no archive of Raspberry Pi among apt's sources: the sensor will be simulated"
	fi
	[ -n "$missing" ] || return 0
	run apt-get update
	# Without the recommended ones, which would bring a desktop.
	# shellcheck disable=SC2086 # names are words
	run env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends $missing
}

into_programs() {
	"$PROGRAMS/bin/python" -m pip install --quiet --disable-pip-version-check -c "$build/constraints" "$@"
}

# numpy stays apt's: another one breaks apt's simplejpeg, and with it picamera2 (picamera2 issue 1088).
install_programs() {
	run python3 -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14) and "mcam needs Python 3.11 to 3.13.")'
	run python3 -m venv --system-site-packages "$PROGRAMS"
	if [ -n "$DRY_RUN" ]; then
		echo "+ $PROGRAMS/bin/python -m pip install $SOURCE"
		return
	fi
	build=$(mktemp -d)
	trap 'rm -rf "$build"' EXIT
	python3 -c 'import numpy; print(f"numpy=={numpy.__version__}")' >"$build/constraints"
	# Built from a copy: pip would leave root's files in the checkout.
	cp -r "$SOURCE/pyproject.toml" "$SOURCE/README.md" "$SOURCE/LICENSE" "$SOURCE/device" "$SOURCE/ui" "$build"
	into_programs "$build"
	# LibRaw, for `mcam inspect` and replayed files: 3 MB that the camera itself does without.
	into_programs --only-binary :all: "$LIBRAW" || say "'mcam inspect' will not work: $LIBRAW cannot be had"
	ln -sf "$PROGRAMS/bin/mcam" /usr/local/bin/mcam
}

lay() {
	run install -D -m 644 "$SOURCE/systemd/$1" "$DESTDIR$2"
}

install_files() {
	for unit in $UNITS; do lay "$unit" "/etc/systemd/system/$unit"; done
	lay mcam.sysusers /etc/sysusers.d/mcam.conf
	lay mcam.tmpfiles /etc/tmpfiles.d/mcam.conf
	lay 70-mcam.rules /etc/udev/rules.d/70-mcam.rules
	lay 50-mcam.rules /etc/polkit-1/rules.d/50-mcam.rules
}

# Whoever called sudo may read the photographs and press the shutter from now on.
make_user() {
	run systemd-sysusers /etc/sysusers.d/mcam.conf
	run systemd-tmpfiles --create /etc/tmpfiles.d/mcam.conf
	run install -d -o mcam -g mcam -m 755 "${CARD%/*}"
	run install -d -o mcam -g mcam -m 2770 "$CARD"
	[ -z "${SUDO_USER:-}" ] || run usermod -aG mcam "$SUDO_USER"
}

# Prints columns and rows of the panel, if there is one.
panel_size() {
	sed -n '1s/^[A-Z]:\([0-9]*\)x\([0-9]*\).*/\1 \2/p' "$DESTDIR/sys/class/graphics/fb0/modes" 2>/dev/null || true
}

settings() {
	cat <<-END
		# The settings of this camera. "make install" wrote this file once and leaves it alone from now on.
		# Every setting there is, with its default and a remark: device/mcam.toml in the sources.

		[sensor]
		kind = "auto"  # the camera where one is found, else a simulated one

		[card]
		folder = "$CARD"
	END
	# shellcheck disable=SC2046 # two numbers
	set -- $(panel_size)
	[ $# = 2 ] || return 0
	printf '\n[screen]\nkind = "fb:/dev/fb0"  # found: %s x %s\n' "$1" "$2"
	if [ "$2" -gt "$1" ]; then echo "rotation = 90  # it is a portrait panel; 270 if the picture is upside down"; fi
}

write_settings() {
	[ ! -e "$DESTDIR$SETTINGS" ] || return 0
	if [ -n "$DRY_RUN" ]; then
		echo "+ write $SETTINGS"
		return
	fi
	install -d -m 755 "$DESTDIR${SETTINGS%/*}"
	settings >"$DESTDIR$SETTINGS.new"
	mv "$DESTDIR$SETTINGS.new" "$DESTDIR$SETTINGS"
}

# Kernels compiled into a library need no numba at run time, which costs a start some seconds and each process 100 MB.
# Where that fails, one photograph by a simulated sensor has numba compile what the first start would wait for. In the
# chroot of an image's maker nothing is compiled, for who knows which processor: mcam-kernels.service does it later.
compile_kernels() {
	say "compiling for this processor: a minute or two, some more on a small Pi"
	! run "$PROGRAMS/bin/python" -P -m device.kernel_build || return 0
	say "numba will compile what is missing; each start takes some seconds then"
	card=/tmp/mcam-install.$$
	run install -d -o mcam -g mcam "$CACHE" "$card"
	run runuser -u mcam -- env HOME=/var/lib/mcam TMPDIR="$card" NUMBA_CACHE_DIR="$CACHE" \
		"$PROGRAMS/bin/mcam" shoot --sensor simulated --card "$card" --runtime "$card/run"
	run rm -rf "$card"
}

start_camera() {
	# shellcheck disable=SC2086 # names are words
	run systemctl --quiet enable $ENABLED
	is_booted || return 0
	run systemctl daemon-reload
	if [ -S /run/udev/control ]; then # a container has none
		run udevadm control --reload
		run udevadm trigger --settle --subsystem-match=dma_heap --subsystem-match=gpio --subsystem-match=graphics
	fi
	run systemctl start mcam.target
	[ ! -e /dev/fb0 ] || run systemctl start mcam-screen.service
}

# Those of these units that are there: an earlier version had fewer, and systemctl fails for one that it does not know.
laid() {
	for unit; do [ ! -e "/etc/systemd/system/$unit" ] || echo "$unit"; done
}

stop_camera() {
	is_booted || return 0
	# shellcheck disable=SC2046 # names are words
	set -- $(laid mcam.target mcam-kernels.service mcam-web.service mcam-screen.service mcam-capture.service)
	[ $# = 0 ] || run systemctl stop "$@"
}

disable_camera() {
	[ -z "$DESTDIR" ] || return 0
	# shellcheck disable=SC2046,SC2086 # names are words
	set -- $(laid $ENABLED)
	[ $# = 0 ] || run systemctl --quiet disable "$@"
}

do_install() {
	check_machine install
	if [ -z "$DESTDIR" ]; then
		install_packages
		stop_camera
		install_programs
	fi
	install_files
	write_settings
	[ -z "$DESTDIR" ] || return 0
	make_user
	! is_booted || compile_kernels
	start_camera
	say "installed. 'mcam doctor' tells what your rig still needs; $SETTINGS holds the settings."
}

do_uninstall() {
	check_machine uninstall
	stop_camera
	disable_camera
	for unit in $UNITS; do run rm -f "$DESTDIR/etc/systemd/system/$unit"; done
	for place in sysusers.d/mcam.conf tmpfiles.d/mcam.conf udev/rules.d/70-mcam.rules polkit-1/rules.d/50-mcam.rules; do
		run rm -f "$DESTDIR/etc/$place"
	done
	if [ -z "$DESTDIR" ]; then run rm -rf "$PROGRAMS" "$CACHE" /usr/local/bin/mcam; fi
	! is_booted || run systemctl daemon-reload
	say "removed. Settings ($SETTINGS), photographs (/var/lib/mcam) and the user mcam are still there."
}

case ${1:-} in
install) do_install ;;
uninstall) do_uninstall ;;
*) fail "usage: [DESTDIR=DIR] [DRY_RUN=1] systemd/install.sh install|uninstall" ;;
esac

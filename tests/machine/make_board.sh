#!/bin/sh
# usage: make_board.sh DTB QEMU-OPTIONS...
# QEMU's own device tree of that machine, with what makes gpiozero believe in a Raspberry Pi 4: its model and revision,
# and 58 simulated pins (gpio-sim) under the name of a Pi's. They become /dev/gpiochip0, because QEMU's own pins are off.
set -eu
dtb=$1
shift
qemu-system-aarch64 "$@" -machine "dumpdtb=$dtb" -display none -nic none 2>/dev/null
fdtput -t s "$dtb" / model 'Raspberry Pi 4 Model B Rev 1.4'
fdtput -c "$dtb" /system
fdtput -t x "$dtb" /system linux,revision c03114
fdtput -t s "$dtb" /pl061@9030000 status disabled
fdtput -t s "$dtb" /gpio-keys status disabled
fdtput -c "$dtb" /gpio-sim /gpio-sim/bank0
fdtput -t s "$dtb" /gpio-sim compatible gpio-simulator
fdtput "$dtb" /gpio-sim/bank0 gpio-controller
fdtput -t u "$dtb" /gpio-sim/bank0 '#gpio-cells' 2
fdtput -t u "$dtb" /gpio-sim/bank0 ngpios 58
fdtput -t s "$dtb" /gpio-sim/bank0 gpio-sim,label pinctrl-bcm2711
# shellcheck disable=SC2046 - one word to a pin
fdtput -t s "$dtb" /gpio-sim/bank0 gpio-line-names $(seq -f GPIO%g 0 57)

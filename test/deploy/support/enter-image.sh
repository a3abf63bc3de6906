#!/bin/sh
# Half of what a container engine does: enter-image.sh ROOT DATA [NAME=VALUE…] PROGRAM ARGUMENT…
# In mounts of this process alone, ROOT is read-only, its /tmp is empty and its /data is DATA; the program has this environment only.
set -eu
root=$1 data=$2
shift 2
mount --bind "$root" "$root"
mount -o remount,ro,bind "$root"
mount -t tmpfs -o mode=1777 tmp "$root/tmp"
mount -t proc proc "$root/proc"
mount -t tmpfs dev "$root/dev"
for device in null zero random urandom; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mount --bind "$data" "$root/data"
exec env -i "$@"

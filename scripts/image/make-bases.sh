#!/bin/sh
# Makes the folders of two bases from what this machine and the checkout have, for builds without a registry of images:
#
#   make-bases.sh FOLDER    writes FOLDER/base (Node and its libraries) and FOLDER/builder (that, a shell and npm)
#
# Needs: npm's package `node` in node_modules, ldd, a static busybox (Debian: busybox-static), certificates (ca-certificates).
set -eu
folder=$1
checkout=$(cd "$(dirname "$0")/../.." && pwd)
node=$checkout/node_modules/node/bin/node
busybox=$(command -v busybox)

copy() { # FILE ROOT: at the same place, links followed
  mkdir -p "$2$(dirname "$1")"
  cp -L "$1" "$2$1"
}

copy_libraries() { # PROGRAM ROOT: by their paths, and the loader, which stands alone on its line
  for library in $(ldd "$1" | grep -o '/[^ ]*'); do copy "$library" "$2"; done
}

make_base() { # ROOT
  mkdir -p "$1/nodejs/bin" "$1/etc" "$1/tmp" "$1/proc" "$1/dev" "$1/sys" "$1/root"
  chmod 1777 "$1/tmp"
  cp "$node" "$1/nodejs/bin/node"
  copy_libraries "$node" "$1"
  copy /etc/ssl/certs/ca-certificates.crt "$1"
  printf 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n' >"$1/etc/passwd"
  printf 'root:x:0:\nnonroot:x:65532:\n' >"$1/etc/group"
  printf 'hosts: files dns\n' >"$1/etc/nsswitch.conf"
}

make_builder() { # ROOT
  make_base "$1"
  mkdir -p "$1/bin" "$1/usr/bin" "$1/usr/lib"
  for bundler in "$checkout"/node_modules/@rolldown/binding-*/*.node; do copy_libraries "$bundler" "$1"; done
  cp "$busybox" "$1/bin/busybox"
  for applet in $("$busybox" --list | grep -vx busybox); do ln -s busybox "$1/bin/$applet"; done
  ln -s /bin/env "$1/usr/bin/env"
  ln -s /nodejs/bin/node "$1/usr/bin/node"
  cp -R "$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")" "$1/usr/lib/npm"
  ln -s ../lib/npm/bin/npm-cli.js "$1/usr/bin/npm"
}

rm -rf "$folder/base" "$folder/builder"
make_base "$folder/base"
make_builder "$folder/builder"

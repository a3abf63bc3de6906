#!/bin/sh
# Builds the image with buildah, on bases made here: needs root, no registry of images and no daemon.
#
#   build.sh [NAME]     default: localhost/memory-connector
#
# Where buildah keeps its images, and how it isolates, say its own variables (CONTAINERS_STORAGE_CONF, BUILDAH_ISOLATION).
set -eu
name=${1:-localhost/memory-connector}
checkout=$(cd "$(dirname "$0")/../.." && pwd)
cache=$(npm config get cache)
version=$(node -p 'require(process.argv[1]).version' "$checkout/package.json")
bases=$(mktemp -d)
trap 'rm -rf "$bases"' EXIT

commit_base() { # FOLDER NAME
  container=$(buildah from scratch)
  buildah copy --quiet "$container" "$1" /
  buildah config --env PATH=/nodejs/bin:/usr/bin:/bin "$container"
  buildah commit --quiet --rm "$container" "$2"
}

"$checkout/scripts/image/make-bases.sh" "$bases"
commit_base "$bases/base" "$name-base"
commit_base "$bases/builder" "$name-builder"
# The format of Docker keeps the health check, which that of OCI has no word for.
mkdir -p "$cache"
buildah bud --quiet --format docker --volume "$cache:/root/.npm" --tag "$name" \
  --build-arg "BASE=$name-base" --build-arg "BUILDER=$name-builder" --build-arg "VERSION=$version" "$checkout"

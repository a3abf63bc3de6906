#!/usr/bin/env bash
# Writes the memories of a context as files into LightRAG's input folder and asks LightRAG to scan it.
#
#   7 * * * *  . $HOME/.memories.env && cd $HOME/memories && flock -n lock $HOME/bin/scan-folder.sh
#
# LightRAG moves a file away once it has taken it, so a copy of each stays in ./sent: only new and changed ones are written.
set -euo pipefail
mkdir -p sent

list=$(curl -fsS --retry 3 -H "X-API-KEY: $MEMORY_API_KEY" \
  "$MEMORY_API_URL/memory/$CONTEXT_ID?range=all&limit=1000")

jq -c '.memories[] | select((.transcript // "") != "")' <<<"$list" | while read -r memory; do
  id=$(jq -r .id <<<"$memory")
  jq -r '"\(.created_at)\n\n\(.transcript)"' <<<"$memory" >"sent/$id.new"
  if cmp -s "sent/$id.new" "sent/$id.txt"; then
    rm "sent/$id.new"
  else
    cp "sent/$id.new" "$INPUT_DIR/$id.txt"
    mv "sent/$id.new" "sent/$id.txt"
  fi
done

curl -fsS --retry 3 -X POST "$LIGHTRAG_URL/documents/scan"

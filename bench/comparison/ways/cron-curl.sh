#!/usr/bin/env bash
# Puts the memories of a context into LightRAG.
#
#   7 * * * *  . $HOME/.memories.env && flock -n $HOME/.memories.lock $HOME/bin/cron-curl.sh
#
# It keeps nothing: LightRAG refuses a name that it has (409), so what is there already is not taken twice.
set -euo pipefail

list=$(curl -fsS --retry 3 -H "X-API-KEY: $MEMORY_API_KEY" \
  "$MEMORY_API_URL/memory/$CONTEXT_ID?range=all&limit=1000")

jq -c '.memories[] | select((.transcript // "") != "")' <<<"$list" | {
  failed=0
  while read -r memory; do
    id=$(jq -r .id <<<"$memory")
    code=$(jq '{text: "\(.created_at)\n\n\(.transcript)", file_source: "\(.id).txt"}' <<<"$memory" |
      curl -sS --retry 3 -o /dev/null -w '%{http_code}' -H 'Content-Type: application/json' \
        -d @- "$LIGHTRAG_URL/documents/text") || true
    case $code in
    200 | 409) ;;
    *)
      echo "memory $id: HTTP $code" >&2
      failed=1
      ;;
    esac
  done
  exit $failed
}

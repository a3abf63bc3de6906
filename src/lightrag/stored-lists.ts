/** Joins list values inside one of LightRAG's strings (LightRAG contract §9.4). */
const separator = "<SEP>";
/** Stands behind a list of paths that LightRAG has cut (LightRAG contract §10.2). */
const cutMark = "...truncated...";

/** The fragments of a description, oldest first. */
export function descriptionsIn(joined: string): string[] {
  return joined.split(separator).filter(Boolean);
}

/** The documents named in a `file_path`. */
export function fileSourcesIn(joined: string): string[] {
  return descriptionsIn(joined).filter((path) => !path.startsWith(cutMark));
}

/** The chunks named in a `source_id`. */
export function chunkIdsIn(joined: string): string[] {
  return descriptionsIn(joined);
}

export function keywordsIn(joined: string): string[] {
  return joined
    .split(",")
    .map((keyword) => keyword.trim())
    .filter(Boolean);
}

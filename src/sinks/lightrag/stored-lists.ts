/** Joins list values inside one of LightRAG's strings (LightRAG contract §9.4). */
const separator = "<SEP>";
/** The last entry of a list of paths that LightRAG has truncated, such as `...truncated...(KEEP Old)` (LightRAG contract §10.2). */
const cutMark = /^\.{3}truncated\.{3}\([^()]*\)$/u;

/** The fragments of a description, oldest first. */
export function descriptionsIn(joined: string): string[] {
  return joined.split(separator).filter(Boolean);
}

/** The documents named in a `file_path`; LightRAG may have truncated the list, see `isCut`. */
export function fileSourcesIn(joined: string): string[] {
  const paths = descriptionsIn(joined);
  return isCut(joined) ? paths.slice(0, -1) : paths;
}

/**
 * Whether LightRAG has omitted documents from a `file_path`. Only its mark at the end shows that; a document may have the same name.
 */
export function isCut(joined: string): boolean {
  return cutMark.test(descriptionsIn(joined).at(-1) ?? "");
}

/** The chunks named in a `source_id`. */
export function chunkIdsIn(joined: string): string[] {
  return descriptionsIn(joined);
}

/** LightRAG would also split a merged list at the separator. */
export function keywordsIn(joined: string): string[] {
  return descriptionsIn(joined)
    .flatMap((list) => list.split(","))
    .map((keyword) => keyword.trim())
    .filter(Boolean);
}

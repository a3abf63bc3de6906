/** Joins list values inside one of LightRAG's strings (LightRAG contract §9.4). */
const separator = "<SEP>";
/** Stands last in a list of paths that LightRAG has cut, such as `...truncated...(KEEP Old)` (LightRAG contract §10.2). */
const cutMark = /^\.{3}truncated\.{3}\([^()]*\)$/u;

/** The fragments of a description, oldest first. */
export function descriptionsIn(joined: string): string[] {
  return joined.split(separator).filter(Boolean);
}

/** The documents named in a `file_path`; LightRAG may have cut the list, see `isCut`. */
export function fileSourcesIn(joined: string): string[] {
  const paths = descriptionsIn(joined);
  return isCut(joined) ? paths.slice(0, -1) : paths;
}

/** Whether LightRAG has left documents out of a `file_path`. Only its mark at the end says so; a document may be named like it. */
export function isCut(joined: string): boolean {
  return cutMark.test(descriptionsIn(joined).at(-1) ?? "");
}

/** The chunks named in a `source_id`. */
export function chunkIdsIn(joined: string): string[] {
  return descriptionsIn(joined);
}

/** A list that was merged once more would be parted at the separator as well. */
export function keywordsIn(joined: string): string[] {
  return descriptionsIn(joined)
    .flatMap((list) => list.split(","))
    .map((keyword) => keyword.trim())
    .filter(Boolean);
}

/**
 * How an id stands in a path. Percent-encoding is enough for any but `.` and `..`: clients take these for steps within the path, whether encoded or
 * not (WHATWG URL), and ask for another resource. So `~~` may stand before an id, and has to before these two and before one that begins with
 * `~~` itself. The page does the same.
 */
const mark = "~~";

/** An id as a segment of a path. */
export function pathSegment(id: string): string {
  const needsMark = id === "." || id === ".." || id.startsWith(mark);
  return encodeURIComponent(needsMark ? `${mark}${id}` : id);
}

/** The id in a decoded segment. */
export function idOfSegment(segment: string): string {
  return segment.startsWith(mark) ? segment.slice(mark.length) : segment;
}

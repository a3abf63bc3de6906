/** Which dead letters; all of them when nothing is given. */
export interface DeadLetterFilter {
  contextId?: string | undefined;
  ids?: readonly string[] | undefined;
  codes?: readonly string[] | undefined;
}

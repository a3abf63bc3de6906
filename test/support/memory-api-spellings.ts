/** Where an answer stands in its list. */
export interface Rest {
  start: number;
  shown: number;
  total: number;
  /** Of a page. */
  size: number;
  /** Where the next page starts; null when this is the last one. */
  next: number | null;
}

/** What an answer says of the rest: fields beside its list, headers, another status than 200. */
export interface SaidOfRest {
  body?: Record<string, unknown>;
  headers?: Record<string, string>;
  status?: number;
}

const body = (fields: (rest: Rest) => Record<string, unknown>) => (rest: Rest) => ({ body: fields(rest) });
const headers = (fields: (rest: Rest) => Record<string, string>) => (rest: Rest) => ({
  headers: fields(rest),
});
const pageOf = ({ start, size }: Rest) => Math.floor(start / size) + 1;
const pagesOf = ({ total, size }: Rest) => Math.max(1, Math.ceil(total / size));
const link = ({ next }: Rest) =>
  next === null ? null : `http://elsewhere/memory/CTX?limit=5&cursor=after-${next}`;
const range = ({ start, shown }: Rest) => `items ${start}-${start + Math.max(0, shown - 1)}`;

/** The ways in which servers tell of what they do not show. All of them are true. */
export const says = {
  total: body(({ total }) => ({ total })),
  total_count: body(({ total }) => ({ total_count: String(total) })),
  totalItems: body(({ total }) => ({ totalItems: total })),
  totalResults: body(({ total }) => ({ totalResults: total })),
  "meta.total": body(({ total, size }) => ({ meta: { total, per_page: size } })),
  "pagination.total": body(({ total }) => ({ pagination: { total } })),
  "page.totalElements": body((rest) => ({
    page: { size: rest.size, number: pageOf(rest) - 1, totalElements: rest.total, totalPages: pagesOf(rest) },
  })),
  totalPages: body((rest) => ({ page: pageOf(rest), totalPages: pagesOf(rest) })),
  has_more: body(({ next }) => ({ has_more: next !== null })),
  hasMore: body(({ next }) => ({ hasMore: next !== null })),
  hasNext: body(({ next }) => ({ meta: { hasNext: next !== null } })),
  has_next_page: body(({ next }) => ({ page_info: { has_next_page: next !== null } })),
  more: body(({ next }) => ({ more: next !== null })),
  remaining: body(({ total, start, shown }) => ({ remaining: total - start - shown })),
  truncated: body(({ next }) => ({ truncated: next !== null })),
  incomplete: body(({ next }) => ({ incomplete: next !== null })),
  is_last: body(({ next }) => ({ is_last: next === null })),
  isLast: body(({ next }) => ({ isLast: next === null })),
  next: body(({ next }) => ({ next: next && `after-${next}` })),
  nextPageToken: body(({ next }) => (next === null ? {} : { nextPageToken: `after-${next}` })),
  "cursor.next": body(({ next }) => ({ cursor: { next: next && `after-${next}` } })),
  "links.next": body((rest) => ({ links: { next: link(rest) } })),
  "_links.next.href": body((rest) => (link(rest) === null ? {} : { _links: { next: { href: link(rest) } } })),
  "@odata.nextLink": body((rest) => (link(rest) === null ? {} : { "@odata.nextLink": link(rest) })),
  "X-Total-Count": headers(({ total }) => ({ "x-total-count": String(total) })),
  "X-Has-More": headers(({ next }) => ({ "x-has-more": String(next !== null) })),
  Link: headers((rest): Record<string, string> => {
    const next = link(rest);
    return next === null ? {} : { link: `<${next}>; rel="next"` };
  }),
  "Content-Range": headers((rest) => ({ "content-range": `${range(rest)}/${rest.total}` })),
  206: ({ total, shown, ...rest }: Rest): SaidOfRest =>
    shown < total
      ? { status: 206, headers: { "content-range": `${range({ total, shown, ...rest })}/*` } }
      : {},
} satisfies Record<string, (rest: Rest) => SaidOfRest>;

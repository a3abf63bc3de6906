import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readClues } from "./answer-clues.ts";

const clues = (surroundings: unknown, headers = {}, status = 200) =>
  readClues({ status, headers }, surroundings);

describe("a number that counts more than what is shown is found", () => {
  it.each([
    { total: 47 },
    { count: 47 },
    { total_count: 47 },
    { totalCount: "47" },
    { total_items: 47 },
    { totalResults: 47 },
    { "total-records": 47 },
    { numFound: 47 },
    { nbHits: 47 },
    { "@odata.count": 47 },
    { meta: { total: 47 } },
    { pagination: { total: 47, per_page: 20 } },
    { page: { totalElements: 47, size: 20, number: 0 } },
    { hits: { total: { value: 47, relation: "eq" } } },
    { _meta: { paging: { total_memories: 47 } } },
    { count: 20, total: 47 },
    { total: { count: 47 } },
    { data: { total: " 47 " } },
    { memory_count: 47 },
    { total_memory_count: 47 },
    { grand_total: 47 },
    { totalAvailable: 47 },
    { returned: 20, matched: 47 },
    { count_all: 47 },
    { recordsTotal: 47, recordsFiltered: 47 },
    { iTotalRecords: "47" },
    { estimatedTotalHits: 47 },
    { found: 47, out_of: 90 - 43 },
    { "hydra:totalItems": 47 },
    { "opensearch:totalResults": "47" },
    { collection_size: 47 },
    { pagination: { records: 47 } },
    { showing: 20, of: 47 },
    { showing: "1-20 of 47" },
    { total_in_context: 47 },
    { meta: { counts: { memories: 47 } } },
    { totals: { memories: 47 } },
    { total: { all: 47 } },
    { total: "47+" },
    { total: "47.0" },
  ])("in %j", (surroundings) => {
    expect(clues(surroundings).total?.value).toBe(47);
  });

  it.each([
    { "x-total-count": "47" },
    { "x-total": "47" },
    { "x-wp-total": "47" },
    { "total-count": "47" },
    { "content-range": "items 0-19/47" },
    { "content-range": "items */47" },
    { "content-range": "0-19/47" },
    { "x-memories-total": "47" },
    { "x-pagination": '{"TotalCount":47}' },
  ])("in the header %j", (headers) => {
    expect(clues({}, headers).total?.value).toBe(47);
  });

  it.each([
    { total: null },
    { total: -1 },
    { total: 4.5 },
    { total: "many" },
    { total_pages: 1 },
    { total_bytes: 900 },
    { no: "yes" },
    { id: "17" },
    { version: "1-20" },
    { number: 90 },
    { page: { number: 90 } },
    { pagination: { items: 900, pages: 1 } },
    { rate_limit: { total: 900, remaining: 3 } },
    { user: { total: 900 } },
    { query: { total: 900 } },
  ])("but not in %j", (surroundings) => {
    expect(clues(surroundings)).toMatchObject({ total: null, more: null, part: null });
  });
});

describe("a word that more follows is found", () => {
  it.each([
    { has_more: true },
    { moreResultsAvailable: true },
    { hasNextPage: "1" },
    { eof: false },
    { reached_end: false },
    { response_metadata: { next_cursor: "x" } },
    { paging: { next: { after: "x" } } },
    { hasMore: "true" },
    { hasNext: 1 },
    { has_next_page: true },
    { pageInfo: { hasNextPage: true, endCursor: "x" } },
    { more: true },
    { more: 27 },
    { remaining: 27 },
    { metadata: { remainingItemCount: 27 } },
    { truncated: true },
    { is_truncated: true },
    { isTruncated: "true" },
    { incomplete: true },
    { incomplete_results: true },
    { partial: true },
    { is_last: false },
    { isLast: false },
    { last: false },
    { lastPage: false },
    { complete: false },
    { done: false },
    { next: "abc" },
    { next_cursor: "abc" },
    { nextPageToken: "abc" },
    { next_page: 2 },
    { next_offset: 20 },
    { cursor: { next: "abc" } },
    { links: { next: "http://h/memory/CTX?cursor=abc" } },
    { _links: { next: { href: "/memory/CTX?page=2" } } },
    {
      links: [
        { rel: "self", href: "/a" },
        { rel: "next", href: "/b?offset=20" },
      ],
    },
    { "@odata.nextLink": "http://h/x?$skip=20" },
    { continuation_token: "abc" },
    { LastEvaluatedKey: "abc" },
    { next_max_id: "123" },
    { has_older: true },
    { older: "/memory/CTX?before=1" },
    { limit_hit: true },
    { has_more: "Y" },
    { has_more: "on" },
    { meta: { paging: { next: "abc" } } },
  ])("in %j", (surroundings) => {
    expect(clues(surroundings)).toMatchObject({ more: expect.any(String), last: false });
  });

  it.each([
    { link: '<http://h/memory/CTX?page=2>; rel="next"' },
    { link: '<http://h/?page=1>; rel="prev", <http://h/?page=3>; title="a, b"; rel=next' },
    { link: ["</a>; rel=first", '</b?cursor=x>; REL="last next"'] },
    { "x-has-more": "true" },
    { "x-list-truncated": "1" },
    { "x-next-page": "2" },
    { "x-next-cursor": "abc" },
    { "x-continuation-token": "abc" },
    { "x-ms-continuation": "abc" },
  ])("in the header %j", (headers) => {
    expect(clues({}, headers as never).more).not.toBeNull();
  });

  it("and that this is only a part, in the status, in a range without a total, and in a number of pages", () => {
    expect(clues({}, {}, 206).part).toBe("206 Partial Content");
    expect(clues({}, { "content-range": "items 0-19/*" }).part).toContain("Content-Range");
    expect(clues({ pagination: { current: 1, last: 3 } }).part).toBe("pagination.last: 3");
    expect(clues({ total_pages: 3 }).part).toBe("total_pages: 3");
    expect(clues({ page: { totalPages: 3, number: 0 } }).part).toContain("totalPages");
    expect(clues({}, { "x-total-pages": "3" }).part).toContain("3");
  });

  it("and in a link to a last page that is not the first", () => {
    const last = (target: string) => ({ link: `</m?page=1>; rel="first", <${target}>; rel="last"` });
    expect(clues({}, last("/m?page=4")).part).toBe('Link: rel="last"');
    expect(clues({}, last("http://h/m?limit=5&offset=40")).part).toBe('Link: rel="last"');
    expect(clues({ links: { last: "?page=3" } }).part).toBe("links.last");
    expect(clues({}, last("/m?page=1")).part).toBeNull();
    expect(clues({ links: { last: "/m?offset=0" } }).part).toBeNull();
  });
});

it.each([
  { has_more: false },
  { next: null },
  { next_cursor: "" },
  { next_cursor: 0 },
  { next_cursor: "0" },
  { is_last: true },
  { truncated: false },
  { more: 0 },
  { links: { next: null, last: "/x" } },
])("%j says that nothing follows", (surroundings) => {
  expect(clues(surroundings)).toMatchObject({ more: null, last: true });
});

it.each([
  {},
  { count: 3 },
  { start: 0, end: 0 },
  { start: "0", end: "0" },
  { last: "2025-01-01" },
  { pageInfo: { endCursor: "x" } },
  { paging: { cursors: { after: "x" } } },
  { total_pages: 1, page: 1 },
  { memories: [], status: "complete" },
  "text",
  null,
  [1],
])("%j says nothing about what follows", (surroundings) => {
  expect(clues(surroundings)).toMatchObject({ more: null, part: null });
});

it("the next page is named by a cursor, or by the parameters of a link without ours", () => {
  expect(clues({ next_cursor: "abc" }).next).toEqual({ cursor: "abc" });
  expect(clues({ nextCursor: 12 }).next).toEqual({ cursor: "12" });
  expect(clues({ next_page: 2 }).next).toEqual({ page: "2" });
  expect(clues({ next_offset: 20 }).next).toEqual({ offset: "20" });
  expect(clues({ links: { next: "/memory/CTX?limit=50&range=all&cursor=abc&api_key=k" } }).next).toEqual({
    cursor: "abc",
  });
  expect(clues({}, { link: '<https://elsewhere/x?page=2>; rel="next"' }).next).toEqual({ page: "2" });
  expect(clues({ next: null }).next).toBeNull();
  expect(clues({}).next).toBeUndefined();
});

it("a link's text, which may hold a key, is not shown", () => {
  expect(clues({ next: "http://h/?api_key=verysecret" }).more).toBe("next");
  expect(clues({}, { link: '<http://h/?api_key=verysecret>; rel="next"' }).more).toBe('Link: rel="next"');
});

it("whatever an answer is surrounded by, it is read", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.dictionary(fc.string(), fc.string()), (surroundings, headers) => {
      expect(clues(surroundings, headers)).toHaveProperty("more");
    }),
  );
});

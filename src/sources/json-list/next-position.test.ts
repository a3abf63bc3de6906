import { expect, it } from "vitest";
import { linkPosition, linkTo, positionOf } from "./next-position.ts";

it.each([
  ["nextcursor", "abc", { cursor: "abc" }],
  ["nextcursor", " abc ", { cursor: "abc" }],
  ["nextcursor", 12, { cursor: "12" }],
  ["nextpage", 2, { page: "2" }],
  ["nextpagenumber", "2", { page: "2" }],
  ["nextpage", "p2", { cursor: "p2" }],
  ["nextpage", "2p", { cursor: "2p" }],
  ["pageid", "2", { cursor: "2" }],
  ["nextoffset", 20, { offset: "20" }],
  ["nextskip", "20", { offset: "20" }],
  ["nextstart", "20", { offset: "20" }],
  ["nextindex", "20", { offset: "20" }],
  ["nextfrom", "20", { offset: "20" }],
  ["nextoffset", "20a", { cursor: "20a" }],
  ["nextoffset", "a20", { cursor: "a20" }],
  ["offsetkey", "20", { cursor: "20" }],
  ["next", "https://h/x?page=3", { page: "3" }],
  ["next", "HTTP://h/x?page=3", { page: "3" }],
  ["next", "/x?page=3", { page: "3" }],
  ["next", "?page=3", { page: "3" }],
  ["next", "x?page=3", { cursor: "x?page=3" }],
  ["next", "see http://h/x?page=3", { cursor: "see http://h/x?page=3" }],
  ["next", "", null],
  ["next", " 0 ", null],
  ["next", 0, null],
  ["next", "-1", null],
  ["next", "Null", null],
  ["next", "none", null],
  ["next", "false", null],
  ["next", "undefined", null],
  ["next", null, null],
  ["next", { a: 1 }, null],
] as const)("a field %s of %j leads to %j", (name, value, position) => {
  expect(positionOf(name, value)).toEqual(position);
});

it.each([
  ["http://h/x?cursor=a&size=2#part", { cursor: "a", size: "2" }],
  ["/x?limit=5&range=all&per_page=5&perPage=5&page_size=5&pageSize=5&page=2", { page: "2" }],
  ["/x?api_key=k&apikey=k&key=k&X-API-KEY=k&after=1", { after: "1" }],
  ["/x?monkey=1&keys=2", { monkey: "1", keys: "2" }],
  ["/x?limit=5", { cursor: "/x?limit=5" }],
  ["/x", { cursor: "/x" }],
  ["/x#?page=2", { page: "2" }],
])("the link %s leads on by %j", (link, position) => {
  expect(linkPosition(link)).toEqual(position);
});

it.each([
  ['<http://h/?page=2>; rel="next"', "http://h/?page=2"],
  ["<a>;rel=next", "a"],
  ["<a>  ;  rel  =  next", "a"],
  ['<a>; rel="prev", <b>; title="x, y"; rel="last NEXT"', "b"],
  ["<a>; title*=x; rel=next", "a"],
  ["<a>; rel=next; x=y, <b>; rel=next", "a"],
  ['<>; rel="next", <b>; rel="next"', "b"],
  ["<a>; rel=nextish", null],
  ["<a>; rel=prev", null],
  ["<a>, rel=next", null],
  ["<a>", null],
  ["", null],
  [undefined, null],
] as const)("the next page of %s is %s", (header, link) => {
  expect(linkTo("next", header)).toBe(link);
});

it("a Link header that came twice is one", () => {
  expect(linkTo("next", ["<a>; rel=prev", "<b>; rel=next"])).toBe("b");
});

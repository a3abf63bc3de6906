/** What the router gives to a page. */
export interface PageProps {
  /** The parameters of the address, decoded. */
  params: Readonly<Record<string, string>>;
  /** What the page goes by of the rest: `reads` of its entry in the table of pages. A page reads the address nowhere else. */
  query: URLSearchParams;
}

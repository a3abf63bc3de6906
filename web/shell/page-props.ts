/** What the router gives to a page. */
export interface PageProps {
  /** The parameters of the address, decoded. */
  params: Readonly<Record<string, string>>;
}

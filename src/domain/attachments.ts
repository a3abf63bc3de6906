import type { Attachment } from "./memory.ts";

/** A file of a memory as a source names it. */
export interface GivenAttachment extends Pick<Attachment, "kind" | "name"> {
  id?: string | undefined;
  /** URL or path; a source may sign it anew in every list. */
  address?: string | undefined;
}

/** What a signature adds to an address: S3 and its likes, Google's and Azure's storage, CloudFront, and what others call it. */
const signing =
  /^(x-(amz|goog)-.*|awsaccesskeyid|googleaccessid|signature|expires|expiry|policy|key-pair-id|(access_|auth_)?token|sig|s[eptvr]|spr|sip|sk(oid|tid|t|e|s|v))$/iu;

/**
 * The files of a memory, each once and under the id by which it is known: that of the source, else its address without what changes from one
 * list to the next. Addresses are not kept, for a signed one is a key. The order is the source's.
 */
export function attachmentsOf(given: readonly GivenAttachment[]): Attachment[] {
  const known = new Map<string, Attachment>();
  for (const [at, { kind, name, id = "", address = "" }] of given.entries()) {
    const key = id || stableAddress(address);
    // One of which nothing is known but its name is told apart by its place.
    const unique = key === "" ? `\0${at}` : key;
    if (!known.has(unique)) known.set(unique, { kind, name, ...(key !== "" && { id: key }) });
  }
  return [...known.values()];
}

/** The address without user, signature and fragment, its parameters in order; a path as it is, without parameters of a signature. */
function stableAddress(address: string): string {
  const isWhole = URL.canParse(address);
  const [place = ""] = address.split("?");
  if (!isWhole && (place === address || !URL.canParse(address, "path:///"))) return place;
  const url = new URL(address, "path:///");
  for (const name of [...url.searchParams.keys()]) if (signing.test(name)) url.searchParams.delete(name);
  url.searchParams.sort();
  Object.assign(url, { username: "", password: "", hash: "" });
  return isWhole ? url.href : `${place}${url.search}`;
}

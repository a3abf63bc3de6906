import type * as z from "zod";
import type { Operation } from "../../src/operations/operation.ts";
import { request } from "./request.ts";
import { session } from "./session.ts";

/** What an operation answers, as JSON. */
export type Answer<Asked> = Asked extends Operation<z.ZodObject, infer Output> ? z.output<Output> : never;
/** What it is asked with. */
export type Asking<Asked> = Asked extends Operation<infer Input, z.ZodType> ? z.input<Input> : never;

/** Where a request differs from the rule: path first, then the query of GET and DELETE, then the body; and who may send it, if not everybody. */
interface Placing {
  /** Whoever is signed in, or admins alone. A test holds it against the operation. */
  access?: "admin";
  /** Keys of a change that are in its query. */
  query?: readonly string[];
  /** Names in the query that differ from the key. */
  spelling?: Readonly<Record<string, string>>;
  /** The key that is the whole body. */
  bodyKey?: string;
}

export interface Endpoint<Input, Output> {
  (input: Input, options?: CallOptions): Promise<Output>;
  access: "viewer" | "admin";
  method: string;
  /** Of the API, such as `/connectors/{id}`. */
  path: string;
  /** Where an input would be sent. */
  placing(input: Readonly<Record<string, unknown>>): { address: string; body: unknown };
}

interface CallOptions {
  signal?: AbortSignal;
  headers?: Readonly<Record<string, string>>;
}

/** A function that asks for an operation of the API; its types are those of the operation itself. `GET /connectors/{id}` */
export function endpoint<Asked>(line: string, placing: Placing = {}): Endpoint<Asking<Asked>, Answer<Asked>> {
  const [method = "", path = ""] = line.split(" ");
  const place = (input: Readonly<Record<string, unknown>>) => placed(method, path, input, placing);
  const call = async (input: Asking<Asked>, options: CallOptions = {}) => {
    const { address, body } = place(input as Record<string, unknown>);
    return (await request(method, address, { body, ...options })) as Answer<Asked>;
  };
  return Object.assign(call, { access: placing.access ?? ("viewer" as const), method, path, placing: place });
}

/** Whether whoever is signed in may ask for this. What nobody here may do has no button. */
export const may = ({ access }: Pick<Endpoint<never, unknown>, "access">): boolean =>
  session.value != null && (access === "viewer" || session.value.role === "admin");

/** The address and the body of a request. Keys without a value are left out. */
export function placed(
  method: string,
  path: string,
  input: Readonly<Record<string, unknown>>,
  { query = [], spelling = {}, bodyKey }: Placing = {},
): { address: string; body: unknown } {
  const inPath = new Set<string>();
  const address = path.replace(/\{(\w+)\}/gu, (_, name: string) => {
    const key = name === "id" ? "connectorId" : name;
    inPath.add(key);
    return pathSegment(String(input[key]));
  });
  const rest = Object.entries(input).filter(([key, value]) => !inPath.has(key) && value !== undefined);
  const hasBody = method === "POST" || method === "PUT";
  const isInQuery = ([key]: [string, unknown]) => !hasBody || query.includes(key);
  const search = new URLSearchParams(
    rest
      .filter((each) => isInQuery(each) && each[1] !== null)
      .map(([key, value]): [string, string] => [spelling[key] ?? key, String(value)]),
  ).toString();
  const inBody = rest.filter((each) => !isInQuery(each));
  return {
    address: search === "" ? address : `${address}?${search}`,
    body: bodyOf(hasBody, inBody, bodyKey),
  };
}

/** An id in a path, as the service's own `pathSegment`: browsers take `.` and `..` for steps within the path. */
export function pathSegment(id: string): string {
  return encodeURIComponent(/^(?:\.{1,2}$|~~)/u.test(id) ? `~~${id}` : id);
}

function bodyOf(hasBody: boolean, inBody: [string, unknown][], bodyKey: string | undefined): unknown {
  if (!hasBody) return undefined;
  const body = Object.fromEntries(inBody);
  return bodyKey === undefined ? body : body[bodyKey];
}

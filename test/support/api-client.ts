import { adminKey } from "./service.ts";

export interface ApiAnswer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any;
  headers: Headers;
}

export interface ApiCall {
  body?: unknown;
  /** Null to send none. Default: the admin's. */
  key?: string | null;
  headers?: Record<string, string>;
}

/** Calls the management API as a program would. */
export async function callApi(
  api: string,
  method: string,
  path: string,
  { body, key = adminKey, headers = {} }: ApiCall = {},
): Promise<ApiAnswer> {
  const answer = await fetch(api + path, {
    method,
    headers: {
      ...(key === null ? {} : { "x-api-key": key }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = text !== "" && answer.headers.get("content-type")?.includes("json");
  return { status: answer.status, body: isJson ? JSON.parse(text) : text, headers: answer.headers };
}

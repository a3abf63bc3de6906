import * as z from "zod";
import { textOf } from "../operations/fields.ts";
import { instantSchema, isoInstant } from "../operations/runs/run-json.ts";
import { apiRoles } from "../state/record-stores.ts";
import type { WhoAmI } from "./access/browser-sessions.ts";
import { route } from "./route.ts";

const whoAmI = z
  .strictObject({
    role: z.enum(apiRoles),
    keyId: z
      .string()
      .nullable()
      .describe(
        "id of the key; `api.api_key` for that of the configuration, `local` for the link of `serve`, null where no key is asked for",
      ),
    name: z.string().nullable().describe("of the key; null where no key is asked for"),
    expiresAt: instantSchema.nullable().describe("when the session, or the key, ends at the latest"),
    csrf: z
      .string()
      .nullable()
      .describe("send it as `X-CSRF-Token` with every change; null for a caller without a cookie"),
  })
  .meta({ id: "Session" });

const proof = z
  .strictObject({
    key: textOf(1000).optional().describe("a key to the API"),
    link: textOf(200)
      .optional()
      .describe("what stands behind `link=` in the address that `serve` has printed"),
  })
  .refine(({ key, link }) => (key === undefined) !== (link === undefined), "name a key or a link");

export const openSession = route({
  method: "POST",
  path: "/session",
  access: "open",
  tag: "Service",
  summary: "Sign a browser in",
  details:
    "The answer sets a cookie that speaks for the key, for requests of the service's own page alone; every change by cookie needs the header " +
    "`X-CSRF-Token`. The session ends with its key, on `DELETE /session`, and after `api.sessions.idle_timeout` and `api.sessions.lifetime`. " +
    "Programs send their key with each request instead.",
  body: proof,
  status: 200,
  answer: whoAmI,
  errors: ["API_KEY_REFUSED", "API_LINK_REFUSED", "API_ORIGIN_REFUSED", "API_TOO_MANY_REQUESTS"],
  changes: ["session.open"],
  handle: async ({ body, browser }) => {
    const { answer, cookie } = await browser.signIn(body);
    return { body: whoAmIJson(answer), ...setCookie(cookie) };
  },
});

export const getSession = route({
  method: "GET",
  path: "/session",
  access: "viewer",
  tag: "Service",
  summary: "Say who the caller is",
  status: 200,
  answer: whoAmI,
  errors: [],
  handle: async ({ browser }) => ({ body: whoAmIJson(await browser.whoIs()) }),
});

export const closeSession = route({
  method: "DELETE",
  path: "/session",
  access: "viewer",
  tag: "Service",
  summary: "Sign the browser out",
  details: "A caller with a key has no session to end.",
  status: 200,
  answer: z.strictObject({ signedOut: z.boolean().describe("false where there was no session") }),
  errors: [],
  changes: ["session.close"],
  handle: async ({ browser }) => {
    const { answer, cookie } = await browser.signOut();
    return { body: { signedOut: answer }, ...setCookie(cookie) };
  },
});

function whoAmIJson({ expiresAt, ...rest }: WhoAmI): z.input<typeof whoAmI> {
  return { ...rest, expiresAt: expiresAt === null ? null : isoInstant(expiresAt) };
}

function setCookie(cookie: string | null) {
  return cookie === null ? {} : { headers: { "set-cookie": cookie } };
}

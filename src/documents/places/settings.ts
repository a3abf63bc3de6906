import * as z from "zod";
import { metadata } from "../../kernel/settings/metadata.ts";
import { givenKeys, isMap, type RuleProblem } from "../../kernel/settings/rules.ts";
import { count, duration, httpUrl, text } from "../../kernel/settings/types.ts";

export const geocoderSettings = z.strictObject({
  provider: z.enum(["offline", "nominatim"]).prefault("offline").register(metadata, {
    description:
      "`offline` names city and district from data that came with the program; `nominatim` asks an HTTP service, and the offline data where that cannot answer.",
  }),
  url: httpUrl().optional().register(metadata, {
    description: "Address of the service; `/reverse` lies below it.",
    example: "https://nominatim.example.org",
  }),
  contact: text()
    .regex(/^[\x20-\x7e]+$/, { error: "may hold only printable ASCII characters" })
    .optional()
    .register(metadata, {
      description:
        "E-mail address or web page by which the service's owner can reach you. Sent with each request.",
      example: "ops@example.org",
    }),
  language: text()
    .regex(/^[\w ,;=.*-]+$/, { error: "must be a value of Accept-Language such as en or de,en;q=0.5" })
    .prefault("en")
    .register(metadata, { description: "Language of the names that the service gives." }),
  requests_per_second: z.number().positive().max(1000).prefault(1).register(metadata, {
    description: "Upper bound of the request rate. 1 is what the public service allows.",
  }),
  timeout: duration().prefault("10s").register(metadata, { description: "Time limit of one request." }),
});

/** A service needs an address and a contact; offline data need neither. */
export function geocoderIsComplete(geocoder: unknown): RuleProblem[] {
  const keys = ["url", "contact"];
  const given = givenKeys(geocoder, keys);
  const { provider = "offline" } = isMap(geocoder) ? geocoder : {};
  if (provider === "offline" && given.length > 0) {
    const hint = `write provider: nominatim, or drop ${given.join(", ")}`;
    return [{ path: ["provider"], reason: `is offline, which does not use ${given.join(", ")}`, hint }];
  }
  if (provider !== "nominatim") return [];
  return keys
    .filter((key) => !given.includes(key))
    .map((key) => ({ path: [key], reason: "is missing", hint: "provider nominatim needs it" }));
}

export function toGeocoderConfig(settings: z.output<typeof geocoderSettings>) {
  const { provider, url, contact } = settings;
  if (provider === "offline" || url === undefined || contact === undefined)
    return { provider: "offline" } as const;
  return {
    provider,
    url,
    contact,
    language: settings.language,
    requestsPerSecond: settings.requests_per_second,
    timeoutMs: settings.timeout,
  };
}

/** How long the names of places are cached. */
export const cacheSettings = z.strictObject({
  enable_caching: z
    .boolean()
    .prefault(true)
    .register(metadata, { description: "Remember answers of look-ups such as place names." }),
  cache_ttl_seconds: count({ min: 0 }).prefault(3600).register(metadata, {
    description:
      "How long an answer that only stands in for a better one is remembered, in seconds: the offline name of a place while the geocoder fails. Full answers are remembered for a year.",
  }),
});

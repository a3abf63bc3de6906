import fc from "fast-check";
import { expect, test } from "vitest";
import { isSealed, type SealedValue, type SealPlace, seal, unseal } from "./sealed-value.ts";
import { newSecretKey, parseSecretKeys } from "./secret-key.ts";

const keys = parseSecretKeys(newSecretKey());
const place: SealPlace = { record: ["connector", "one"], path: ["memory_api", "api_key"] };
const withCode = (code: string) => expect.objectContaining({ code });

test("any text comes back, and the sealed form shows nothing of it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const sealed = seal(text, keys.sealing, place);
      expect(isSealed(JSON.parse(JSON.stringify(sealed)))).toBe(true);
      expect(unseal(sealed, keys, place)).toBe(text);
    }),
  );
  const shown = JSON.stringify(seal("s3cret-s3cret", keys.sealing, place));
  expect(shown).not.toContain("s3cret");
  expect(shown).not.toContain(Buffer.from("s3cret-s3cret").toString("base64"));
});

test("the same text is sealed differently each time", () => {
  const all = Array.from({ length: 1000 }, () => seal("same", keys.sealing, place));
  expect(new Set(all.map(({ nonce }) => nonce)).size).toBe(1000);
  expect(new Set(all.map(({ data }) => data)).size).toBe(1000);
});

test("a value opens in its own record and field, and nowhere else", () => {
  const sealed = seal("secret", keys.sealing, place);
  const others: SealPlace[] = [
    { ...place, record: ["connector", "two"] },
    { ...place, record: ["webhook", "one"] },
    { ...place, path: ["lightrag", "api_key"] },
    { ...place, path: ["memory_api"] },
  ];
  for (const other of others) expect(() => unseal(sealed, keys, other)).toThrow(withCode("SECRETS_DAMAGED"));
});

test("a value of which any bit was changed does not open", () => {
  const sealed = seal("secret", keys.sealing, place);
  const flipped = (text: string, at: number) => {
    const bytes = Buffer.from(text, "base64");
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return bytes.toString("base64");
  };
  const length = Buffer.from(sealed.data, "base64").length;
  const changed: SealedValue[] = [
    ...Array.from({ length }, (_, at) => ({ ...sealed, data: flipped(sealed.data, at) })),
    ...Array.from({ length: 12 }, (_, at) => ({ ...sealed, nonce: flipped(sealed.nonce, at) })),
    { ...sealed, data: "" },
    { ...sealed, nonce: "" },
    { ...sealed, data: Buffer.from(sealed.data, "base64").subarray(0, -4).toString("base64") },
  ];
  for (const value of changed) expect(() => unseal(value, keys, place)).toThrow(withCode("SECRETS_DAMAGED"));
});

test("without its key a value says which key it needs and which ones are there", () => {
  const sealed = seal("secret", keys.sealing, place);
  const other = parseSecretKeys(newSecretKey());
  expect(() => unseal(sealed, other, place)).toThrow(
    `memory_api.api_key of connector "one" is sealed with the key ${keys.sealing.id}; configured are: ${other.sealing.id}`,
  );
  expect(() => unseal(sealed, null, place)).toThrow(withCode("SECRETS_KEY_MISSING"));
});

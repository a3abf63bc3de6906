import { expect, test } from "vitest";
import { newSecretKey, parseSecretKeys } from "./secret-key.ts";

const bytes = Buffer.from(Array.from({ length: 32 }, (_, index) => 250 - index));
const invalid = expect.objectContaining({ code: "SECRETS_KEY_INVALID" });

test("a key is the same one in hex and in both alphabets of base64", () => {
  const spellings = [bytes.toString("hex"), bytes.toString("base64"), bytes.toString("base64url")];
  const keys = spellings.map((text) => parseSecretKeys(text).sealing);
  expect(keys.map(({ key }) => key.export())).toEqual([bytes, bytes, bytes]);
  expect(new Set(keys.map(({ id }) => id)).size).toBe(1);
});

test("several keys may stand apart by commas, spaces or line breaks; the first one seals", () => {
  const [one, two, three] = [newSecretKey(), newSecretKey(), newSecretKey()];
  const ids = [one, two, three].map((text) => parseSecretKeys(text).sealing.id);
  const keys = parseSecretKeys(`${one}, ${two}\n${three}\n`);
  expect(keys.sealing.id).toBe(ids[0]);
  expect(new Set(keys.ids)).toEqual(new Set(ids));
  expect(ids.map((id) => keys.find(id)?.id)).toEqual(ids);
  expect(keys.find("00000000")).toBeUndefined();
});

test.each(["", " , ", "passphrase", bytes.subarray(1).toString("base64"), `${bytes.toString("hex")}00`])(
  "what is no key is refused: %j",
  (text) => {
    expect(() => parseSecretKeys(text)).toThrow(invalid);
  },
);

test("the refusal names the key by its place and quotes nothing of it", () => {
  const refused = () => parseSecretKeys(`${newSecretKey()},not-a-key`);
  expect(refused).toThrow("encryption key 2 of 2 is not 32 bytes in base64 or hex");
});

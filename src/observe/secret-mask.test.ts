import { expect, test } from "vitest";
import { SecretMask } from "./secret-mask.ts";

test("a secret is masked as it is, in JSON and in a URL", () => {
  const secret = 'pa"ss wörd';
  const { mask } = new SecretMask([secret]);
  const text = `${secret} ${JSON.stringify(secret)} https://host/?key=${encodeURIComponent(secret)}`;
  expect(mask(text)).toBe('*** "***" https://host/?key=***');
});

test("nothing shows of a secret that begins like another", () => {
  expect(new SecretMask(["secret", "secret-and-more"]).mask("secret-and-more")).toBe("***");
});

test("a value of three characters is not taken for a secret", () => {
  expect(new SecretMask(["", "abc"]).mask("abc")).toBe("abc");
});

test("new secrets replace the old ones", () => {
  const masked = new SecretMask(["old-key"]);
  masked.set(["new-key"]);
  expect(masked.mask("old-key new-key")).toBe("old-key ***");
});

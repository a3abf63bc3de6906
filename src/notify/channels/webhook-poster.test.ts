import { expect, test } from "vitest";
import { maskSecrets } from "../../kernel/util/url.ts";
import { urlSecrets } from "./webhook-poster.ts";

const url =
  "https://bot%20one:pa%25ss-word@hooks.example:8443/services/T0%20ABCD/s3cret-key?sig=a%2Fb%3Dcdef&v=1";
const keys = ["s3cret-key", "T0%20ABCD", "T0 ABCD", "a%2Fb%3Dcdef", "a/b=cdef", "bot one", "pa%ss-word"];
const basic = Buffer.from("bot one:pa%ss-word").toString("base64");

test.each([
  ["a page that names what it does not have", "Cannot POST /services/T0%20ABCD/s3cret-key"],
  ["the request line", "POST /services/T0%20ABCD/s3cret-key?sig=a%2Fb%3Dcdef&v=1 HTTP/1.1"],
  ["the decoded path", "no hook /services/T0 ABCD/s3cret-key here"],
  ["the key alone", "s3cret-key is revoked"],
  ["a value of the query, decoded", "bad signature a/b=cdef"],
  ["the login as it was sent", `Basic ${basic} is wrong`],
  ["the login in clear", "bot one may not use pa%ss-word"],
])("an answer that quotes %s shows no key", (_, answer) => {
  const shown = maskSecrets(answer, urlSecrets(url));
  for (const key of [...keys, basic]) expect(shown).not.toContain(key);
  expect(shown).toContain("***");
});

test("what is too short to be a key is left alone, and a URL without one hides nothing", () => {
  expect(maskSecrets("a b / = v1", urlSecrets("https://hooks.example/a/b?v=1"))).toBe("a b / = v1");
  expect(maskSecrets("hooks.example is down", urlSecrets("https://hooks.example/"))).toBe(
    "hooks.example is down",
  );
});

test("a path that is no valid code is taken as it stands", () => {
  expect(urlSecrets("https://hooks.example/100%25%zz-key")).toContain("100%25%zz-key");
});

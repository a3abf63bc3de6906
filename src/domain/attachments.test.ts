import { expect, test } from "vitest";
import { memoryOf, quickHarness } from "../../test/support/sync-harness.ts";
import { attachmentsOf } from "./attachments.ts";

const file = (parts: { id?: string; address?: string }, name: string | null = null) =>
  ({ kind: "file", name, ...parts }) as const;
const idOf = (address: string) => attachmentsOf([file({ address })])[0]?.id;

test.each([
  [
    "S3",
    "https://b.s3/x.jpg?X-Amz-Signature=1&X-Amz-Date=2",
    "https://b.s3/x.jpg?X-Amz-Signature=3&X-Amz-Date=4",
  ],
  [
    "Google",
    "https://g/x?X-Goog-Expires=9&X-Goog-Signature=a",
    "https://g/x?X-Goog-Expires=8&X-Goog-Signature=b",
  ],
  ["Azure", "https://a/x?sv=1&se=2&sr=b&sp=r&sig=abc", "https://a/x?sv=1&se=3&sr=b&sp=r&sig=def"],
  [
    "CloudFront",
    "https://c/x?Expires=1&Signature=a&Key-Pair-Id=k",
    "https://c/x?Expires=2&Signature=b&Key-Pair-Id=k",
  ],
  ["a token", "https://t/x?token=a&size=large", "https://t/x?size=large&token=b"],
  ["a user", "https://me:one@t/x#a", "https://me:two@t/x"],
  ["a path", "/files/x?token=1", "/files/x?token=2"],
])("an address is the same under another signature: %s", (_, first, second) => {
  expect(idOf(first)).toBe(idOf(second));
  expect(idOf(first)).not.toMatch(/sig|token=|one@/iu);
});

test.each([
  ["https://t/x?id=1", "https://t/x?id=2"],
  ["https://t/x", "https://t/y"],
  ["/files/x", "/files/y"],
])("addresses of two files are two: %s, %s", (first, second) => {
  expect(idOf(first)).not.toBe(idOf(second));
});

test("an id is stronger than an address, one address is one file, and files without either are told apart", () => {
  expect(
    attachmentsOf([
      file({ id: "7", address: "https://t/x?token=1" }),
      file({ id: "8", address: "https://t/x?token=1" }),
      file({ address: "https://t/y?token=1" }, "first.pdf"),
      file({ address: "https://t/y?token=2" }, "second.pdf"),
      file({}, "a.pdf"),
      file({}, "a.pdf"),
    ]),
  ).toEqual([
    { kind: "file", name: null, id: "7" },
    { kind: "file", name: null, id: "8" },
    { kind: "file", name: "first.pdf", id: "https://t/y" },
    { kind: "file", name: "a.pdf" },
    { kind: "file", name: "a.pdf" },
  ]);
});

test("what cannot be read as an address is a name of its own, without what follows a question mark", () => {
  expect([idOf("//[?token=1"), idOf("C:\\x y"), idOf("no address")]).toEqual([
    "//[",
    "c:\\x y",
    "no address",
  ]);
});

test("a memory whose attachments are signed anew in every list has not changed, and no signature is kept", async () => {
  const { source, run, state } = await quickHarness();
  const signed = (token: string, name = "x") => [
    memoryOf("a", {
      attachments: attachmentsOf([file({ address: `https://t/${name}?token=${token}` }, "x.pdf")]),
    }),
  ];
  source.memories = signed("secret-1");
  expect(await run()).toMatchObject({ counts: { new: 1, processed: 1 } });
  source.memories = signed("secret-2");
  expect(await run()).toMatchObject({ counts: { unchanged: 1, changed: 0, submitted: 0 } });
  const { rows } = await state.pageRows({ connectorId: "c" }, { limit: 5 });
  expect(JSON.stringify(rows)).not.toContain("secret");
});

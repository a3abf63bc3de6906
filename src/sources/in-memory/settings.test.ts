import { expect, test } from "vitest";
import { inMemorySettings, toInMemoryConfig } from "./settings.ts";

test("memories of a configuration have their attachments once, by address", () => {
  const attachments = [{ address: "https://t/x?token=1", name: "x.pdf" }, { address: "https://t/x?token=2" }];
  const memory = { id: "a", created_at: "2026-03-01T08:15:00Z", transcript: "t", attachments };
  const { memories } = toInMemoryConfig(
    inMemorySettings.parse({ memories: [memory, { ...memory, id: "b", attachments: undefined }] }),
  );
  expect(memories[0]?.attachments).toEqual([{ kind: "file", name: "x.pdf", id: "https://t/x" }]);
  expect(memories[1]).not.toHaveProperty("attachments");
});

import { expect, test } from "vitest";
import { isSharedFailure } from "./shared-failures.ts";

test.each([
  "NanoVectorDBStorage[entities] index flush failed: Error code: 400 - input refused",
  "Cancelled by internal error: NanoVectorDBStorage[chunks] index flush failed: Error code: 400",
  "Cancelled by internal error: storage during entity merge",
  "User cancelled during entity merge",
])("documents share: %s", (error) => expect(isSharedFailure(error)).toBe(true));

test.each([
  "C[1/1]: chunk-000: BadRequestError: Error code: 400 - The scripted model refuses this text.",
  "C[2/3]: chunk-001: InternalServerError: Error code: 500",
  "Merging stage failed in document 1/1: m@c.md",
  "",
])("a document has for itself: %s", (error) => expect(isSharedFailure(error)).toBe(false));

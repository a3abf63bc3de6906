import { expect, test } from "vitest";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import { SeenMessages } from "./seen-messages.ts";

const message = (id: string, digest = "d") => ({ id, digest, signedAt: 0 });

test("a message of a connector is new until it was taken, and again when its time would not let it come", async () => {
  const clock = new ManualClock(0);
  const messages = new SeenMessages(clock);
  expect(messages.sightOf("one", message("m"))).toBe("new");
  expect(messages.sightOf("one", message("m"))).toBe("new");
  messages.add("one", message("m"));
  expect(messages.sightOf("one", message("m"))).toBe("same");
  expect(messages.sightOf("one", message("m", "another"))).toBe("other");
  expect(messages.sightOf("two", message("m"))).toBe("new");
  await clock.sleep(600_000);
  expect(messages.sightOf("one", message("m"))).toBe("same");
  await clock.sleep(1);
  expect(messages.sightOf("one", message("m"))).toBe("new");
});

test("of ten thousand messages the oldest is forgotten for the next", () => {
  const messages = new SeenMessages(new ManualClock(0));
  for (let number = 0; number < 10_001; number += 1) messages.add("one", message(`m${number}`));
  expect(messages.sightOf("one", message("m10000"))).toBe("same");
  expect(messages.sightOf("one", message("m0"))).toBe("new");
});

import { describe, expect, it } from "vitest";
import { ManualClock } from "../../../../test/support/manual-clock.ts";
import { TokenCredentials } from "./token-credentials.ts";

const never = new AbortController().signal;
const minute = 60_000;

function tokenUntil(epochMs: number): string {
  return `head.${Buffer.from(JSON.stringify({ exp: epochMs / 1000 })).toString("base64url")}.signature`;
}

/** A source that hands out tokens of a fixed life and counts them. */
function makeCredentials(lifeMs: number, fetchFirst = true) {
  const clock = new ManualClock();
  let fetched = 0;
  const source = async () => {
    fetched += 1;
    return tokenUntil(clock.now() + lifeMs + fetched);
  };
  return { clock, credentials: new TokenCredentials(source, clock, fetchFirst), fetched: () => fetched };
}

describe("bearer tokens", () => {
  it("are fetched for the first call and used again", async () => {
    const { credentials, fetched } = makeCredentials(60 * minute);
    const first = await credentials.headers(never);
    expect(first.authorization).toMatch(/^Bearer head\./u);
    expect(await credentials.headers(never)).toEqual(first);
    expect(fetched()).toBe(1);
  });

  it.each([
    ["five minutes", 48 * 60 * minute, 5 * minute],
    ["a tenth of a short life", 10 * minute, 1 * minute],
  ])("are replaced %s before they expire", async (_, lifeMs, marginMs) => {
    const { clock, credentials, fetched } = makeCredentials(lifeMs);
    await credentials.headers(never);
    clock.advance(lifeMs - marginMs - 1_000);
    await credentials.headers(never);
    expect(fetched()).toBe(1);
    clock.advance(2_000);
    await credentials.headers(never);
    expect(fetched()).toBe(2);
  });

  it("that do not say when they expire are used until they are refused", async () => {
    const clock = new ManualClock();
    for (const token of ["opaque", "a.b.c", `a.${Buffer.from("null").toString("base64url")}.c`]) {
      let fetched = 0;
      const source = async () => `${token}${fetched++}`;
      const credentials = new TokenCredentials(source, clock, true);
      const refused = await credentials.headers(never);
      clock.advance(1_000 * 60 * minute);
      expect(await credentials.headers(never)).toEqual(refused);
      expect(await credentials.renew(refused, never)).toBe(true);
      expect(await credentials.headers(never)).not.toEqual(refused);
    }
  });

  it("are not fetched again when another call has brought a new one meanwhile", async () => {
    const { credentials, fetched } = makeCredentials(60 * minute);
    const refused = await credentials.headers(never);
    credentials.adopt(tokenUntil(0));
    expect(await credentials.renew(refused, never)).toBe(true);
    expect(fetched()).toBe(1);
  });

  it("are left out until a server that gives them to everybody asks for one", async () => {
    const { credentials, fetched } = makeCredentials(60 * minute, false);
    expect(await credentials.headers(never)).toEqual({});
    expect(fetched()).toBe(0);
    expect(await credentials.renew({}, never)).toBe(true);
    expect(await credentials.headers(never)).toHaveProperty("authorization");
  });

  it("that are not to be had make no second try worthwhile", async () => {
    const credentials = new TokenCredentials(async () => null, new ManualClock(), false);
    expect(await credentials.renew({}, never)).toBe(false);
  });

  it("are still fetched for those who wait when the first to ask gives up", async () => {
    let asked = 0;
    const source = (signal: AbortSignal) => {
      asked += 1;
      if (asked > 1) return Promise.resolve("opaque");
      return new Promise<string>((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
    };
    const credentials = new TokenCredentials(source, new ManualClock(), true);
    const controller = new AbortController();
    const first = credentials.headers(controller.signal);
    const second = credentials.headers(never);
    controller.abort();
    await expect(first).rejects.toThrow();
    expect(await second).toEqual({ authorization: "Bearer opaque" });
  });

  it("do not hold back a caller who gives up while another's request for one is under way", async () => {
    const credentials = new TokenCredentials(() => new Promise(() => {}), new ManualClock(), true);
    const controller = new AbortController();
    void credentials.headers(never);
    const waiting = credentials.headers(controller.signal);
    controller.abort();
    await expect(waiting).rejects.toThrow();
  });
});

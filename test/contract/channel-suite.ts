import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import type { Reaction } from "../../src/kernel/errors/codes.ts";
import { isAbort, isConnectorError } from "../../src/kernel/errors/connector-error.ts";
import { type Channel, PartialDelivery } from "../../src/notify/channel.ts";
import type { Message } from "../../src/state/message.ts";

/** Ways in which the other side does not take a message, and what the channel has to make of each. */
export const failures = {
  "is busy": "retry",
  "breaks off": "retry",
  "says nothing": "retry",
  "never comes to its answer": "retry",
  "floods before it answers": "retry",
  "talks nonsense": "retry",
  "does not like the message": "skip-item",
  "does not like us": "fix-input",
  "sends us elsewhere": "fix-input",
  "refuses and quotes our secrets": "fix-input",
} as const satisfies Record<string, Reaction>;

/** Ways in which it takes it all the same. */
export type Taking =
  | "takes it"
  | "takes it and says a lot"
  | "takes it and never ends"
  | "takes it and quotes our secrets"
  | "takes it and paints the terminal";

export type Failing = keyof typeof failures;

/** One channel, and the other side in the suite's hands. */
export interface ChannelUnderTest {
  channel: Channel;
  /** What the other side took, oldest first, as it reads there. */
  taken(): readonly string[];
  /** How it behaves from now on. */
  behave(how: Taking | Failing): void;
  /** Ever, and now; where there are any. */
  connections(): number;
  openConnections(): number;
}

export interface ChannelHarness {
  name: string;
  /** `ms`: the time limit of an attempt. */
  start(ms: number): Promise<ChannelUnderTest>;
  failures: readonly Failing[];
  takings: readonly Taking[];
  /** The parts of a message that arrive. */
  shows: readonly ("title" | "text" | "events" | "dropped" | "id")[];
  /** Must be seen nowhere. */
  secrets: readonly string[];
  /** Two recipients, the second of whom is refused while it "takes it for the first". */
  forTheFirstOnly?: { recipients: readonly [string, string]; start(): Promise<ChannelUnderTest> };
}

const never = new AbortController().signal;
/** Nobody waits for it: long enough for a busy machine. */
const patient = 60_000;
/** Attempts that must run into it. */
const hasty = 400;
/** Attempts that run into it after they were answered. */
const unhurried = 2000;

const link = "https://ops.example/runs/a_b?from=1&to=2#x";
const text = `2 runs of "Zürich 😀" failed\nsee ${link}`;
const events = [
  { type: "alert.firing", at: "2026-01-01T00:00:00.000Z", connectorId: null, data: { text, link } },
] as const;
const message: Message = { title: "Runs <fail> *often* & long", text, tone: "bad", events, dropped: 3 };
const delivery = { id: "msg_contract", message };

const parts = {
  title: [message.title],
  text: text.split("\n"),
  events: [JSON.stringify(events)],
  dropped: ['"dropped":3'],
  id: [delivery.id],
} as const;

/** What the port promises, see `Channel`. */
export function channelSuite(harness: ChannelHarness): void {
  /** Sends once and says what came of it. */
  const outcomeOf = (channel: Channel, signal = never) =>
    channel.send(delivery, signal).then(
      (answer) => ({ answer, error: undefined }),
      (error) => ({ answer: undefined, error }),
    );
  const hides = (seen: unknown) => {
    const shown = inspect(seen, { depth: 20, showHidden: true });
    for (const secret of harness.secrets) expect(shown).not.toContain(secret);
  };

  describe(`messages over ${harness.name}`, () => {
    test("a message is taken once for each call, with all that it says and its links as they are", async () => {
      const { channel, taken } = await harness.start(patient);
      expect(await channel.send(delivery, never)).not.toBe("");
      expect(taken()).toHaveLength(1);
      for (const part of harness.shows.flatMap((name) => parts[name])) expect(taken()[0]).toContain(part);
      await channel.send(delivery, never);
      expect(taken()).toHaveLength(2);
      await channel.close();
    });

    test("a message of any length and of any characters is taken", async () => {
      const { channel, taken } = await harness.start(patient);
      const odd = `\r\n.\r\nBcc: x@example.org\r\n\u0000\u001B[31m${"😀 <@everyone> ".repeat(20_000)}\uD83D`;
      await channel.send({ id: "msg_odd", message: { ...message, title: odd, text: odd } }, never);
      await channel.send(
        { id: "msg_empty", message: { ...message, title: "-", text: "", events: [] } },
        never,
      );
      expect(taken()).toHaveLength(2);
      await channel.close();
    });

    test.each(harness.takings)("who %s has taken it, and says so in a few printable words", async (how) => {
      const { channel, taken, behave } = await harness.start(
        how.endsWith("never ends") ? unhurried : patient,
      );
      behave(how);
      const answer = await channel.send(delivery, never);
      expect(answer).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      expect(answer.length).toBeLessThanOrEqual(300);
      hides(answer);
      expect(taken()).toHaveLength(1);
      await channel.close();
    });

    test.each(harness.failures)(
      "who %s is told apart, by a code and a hint and without a secret",
      async (how) => {
        const { channel, taken, behave, connections } = await harness.start(
          runsOutOfTime(how) ? hasty : patient,
        );
        behave(how);
        const { error } = await outcomeOf(channel);
        expect(isConnectorError(error)).toBe(true);
        expect(error).toMatchObject({ reaction: failures[how], subject: channel.id });
        expect(error.code).toMatch(/^CHANNEL_/u);
        expect(error.hint).not.toBe("");
        expect(error.message).toContain(`channel "${channel.id}"`);
        expect(error.message).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
        expect(error.message.length).toBeLessThanOrEqual(600);
        hides(error);
        expect(taken()).toEqual([]);
        expect(connections()).toBeLessThanOrEqual(1);
        await channel.close();
      },
    );

    test.each(harness.failures)("after one who %s, the next message is taken", async (how) => {
      const { channel, taken, behave } = await harness.start(runsOutOfTime(how) ? hasty : patient);
      behave(how);
      await outcomeOf(channel);
      behave("takes it");
      // A busy machine may need more than the hasty limit, once or twice.
      await expect.poll(async () => (await outcomeOf(channel)).answer, { timeout: patient }).toBeDefined();
      expect(taken().length).toBeGreaterThanOrEqual(1);
      await channel.close();
    });

    test("who has given up before contacts nobody and gets an abort", async () => {
      const { channel, taken, connections } = await harness.start(patient);
      for (const signal of [AbortSignal.abort(), AbortSignal.abort(new Error("enough"))]) {
        const { error } = await outcomeOf(channel, signal);
        expect(isAbort(error) || isConnectorError(error, "CANCELLED")).toBe(true);
      }
      expect([taken().length, connections()]).toEqual([0, 0]);
      await channel.close();
    });

    test("who gives up in the middle gets an abort at once, and no connection is left", async () => {
      const { channel, behave, connections, openConnections } = await harness.start(patient);
      behave("says nothing");
      for (const reason of [undefined, new Error("enough")]) {
        const before = connections();
        const stop = new AbortController();
        const sent = outcomeOf(channel, stop.signal);
        if (harness.secrets.length > 0) await expect.poll(connections).toBeGreaterThan(before);
        stop.abort(reason);
        const { error } = await sent;
        expect(isAbort(error) || isConnectorError(error, "CANCELLED")).toBe(true);
        await expect.poll(openConnections).toBe(0);
      }
      await channel.close();
    });

    test("a closed channel holds no connection, and may be closed again", async () => {
      const { channel, openConnections } = await harness.start(patient);
      await channel.send(delivery, never);
      await channel.close();
      await channel.close();
      await expect.poll(openConnections).toBe(0);
    });
  });

  const some = harness.forTheFirstOnly;
  if (some === undefined) return;
  describe(`messages to several over ${harness.name}`, () => {
    test("who was refused is named, and sent again it reaches nobody else", async () => {
      const { channel, taken, behave } = await some.start();
      const { error } = await outcomeOf(channel);
      expect(error).toBeInstanceOf(PartialDelivery);
      expect(error).toMatchObject({ code: "CHANNEL_PARTLY_REFUSED", remaining: [some.recipients[1]] });
      hides(error);
      expect(taken()).toHaveLength(1);
      behave("takes it");
      await channel.send({ ...delivery, to: error.remaining }, never);
      expect(taken()).toHaveLength(2);
      await channel.close();
    });
  });
}

function runsOutOfTime(how: Failing): boolean {
  return how === "says nothing" || how === "never comes to its answer";
}

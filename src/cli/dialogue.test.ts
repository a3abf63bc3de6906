import { PassThrough } from "node:stream";
import type { ReadStream, WriteStream } from "node:tty";
import { expect, test, vi } from "vitest";
import { openDialogue } from "./dialogue.ts";
import { StopSignals } from "./process/stop-signals.ts";

function atTerminal() {
  const terminal = () => Object.assign(new PassThrough(), { isTTY: true });
  const [input, output] = [terminal(), terminal()];
  const said: string[] = [];
  const signals = new StopSignals({ drains: false, say: (line) => said.push(line), end: vi.fn() });
  const dialogue = openDialogue(input as unknown as ReadStream, output as unknown as WriteStream, signals);
  if (dialogue === null) throw new Error("nobody is asked at a terminal");
  return { dialogue, signals, said, type: (keys: string) => input.write(keys) };
}

type Terminal = ReturnType<typeof atTerminal>;

const endings: [string, (terminal: Terminal) => void][] = [
  ["Ctrl-C", ({ type }) => type("\u0003")],
  ["Ctrl-C behind half an answer", ({ type }) => type("ye\u0003")],
  ["Ctrl-D", ({ type }) => type("\u0004")],
  ["a signal", ({ signals }) => signals.onSignal()],
];

test.each(endings)(
  "%s ends a question, of whatever kind, as not answered, and nothing else is said",
  async (_, end) => {
    for (const secret of [false, true]) {
      const terminal = atTerminal();
      const answer = terminal.dialogue.ask("Sure? ", { secret });
      end(terminal);
      await expect(answer).rejects.toMatchObject({
        code: "CANCELLED",
        message: "the question was not answered; nothing was changed",
        hint: expect.stringContaining("--yes"),
      });
      expect(terminal.said).toEqual([]);
      terminal.dialogue.close();
    }
  },
);

test("what was answered before stays answered, and once nobody is asked any more a signal is told as ever", async () => {
  const { dialogue, signals, said, type } = atTerminal();
  type(" yes \r");
  expect(await dialogue.ask("Sure? ")).toBe("yes");
  dialogue.close();
  signals.onSignal();
  expect(said).toEqual(["stopping (once more to end at once)"]);
});

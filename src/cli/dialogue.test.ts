import { PassThrough } from "node:stream";
import type { ReadStream, WriteStream } from "node:tty";
import { expect, test, vi } from "vitest";
import { openDialogue, yesOrNo } from "./dialogue.ts";
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

const yes = ["y", "Y", "yes", "Yes", "YES"].map((answer) => [answer, true] as const);
const no = ["n", "N", "no", "No", "NO"].map((answer) => [answer, false] as const);
const neither = ["http://127.0.0.1:19621", "yeah", "nope", "ye", "yes please", "1", "j", "true", "y n"];

async function answered(answers: readonly string[], standard: boolean) {
  const [asked, left]: [string[], string[]] = [[], [...answers]];
  const ask = async (question: string) => {
    asked.push(question);
    return left.shift() ?? "";
  };
  return { is: await yesOrNo({ ask }, "Sure?", standard), asked };
}

test.each([...yes, ...no])(
  "%s is an answer to a question for yes or no, whatever is offered",
  async (typed, is) => {
    for (const standard of [true, false]) expect(await answered([typed], standard)).toMatchObject({ is });
  },
);

test.each(neither)("%s is neither yes nor no, so it is asked again", async (typed) => {
  for (const [answer, is] of [
    ["no", false],
    ["yes", true],
  ] as const)
    expect(await answered([typed, typed, answer], !is)).toEqual({
      is,
      asked: [
        `Sure? ${offer(!is)}`,
        `Please answer yes or no ${offer(!is)}`,
        `Please answer yes or no ${offer(!is)}`,
      ],
    });
});

test("nothing typed is what is offered, at first and when asked again", async () => {
  for (const is of [true, false]) {
    expect(await answered([""], is)).toEqual({ is, asked: [`Sure? ${offer(is)}`] });
    expect(await answered(["perhaps", ""], is)).toMatchObject({ is });
  }
});

const offer = (standard: boolean) => (standard ? "[Y/n]: " : "[y/N]: ");

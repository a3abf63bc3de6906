import { expect, test } from "vitest";
import { readKeyCommand } from "./secret-vault.ts";

const node = (script: string, ...args: string[]) => [process.execPath, "-e", script, ...args];
const failed = (message: string) =>
  expect.objectContaining({ code: "SECRETS_KEY_COMMAND", message: expect.stringContaining(message) });

test("the key is what the command prints, and its arguments reach it as they are, through no shell", async () => {
  const script = "process.stdout.write(process.argv[1])";
  expect(await readKeyCommand(node(script, "$HOME; echo `id` 'a b'"))).toBe("$HOME; echo `id` 'a b'");
});

test("a command that waits for input gets none", async () => {
  expect(await readKeyCommand(node("process.stdin.on('end', () => console.log('end')).resume()"))).toBe(
    "end\n",
  );
});

test("a command that fails is told of without what it printed", async () => {
  const call = readKeyCommand(node("console.log('the-key'); console.error('the-key'); process.exit(3)"));
  const error = await call.catch((thrown) => thrown);
  expect(error).toEqual(failed("ended with exit code 3"));
  expect(JSON.stringify([error.message, error.hint, String(error.cause)])).not.toContain("the-key");
});

test("a command that does not exist, does not end or prints without end is given up", async () => {
  await expect(readKeyCommand(["/nowhere/key"])).rejects.toEqual(failed("does not exist"));
  await expect(readKeyCommand(node("setInterval(() => {}, 1000)"), 300)).rejects.toEqual(
    failed("did not end within 0.3 s"),
  );
  await expect(readKeyCommand(node("for (;;) console.log('x'.repeat(1000))"))).rejects.toEqual(
    failed("printed more than 16384 bytes"),
  );
});

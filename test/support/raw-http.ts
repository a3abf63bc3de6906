import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A connection that ends with the test. What breaks it concerns nobody. */
export async function openSocket(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname.replace(/^\[|\]$/gu, ""));
  socket.on("error", () => undefined);
  onTestFinished(() => void socket.destroy());
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("close", () => reject(new Error("closed before it was open")));
  });
  return socket;
}

/** Sends these lines as the head of a request, byte for byte, and resolves to all that comes back until the other side ends. */
export async function sendRaw(url: string, lines: readonly string[], body = ""): Promise<string> {
  const socket = await openSocket(url);
  let answer = "";
  socket.setEncoding("utf8").on("data", (text) => {
    answer += text;
  });
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.write(`${[...lines, "connection: close", "", ""].join("\r\n")}${body}`);
  await closed;
  return answer;
}

export function statusIn(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/u.exec(answer)?.[1] ?? 0);
}

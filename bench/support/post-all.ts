/**
 * What a script would do instead of `sync`: posts the bodies in a file, so many requests at a time, and asks for no proof.
 * `post-all.ts URL FILE CONCURRENCY`
 */
import { readFileSync } from "node:fs";

const [, , url = "", file = "", concurrency = "1"] = process.argv;
const waiting = JSON.parse(readFileSync(file, "utf8")) as { path: string; body: string }[];
const headers = { "content-type": "application/json" };

async function postOneAfterAnother(): Promise<void> {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const answer = await fetch(url + next.path, { method: "POST", headers, body: next.body });
    if (!answer.ok) throw new Error(`an insert was answered with ${answer.status}`);
    await answer.json();
  }
}

await Promise.all(Array.from({ length: Number(concurrency) }, postOneAfterAnother));

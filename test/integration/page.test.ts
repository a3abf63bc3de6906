import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { routes } from "../../src/api/routes.ts";
import { callApi } from "../support/api-client.ts";
import { startTestApi } from "../support/api-server.ts";
import { sendRaw, statusIn } from "../support/raw-http.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const html = '<!doctype html><script type="module" src="./assets/main-Ab12.js"></script>';
const script = "document.title = 'page';";
const browser = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

function build(folder = temporaryFolder()): string {
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), html);
  writeFileSync(join(folder, "third-parties.json"), "[]");
  writeFileSync(join(folder, "assets", "main-Ab12.js"), script);
  writeFileSync(join(folder, "assets", "main-Ab12.js.br"), brotliCompressSync(script));
  writeFileSync(join(folder, "assets", "main-Ab12.js.gz"), gzipSync(script));
  writeFileSync(join(folder, "assets", "plain-Cd34.css"), "a{}");
  return folder;
}

const startPage = (api?: string) => startTestApi(api, { pageFolder: build() });

test("people get the page at the root, asked for anew each time; programs get JSON there", async () => {
  const { url } = await startPage();
  const page = await fetch(`${url}/`, { headers: browser });
  expect([page.status, await page.text()]).toEqual([200, html]);
  expect(page.headers.get("cache-control")).toBe("no-cache");
  const tag = page.headers.get("etag") ?? "";
  for (const known of [tag, `W/${tag}`]) {
    const again = await fetch(`${url}/`, { headers: { ...browser, "if-none-match": known } });
    expect([known, again.status]).toEqual([known, 304]);
  }
  expect((await callApi(url, "GET", "/", { key: null })).body.name).toBe("memory-connector");
  expect((await fetch(`${url}/`, { method: "HEAD", headers: browser })).status).toBe(200);
});

test("the page and its files may load from here alone, run nothing inline, and be shown in no frame", async () => {
  const { url } = await startPage();
  for (const path of ["/", "/assets/main-Ab12.js"]) {
    const { headers } = await fetch(url + path, { headers: browser });
    const policy = (headers.get("content-security-policy") ?? "").split("; ");
    expect(policy).toEqual(
      expect.arrayContaining(["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"]),
    );
    expect(policy.filter((rule) => !/^[a-z-]+ '(?:none|self)'$/u.test(rule))).toEqual([]);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
  }
});

test("a file of the page is kept for ever, and sent compressed to whoever can read it", async () => {
  const { url } = await startPage();
  const ask = async (name: string, encodings: string) => {
    const answer = await fetch(`${url}/assets/${name}`, { headers: { "accept-encoding": encodings } });
    return { answer, text: await answer.text(), encoding: answer.headers.get("content-encoding") };
  };
  for (const [encodings, expected] of [
    ["gzip, deflate, br", "br"],
    ["gzip", "gzip"],
    ["identity", null],
  ] as const) {
    const { answer, text, encoding } = await ask("main-Ab12.js", encodings);
    expect([encodings, answer.status, text, encoding]).toEqual([encodings, 200, script, expected]);
    expect(answer.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(answer.headers.get("content-type")).toMatch(/javascript/u);
    expect(answer.headers.get("vary")).toContain("accept-encoding");
  }
  expect((await ask("plain-Cd34.css", "br, gzip")).encoding).toBeNull();
});

test("what is no file of the page is 404 or 400, never the page and never another file", async () => {
  const { url } = await startPage();
  for (const path of [
    "/assets/none.js",
    "/assets/",
    "/assets",
    "/assets/../index.html",
    "/assets/..%2findex.html",
    "/assets/%2e%2e/third-parties.json",
    "/assets/..%5cindex.html",
    "/assets/main-Ab12.js/",
    "/assets/main-Ab12.js%00",
    "/assets//etc/passwd",
    "/index.html",
    "/third-parties.json",
    "/nowhere",
  ]) {
    const answer = await sendRaw(url, [`GET ${path} HTTP/1.1`, "host: localhost", "accept: text/html"]);
    expect([path, [400, 404].includes(statusIn(answer))]).toEqual([path, true]);
    expect(answer).toContain("application/problem+json");
  }
});

test("the page stands in the way of no path of the API, whatever a browser accepts", async () => {
  const { url, configuredKey } = await startPage();
  for (const { method, path, mediaType } of routes.filter((each) => each.method === "GET")) {
    for (const prefix of ["", "/api/v1"]) {
      const address = prefix + path.replaceAll(/\{\w+\}/gu, "one");
      const answer = await callApi(url, method, address, { key: configuredKey, headers: browser });
      const type = answer.headers.get("content-type") ?? "";
      expect([address, type.includes("html"), mediaType]).toEqual([address, false, mediaType]);
    }
  }
  expect((await fetch(`${url}/docs/`, { headers: browser })).status).toBe(200);
});

test("below a path the page is led to its slash, so that its relative addresses hold", async () => {
  const { url } = await startPage("api: { api_key: k, base_path: /a/memories }");
  const bare = await fetch(`${url}/a/memories?x=1`, { headers: browser });
  expect([bare.url, await bare.text()]).toEqual([`${url}/a/memories/?x=1`, html]);
  const file = new URL("./assets/main-Ab12.js", bare.url);
  expect(await (await fetch(file)).text()).toBe(script);
  expect(await (await fetch(`${url}/`, { headers: browser })).text()).toBe(html);
});

test("a limit of calls does not count the page and its files", async () => {
  const { url } = await startPage(
    "api: { api_key: k, rate_limit: { enabled: true, requests_per_minute: 2 } }",
  );
  for (let asked = 0; asked < 5; asked++) {
    expect((await fetch(`${url}/`, { headers: browser })).status).toBe(200);
    expect((await fetch(`${url}/assets/main-Ab12.js`)).status).toBe(200);
  }
  const statuses = [1, 2, 3].map(async () => (await callApi(url, "GET", "/runs", { key: "k" })).status);
  expect((await Promise.all(statuses)).toSorted()).toEqual([200, 200, 429]);
});

test("where nobody has built the page it says what to type, and is there as soon as it is built", async () => {
  const pageFolder = temporaryFolder();
  const { url } = await startTestApi(undefined, { pageFolder });
  const before = await fetch(`${url}/`, { headers: browser });
  expect([before.status, await before.text()]).toEqual([200, expect.stringContaining("npm run build")]);
  build(pageFolder);
  expect(await (await fetch(`${url}/`, { headers: browser })).text()).toBe(html);
  expect(await (await fetch(`${url}/assets/main-Ab12.js`)).text()).toBe(script);
});

test("another site may link to the page, and neither frame it nor load its files", async () => {
  const { url } = await startPage();
  const from = (dest: string, mode: string) => ({
    ...browser,
    "sec-fetch-site": "cross-site",
    "sec-fetch-mode": mode,
    "sec-fetch-dest": dest,
  });
  const ask = (path: string, headers: Record<string, string>) =>
    sendRaw(url, [
      `GET ${path} HTTP/1.1`,
      "host: localhost",
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ]);
  const status = async (...request: Parameters<typeof ask>) => statusIn(await ask(...request));
  expect(await status("/", from("document", "navigate"))).toBe(200);
  expect(await status("/", from("iframe", "navigate"))).toBe(403);
  // A file of the page is refused by the browser: a proxy may change by which name the service is asked.
  const file = await ask("/assets/main-Ab12.js", from("script", "no-cors"));
  expect(file).toMatch(/^cross-origin-resource-policy: same-origin\r$/imu);
});

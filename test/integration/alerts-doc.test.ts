import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { alertRuleNames } from "../../src/notify/alerts/alert-rule.ts";
import { signatureHeaders } from "../../src/notify/channels/webhook-channel.ts";
import { webhookEventTypes } from "../../src/notify/webhooks/event-types.ts";
import { readYaml } from "../support/config.ts";

const doc = readFileSync(new URL("../../docs/alerts.md", import.meta.url), "utf8");

function block(language: string): string {
  return new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, "su").exec(doc)?.[1] ?? "";
}

test("the check of a signature in docs/alerts.md takes what is genuine and nothing else", async () => {
  const code = `data:text/javascript,${encodeURIComponent(block("js"))}`;
  const { isGenuine } = await import(/* @vite-ignore */ code);
  const secret = "a secret of the test";
  const headers = signatureHeaders("msg_1", "body", secret, Date.now());
  expect(isGenuine(headers, "body", secret)).toBe(true);
  expect(isGenuine(headers, "Body", secret)).toBe(false);
  expect(isGenuine(headers, "body", "another secret")).toBe(false);
  expect(isGenuine({ ...headers, "webhook-id": "msg_2" }, "body", secret)).toBe(false);
  expect(isGenuine({}, "body", secret)).toBe(false);
  const old = signatureHeaders("msg_1", "body", secret, Date.now() - 400_000);
  expect(isGenuine(old, "body", secret)).toBe(false);
});

test("docs/alerts.md names every rule and every event, and its configuration is one", () => {
  for (const name of [...alertRuleNames, ...webhookEventTypes]) expect(doc).toContain(`| \`${name}`);
  const environment = {
    SLACK_WEBHOOK_URL: "https://h/x",
    SMTP_PASSWORD: "p4ssw0rd",
    WEBHOOK_SIGNING_SECRET: "0123456789abcdef",
  };
  const ends = `memory_api: { url: "http://h" }\nconnectors: [{ id: personal-memories, context_id: C }]\n`;
  const { config, warnings } = readYaml(ends + block("yaml"), { environment });
  expect(warnings).toEqual([]);
  expect(config.notifications.alerts.channels.map(({ type }) => type)).toEqual(["slack", "email"]);
});

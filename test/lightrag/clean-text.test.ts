import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanText } from "../../src/sinks/lightrag/clean-text.ts";
import { pinnedVersions } from "../support/lightrag-versions.ts";
import { lightragPython } from "../support/python-environment.ts";
import { lightragMissing } from "../support/python-lightrag.ts";

const program = `
import html.entities, json, sys
asked = json.load(sys.stdin)
sys.argv = ["clean-text"]
from lightrag.utils import sanitize_text_for_encoding as clean
texts = asked + [form.format(name) for name in html.entities.html5
                 for form in ("&{}", "&{}x", "a&{};", "&{}=1", "&am{}")]
texts += [form.format(number) for number in [*range(0x500), *range(0xD7F0, 0xE010), *range(0xFDC0, 0x10010), 0x1FFFE, 0x10FFFF, 0x110000]
          for form in ("&#{};", "&#{}", "&#x{:x};", "a&#X{:X}b")]
texts += [chr(number) + "a" + chr(number) for number in range(0x3100)]
json.dump([[text, clean(text)] for text in texts], sys.stdout)
`;

const fragment = fc.oneof(
  fc.string({ unit: "binary", maxLength: 3 }),
  fc.constantFrom(..."&#;xX19aglt \t\n<", "&amp", "&notin;", "&#38;", "\u0085", "\u001C", "\uFEFF", "\u3000"),
);
const text = fc.array(fragment, { maxLength: 24 }).map((parts) => parts.join("").toWellFormed());

describe.skipIf(lightragMissing !== null)("cleaning a text", () => {
  it.each(Object.values(pinnedVersions))("gives what LightRAG %s itself makes of it", async (version) => {
    const python = await lightragPython(version);
    const input = JSON.stringify(fc.sample(text, 20_000));
    const { stdout, stderr } = spawnSync(python, ["-c", program], { input, maxBuffer: 2 ** 28 });
    const cases = JSON.parse(stdout.toString() || fail(stderr.toString())) as [string, string][];
    expect(cases.length).toBeGreaterThan(50_000);
    expect(cases.filter(([given, stored]) => cleanText(given) !== stored)).toEqual([]);
  });
});

function fail(reason: string): never {
  throw new Error(reason);
}

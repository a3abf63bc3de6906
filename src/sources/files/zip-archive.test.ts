import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listedFiles } from "../../../test/support/listed-files.ts";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";
import { type ZippedFile, zipOf } from "../../../test/support/zip-file.ts";

const line = (id: string) => `{"id":"${id}","created_at":"2026-03-01T08:15:00Z","text":"Says ${id}."}\n`;

function archiveOf(files: readonly ZippedFile[], settings: object = {}) {
  const world = listedFiles({ path: "export.zip", ...settings });
  world.write("export.zip", zipOf(files));
  return world;
}

test("files in an archive are read as if they were unpacked, packed or not", async () => {
  const { list } = archiveOf([
    { name: "folder/", content: "", method: 0 },
    { name: "folder/a.jsonl", content: line("a") },
    { name: "b.jsonl", content: line("b"), method: 0 },
    { name: "picture.png", content: "no list" },
    { name: "__MACOSX/._b.jsonl", content: "no list" },
  ]);
  const listing = await list();
  expect(listing.texts.toSorted()).toEqual(["Says a.", "Says b."]);
  expect(listing).toMatchObject({ malformed: [], truncated: null });
});

test("what an entry includes is reached inside of its archive, and nothing beside it", async () => {
  const entry = { creationDate: "2026-03-01T07:15:00Z", text: "Met Ada" };
  const entries = [
    { ...entry, uuid: "U1", photos: [{ md5: "0f", type: "jpeg" }] },
    { ...entry, uuid: "U2", photos: [{ md5: "../../secret", type: "jpeg" }] },
  ];
  const { list, source, write } = archiveOf(
    [
      { name: "Journal.json", content: JSON.stringify({ metadata: { version: "1.0" }, entries }) },
      { name: "photos/0f.jpeg", content: "picture" },
    ],
    { format: "day_one" },
  );
  write("secret.jpeg", "secret");
  const { memories } = await list();
  expect(memories.map(({ image }) => image)).toEqual([true, false]);
  const to = join(temporaryFolder(), "medium");
  const request = { contextId: "C", memoryId: "U1", kind: "image", maxBytes: 100 } as const;
  await source.download(request, to, AbortSignal.timeout(5_000));
  expect(readFileSync(to, "utf8")).toBe("picture");
});

test("of an export only the file with the memories is read, not those about the account", async () => {
  const { list } = archiveOf([
    { name: "data/result.json", content: line("a") },
    { name: "data/user.json", content: line("account") },
  ]);
  expect((await list()).texts).toEqual(["Says a."]);
});

test("two entries of one name are both read, and the last one counts where they share an id", async () => {
  const again = (text: string) => line("a").replace("Says a.", text);
  const archive = [
    { name: "a.jsonl", content: `${line("a")}${line("b")}` },
    { name: "a.jsonl", content: again("Says it anew.") },
    { name: "c.jsonl", content: line("c") },
    { name: "c.jsonl", content: line("c") },
  ];
  const { texts, malformed, truncated } = await archiveOf(archive).list();
  expect(texts.toSorted()).toEqual(["Says b.", "Says c.", "Says it anew."]);
  expect([malformed, truncated]).toEqual([[], null]);
});

test.each(["a program", ""])("an archive may begin behind other bytes: %j", async (before) => {
  const { write, list } = listedFiles({ path: "export.zip" });
  const archive = zipOf([{ name: "a.jsonl", content: line("a") }]);
  write("export.zip", Buffer.concat([Buffer.from(before), archive]));
  expect((await list()).texts).toEqual(["Says a."]);
});

const good: ZippedFile = { name: "a.jsonl", content: line("a") };

test.each<[string, ZippedFile[], string]>([
  ["leads out of it", [good, { ...good, name: "../a.jsonl" }], "leads out of it"],
  ["leads out of it by a backslash", [{ ...good, name: "x\\..\\..\\a.jsonl" }], "leads out of it"],
  ["is absolute", [{ ...good, name: "/etc/a.jsonl" }], "leads out of it"],
  ["names a drive", [{ ...good, name: "C:/a.jsonl" }], "leads out of it"],
  ["is encrypted", [{ ...good, isEncrypted: true }], "is encrypted"],
  ["is packed otherwise", [{ ...good, method: 14 }], "not known here (method 14"],
  ["would fill a disk", [{ ...good, size: 2 ** 31 }], "250 times its size"],
  ["overlaps", [{ ...good, packedSize: 5_000 }], "overlap"],
  ["holds nothing of the kind", [{ ...good, name: "a.png" }], "holds no file of this kind"],
])("an archive that %s is refused with one error that says so", async (_, files, said) => {
  const { list } = archiveOf(files);
  await expect(list()).rejects.toMatchObject({
    code: expect.stringMatching(/^SOURCE_(?:BAD_ANSWER|UNREACHABLE)$/u),
    message: expect.stringContaining(said),
  });
});

test("an archive that is cut off, or none, is refused; what is damaged in one costs no other file", async () => {
  const whole = zipOf([good]);
  for (const bytes of [whole.subarray(0, whole.length - 30), Buffer.from("no archive")]) {
    const { list, write } = listedFiles({ path: "export.zip" });
    write("export.zip", bytes);
    await expect(list()).rejects.toMatchObject({ code: "SOURCE_BAD_ANSWER" });
  }
  for (const lie of [{ crc: 1 }, { size: 20 }, { size: 500 }]) {
    const { list } = archiveOf([{ ...good, name: "b.jsonl", content: line("b"), ...lie }, good], {
      format: "jsonl",
    });
    const { texts, truncated } = await list();
    expect(texts).toContain("Says a.");
    expect(truncated).toContain("b.jsonl: it is");
  }
});

test.skipIf(spawnSync("python3", ["--version"]).status !== 0)(
  "what another program has packed is read (needs python3), also in the form of large archives",
  async () => {
    const { root, list } = listedFiles({ path: "export.zip" });
    writeFileSync(
      join(root, "zip.py"),
      [
        "import zipfile",
        "with zipfile.ZipFile('export.zip', 'w', zipfile.ZIP_DEFLATED) as archive:",
        "    with archive.open(zipfile.ZipInfo('Zoë/a.jsonl'), 'w', force_zip64=True) as file:",
        `        file.write(${JSON.stringify(line("a"))}.encode())`,
        `    archive.writestr('b.jsonl', ${JSON.stringify(line("b"))})`,
        "    archive.comment = b'a comment'",
      ].join("\n"),
    );
    execFileSync("python3", ["zip.py"], { cwd: root });
    expect((await list()).texts.toSorted()).toEqual(["Says a.", "Says b."]);
  },
);

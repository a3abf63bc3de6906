import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ended, startCli } from "../support/cli.ts";
import { behindPrivateTls, opensslMissing } from "../support/private-authority.ts";
import { expectExactly, startWorld } from "../support/sync-world.ts";

const notHere = opensslMissing !== null;

test.skipIf(notHere)(
  "both ends behind a private authority are reached once `ca` names its file",
  async () => {
    const world = await startWorld({ memories: 3 });
    const source = await behindPrivateTls(world.source.url);
    const sink = await behindPrivateTls(world.sink.url);
    world.configure({
      memoryApi: { url: source.url, ca: source.ca },
      lightragApi: { url: sink.url, ca: sink.ca },
    });
    const { code, err, out } = await ended(startCli(["sync"], world.folder));
    expect(code, err + out).toBe(0);
    expectExactly(world.sink, world.memories);
  },
);

test.skipIf(notHere)(
  "without it each end is refused with a code of its own and the setting that helps",
  async () => {
    const world = await startWorld({ memories: 1 });
    const source = await behindPrivateTls(world.source.url);
    const sink = await behindPrivateTls(world.sink.url);
    const sync = async () => (await ended(startCli(["sync", "--json"], world.folder))).out;
    world.configure({ lightragApi: { url: sink.url } });
    expect(await sync()).toMatch(/"SINK_TLS"/u);
    world.configure({ memoryApi: { url: source.url, max_retries: 0 } });
    expect(await sync()).toMatch(/"SOURCE_TLS"/u);
    // Trust in one authority is no trust in another, and plain HTTP is no TLS.
    world.configure({ lightragApi: { url: sink.url, ca: source.ca } });
    expect(await sync()).toMatch(/"SINK_TLS"/u);
    world.configure({ lightragApi: { url: world.sink.url.replace("http:", "https:") } });
    expect(await sync()).toMatch(/"SINK_TLS"/u);
  },
);

test("a file of authorities that is not there, or holds none, is named", async () => {
  const world = await startWorld({ memories: 1 });
  const sync = async (ca: string) => {
    world.configure({ lightragApi: { ca } });
    return (await ended(startCli(["sync"], world.folder))).err;
  };
  expect(await sync("./nowhere.pem")).toMatch(/CA_UNREADABLE: .*nowhere\.pem cannot be read \(ENOENT\)/u);
  writeFileSync(join(world.folder, "empty.pem"), "not a certificate");
  expect(await sync("./empty.pem")).toMatch(/CA_UNREADABLE: .*empty\.pem holds no certificate/u);
  const damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  writeFileSync(join(world.folder, "damaged.pem"), damaged);
  expect(await sync("./damaged.pem")).toMatch(
    /CA_UNREADABLE: .*damaged\.pem holds a certificate that is damaged/u,
  );
});

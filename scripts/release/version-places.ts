import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where the version of the project stands: one release is one number, of package, image, chart and samples. */
const places: Readonly<Record<string, RegExp>> = {
  "package.json": /(?<=^ {2}"version": ")[^"]+/gmu,
  "package-lock.json": /(?<="name": "memory-connector",\n\s*"version": ")[^"]+/gu,
  Dockerfile: /(?<=^ARG VERSION=)\S+/gmu,
  "deploy/helm/memory-connector/Chart.yaml": /(?<=^(?:version|appVersion): )\S+/gmu,
  "deploy/kubernetes/memory-connector.yaml":
    /(?<=app\.kubernetes\.io\/version: "|image: "memory-connector:)[^"]+/gu,
  "deploy/compose/compose.yaml": /(?<=image: memory-connector:)\S+/gu,
  "docs/guides/kubernetes.md": /(?<=\/memory-connector:)\S+/gu,
  "docs/guides/systemd.md": /(?<=\.\/memory-connector-)\d[\w.-]*(?=\.tgz)/gu,
  "docs/upgrading.md": /(?<=\.\/memory-connector-)\d[\w.-]*(?=\.tgz)/gu,
  "docs/cli.md": /(?<=versions +memory-connector )\S+/gu,
  "scripts/docs/samples/doctor.txt": /(?<=versions +memory-connector )\S+/gu,
};

export interface VersionPlace {
  file: string;
  /** As often as it stands there. */
  versions: string[];
}

export function readVersions(root: string): VersionPlace[] {
  return Object.entries(places).map(([file, pattern]) => ({
    file,
    versions: readFileSync(join(root, file), "utf8").match(pattern) ?? [],
  }));
}

export function writeVersion(root: string, version: string): void {
  for (const [file, pattern] of Object.entries(places)) {
    const path = join(root, file);
    writeFileSync(path, readFileSync(path, "utf8").replace(pattern, version));
  }
}

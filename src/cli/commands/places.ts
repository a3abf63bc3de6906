import { Option } from "commander";
import { areaSizes } from "../../domain/areas.ts";
import { places } from "../../operations/memories/places.ts";
import { longerList, moreText } from "../in-pages.ts";
import { renderTable } from "../lay-out.ts";
import { commandOf, optionsOf } from "../operation-command.ts";
import { configOption, connectorOption, wholeNumber } from "../options.ts";

export const placesCommand = commandOf(longerList(places, "places"), {
  name: "places",
  options: [
    configOption(),
    connectorOption("only of this connector"),
    new Option("--size <degrees>", "of an area's side: some 100, 10 or 1 km")
      .choices(areaSizes)
      .default("0.1"),
    new Option("--within <area>", "only the next smaller areas in this one, whatever --size says"),
    new Option("--limit <n>", "how many at most").argParser(wholeNumber(1, 1_000_000)).default(50),
    new Option("--after <cursor>", "go on from the `next` of an earlier answer"),
  ],
  examples: ["places", "places --size 1 --json", "places --within 0.1:38.7:-9.2"],
  input: (typed) => optionsOf(places, typed),
  text: ({ places: shown, next }) => {
    if (shown.length === 0) return "The ledger knows no memory there that has a place.";
    const table = renderTable(
      ["MEMORIES", "AREA", "NAME", "CONNECTOR"],
      shown.map(({ memories, area, name, connectorId }) => [
        String(memories),
        area,
        name ?? "-",
        connectorId,
      ]),
    );
    const [{ area: first }] = shown as [(typeof shown)[number]];
    const inside = `The memories of an area: memory-connector memories --area ${first}`;
    return [table, ...moreText(next), inside].join("\n\n");
  },
});

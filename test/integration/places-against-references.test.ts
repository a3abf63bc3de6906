import { expect, test } from "vitest";
import {
  cityFigures,
  countryFigure,
  frozenReferences,
  nearnessFigure,
  type PlaceFigure,
  percentOf,
  zoneFigures,
} from "../support/place-figures.ts";

function expectAtLeast(percent: number, figure: PlaceFigure, asked: number): void {
  expect(figure.asked).toBeGreaterThanOrEqual(asked);
  const examples = figure.wrong.slice(0, 10).join("\n");
  expect(percentOf(figure), `${figure.what}\n${examples}`).toBeGreaterThanOrEqual(percent);
}

test("40,000 towns have the time zone and the clocks that another map gives them", async () => {
  const [names, offsets] = await zoneFigures(frozenReferences());
  expectAtLeast(99.9, names!, 40_000);
  expectAtLeast(99.9, offsets!, 40_000);
});

test("places around towns have the country that a map of borders gives them", async () => {
  expectAtLeast(99.5, await countryFigure(frozenReferences()), 10_000);
});

test("places in the middle of forty large cities are told by the city", async () => {
  const [inText, asCity] = await cityFigures();
  expectAtLeast(97, inText!, 1_000);
  expectAtLeast(97, asCity!, 1_000);
});

test("no town is named that lies further than 25 km", async () => {
  expectAtLeast(100, await nearnessFigure(), 500);
});

import { expect, test } from "vitest";
import type { ConnectorConfig } from "../../config/config.ts";
import { whyNothingWasFound } from "./why-nothing-was-found.ts";

const connector = (id: string, strategy: string, extractTags: boolean, geocoding: boolean) =>
  ({ id, transformation: { strategy, extractTags, geocoding } }) as Pick<
    ConnectorConfig,
    "id" | "transformation"
  >;

const standard = connector("plain", "standard", true, true);
const untagged = connector("untagged", "rich", false, true);
const unplaced = connector("unplaced", "rich", true, false);
const rich = connector("rich", "rich", true, true);

test.each([
  [
    "a tag and the strategy standard",
    { tag: "kayak" },
    [standard],
    /Of plain .* tags and people .*strategy.*extract_tags/u,
  ],
  ["a person and no tags asked for", { person: "Ines" }, [untagged], /Of untagged .* tags and people/u],
  [
    "a place and no geocoding",
    { place: "Lisbon" },
    [unplaced],
    /Of unplaced .* names of places .*geocoding/u,
  ],
  ["a place and the strategy standard", { place: "Lisbon" }, [standard], /Of plain /u],
  [
    "several connectors, one of which finds them",
    { tag: "a" },
    [rich, standard, untagged],
    /Of plain and 1 other /u,
  ],
  ["words", { text: "kayak" }, [rich], /state\.keep_text/u],
  ["words and a tag", { text: "kayak", tag: "a" }, [standard], /keep_text.*Of plain/u],
])("%s: it is said which setting stands in the way", (_, search, connectors, said) => {
  expect(whyNothingWasFound(search, connectors)).toMatch(said);
});

test.each([
  ["a tag and a connector that finds them", { tag: "kayak" }, [rich, unplaced]],
  ["a place and a connector that names them", { place: "Lisbon" }, [rich, untagged]],
  ["nothing of the kind", {}, [standard]],
  ["no connector at all", { tag: "kayak" }, []],
])("%s: no setting is to blame", (_, search, connectors) => {
  expect(whyNothingWasFound(search, connectors)).toBeNull();
});

import { unusableKey } from "../access/secrets/settings.ts";
import { guessableKey, unauthenticatedApi } from "../kernel/inbound/settings.ts";
import { pathText } from "../kernel/settings/path.ts";
import type { RuleProblem } from "../kernel/settings/rules.ts";
import type { Config, ConnectorConfig } from "./config.ts";
import type { PlacedProblem } from "./input/origin.ts";
import { getIn, placesOf } from "./input/tree.ts";
import { secretPlaces } from "./mask-secrets.ts";
import { foreignSecrets, scatteredSecrets } from "./secret-origins.ts";
import { sharingWarnings } from "./shared-contexts.ts";

/** Warnings about allowed but probably unintended settings. */
export function warningsOf(config: Config, settings: unknown): PlacedProblem[] {
  return [
    ...noConnectors(config),
    ...sharingWarnings(config.connectors),
    ...nobodyReadsMedia(config),
    ...unshownFacts(config.connectors),
    ...silentAlerts(config),
    ...beneath(["advanced", "security"], unusableKey(config.advanced.secrets)),
    ...beneath(["api"], [...unauthenticatedApi(config.api), ...guessableKey(config.api)]),
    ...placeholders(settings),
  ];
}

/** Problems of a block, with paths from the root of the file. */
function beneath(block: readonly string[], problems: readonly RuleProblem[]): PlacedProblem[] {
  return problems.map((problem) => ({ ...problem, path: [...block, ...problem.path] }));
}

function noConnectors({ connectors }: Config): PlacedProblem[] {
  if (connectors.length > 0) return [];
  return [{ path: ["connectors"], reason: "is empty, so there is nothing to sync", hint: "add a connector" }];
}

/** A warning, not an error: files with these settings are older than the setting of the endpoint. */
function nobodyReadsMedia({ connectors, media }: Config): PlacedProblem[] {
  return connectors.flatMap(({ transformation }, index) => {
    const unread = [
      { key: "include_audio", endpoint: "transcription", wanted: transformation.includeAudio },
      { key: "include_image", endpoint: "vision", wanted: transformation.includeImage },
    ] as const;
    return unread
      .filter(({ endpoint, wanted }) => wanted && media[endpoint] === null)
      .map(({ key, endpoint }) => ({
        path: ["connectors", index, "transformation", key],
        reason: "has no effect: nobody is named who could do it",
        hint: `set media.${endpoint}`,
      }));
  });
}

function unshownFacts(connectors: readonly ConnectorConfig[]): PlacedProblem[] {
  return connectors.flatMap(({ transformation: { strategy, geocoding } }, index) => {
    if (strategy !== "standard" || !geocoding) return [];
    const reason = "has no effect: the strategy standard shows no names of places";
    const hint = "use the strategy rich, or template";
    return [{ path: ["connectors", index, "transformation", "geocoding"], reason, hint }];
  });
}

function silentAlerts({ notifications: { alerts }, connectors }: Config): PlacedProblem[] {
  if (!alerts.enabled) return [];
  const path = ["monitoring", "alerts"];
  const nobody = { path, reason: "tells nobody: there is no channel", hint: "set channels, or webhook_url" };
  const nothing = { path, reason: "watches nothing: there is no rule", hint: "set alert_on" };
  const known = new Set(connectors.map(({ id }) => id));
  const strangers = alerts.rules.flatMap((rule) => rule.connectors ?? []).filter((id) => !known.has(id));
  const unknown = strangers.map((id) => ({
    path: [...path, "alert_on"],
    reason: `names the connector ${JSON.stringify(id)}, which is not in this file`,
    hint: "look at its id; one that was made through the API is fine",
  }));
  return [
    ...(alerts.channels.length === 0 ? [nobody] : []),
    ...(alerts.rules.length === 0 ? [nothing] : []),
    ...unknown,
  ];
}

/**
 * Secrets of the file that a connector does not inherit, because its address has another origin; setting `""` next to that address
 * acknowledges it. And secrets without an origin. `tree` is the file's as written.
 */
export function secretsElsewhere(tree: unknown): PlacedProblem[] {
  const foreign = placesOf(["connectors", "[]"], tree).flatMap((place) =>
    foreignSecrets(getIn(tree, place), tree).map(({ path, reason }) => ({
      path: [...place, ...path],
      reason: `is not taken from ${pathText(path)}, which ${reason}`,
      hint: 'give the connector one of its own, or "" when that server asks for none',
    })),
  );
  return [...foreign, ...scatteredSecrets(tree)];
}

/**
 * References to secrets that are empty; an explicit empty default is no mistake. `written` is the file's tree, `read` the tree
 * after substitution.
 */
export function emptySecrets(written: unknown, read: unknown): PlacedProblem[] {
  const isTaken = (value: unknown) =>
    typeof value === "string" && value.includes("${") && !value.includes(":-");
  return secretPlaces(read)
    .filter((path) => getIn(read, path) === "" && isTaken(getIn(written, path)))
    .map((path) => ({
      path,
      reason: "is empty where it is taken from, and counts as not set",
      hint: "put it there, or remove the line where none is asked for",
    }));
}

const placeholder =
  /^(your[-_ ].*|.*change[-_ ]?me.*|replace[-_ ]?me.*|<.*>|x{3,}|todo|secret|password|api[-_ ]?key)$/i;

function placeholders(settings: unknown): PlacedProblem[] {
  return secretPlaces(settings)
    .filter((path) => {
      const value = getIn(settings, path);
      return typeof value === "string" && placeholder.test(value);
    })
    .map((path) => ({
      path,
      reason: "looks like a placeholder, not like a secret",
      hint: "put the real one in",
    }));
}

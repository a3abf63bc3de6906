import { sealingHasKey } from "../../access/secrets/settings.ts";
import { geocoderIsComplete } from "../../documents/places/settings.ts";
import { templateIsUsable } from "../../documents/settings.ts";
import { authRequiredBeyondLoopback } from "../../kernel/inbound/settings.ts";
import { mergeSettings } from "../../kernel/settings/overrides.ts";
import { isMap, type Rule, type RuleProblem } from "../../kernel/settings/rules.ts";
import { hasOneRule } from "../../notify/alerts/settings.ts";
import { channelIsWhole, mailLoginIsWhole } from "../../notify/settings.ts";
import { scheduleIsWhole } from "../../schedule/settings.ts";
import { lightragRules } from "../../sinks/lightrag/settings.ts";
import { stateHasOnePlace } from "../../state/settings.ts";
import { hasContext, hasOneSource } from "./connectors.ts";
import { channelNamesDiffer } from "./monitoring.ts";

/** The rules by the path of their block; `[]` matches any index. A rule between blocks belongs to the whole file. */
export const allRules: readonly { at: readonly string[]; rule: Rule }[] = [
  { at: [], rule: connectorRules },
  { at: ["lightrag"], rule: lightragRules },
  { at: ["connectors", "[]"], rule: hasContext },
  { at: ["connectors", "[]"], rule: hasOneSource },
  { at: ["connectors", "[]", "transformation"], rule: templateIsUsable },
  { at: ["connectors", "[]", "schedule"], rule: scheduleIsWhole },
  { at: ["geocoder"], rule: geocoderIsComplete },
  { at: ["state"], rule: stateHasOnePlace },
  { at: ["api"], rule: authRequiredBeyondLoopback },
  { at: ["advanced", "security"], rule: sealingHasKey },
  { at: ["monitoring"], rule: channelNamesDiffer },
  { at: ["monitoring", "alerts", "alert_on", "[]"], rule: hasOneRule },
  { at: ["monitoring", "alerts", "channels", "[]"], rule: channelIsWhole },
  { at: ["monitoring", "alerts", "channels", "[]", "email"], rule: mailLoginIsWhole },
];

/** Between connectors, and between a connector and the blocks that it inherits from. */
function connectorRules(settings: unknown): RuleProblem[] {
  if (!isMap(settings) || !Array.isArray(settings.connectors)) return [];
  const connectors: readonly unknown[] = settings.connectors;
  return [
    ...repeatedIds(connectors),
    ...sourcesAreKnown(connectors, settings.memory_api),
    ...connectors.flatMap((connector, index) => ownSinkIsComplete(connector, index, settings.lightrag)),
  ];
}

function repeatedIds(connectors: readonly unknown[]): RuleProblem[] {
  const firsts = new Map<unknown, number>();
  return connectors.flatMap((connector, index) => {
    const id = isMap(connector) ? connector.id : undefined;
    const first = firsts.get(id);
    if (first === undefined) firsts.set(id, index);
    if (typeof id !== "string" || first === undefined) return [];
    const reason = `is also the id of connectors[${first}]`;
    return [{ path: ["connectors", index, "id"], reason, hint: "give every connector an id of its own" }];
  });
}

function sourcesAreKnown(connectors: readonly unknown[], memoryApi: unknown): RuleProblem[] {
  const needy = connectors.findIndex(needsSharedSource);
  if (needy === -1 || hasUrl(memoryApi)) return [];
  const reason = `is missing, and connectors[${needy}] has none of its own`;
  return [{ path: ["memory_api", "url"], reason, hint: "for example url: http://127.0.0.1:8080" }];
}

const needsSharedSource = (connector: unknown): boolean =>
  isMap(connector) && connector.source === undefined && !hasUrl(connector.memory_api);

const hasUrl = (block: unknown): boolean => isMap(block) && block.url !== undefined;

/** A connector may complete a login or a model of the block, or break one. Problems of the block itself are reported there. */
function ownSinkIsComplete(connector: unknown, index: number, lightrag: unknown = {}): RuleProblem[] {
  if (!isMap(connector) || !isMap(connector.lightrag) || lightragRules(lightrag).length > 0) return [];
  return lightragRules(mergeSettings(lightrag, connector.lightrag)).map((problem) => ({
    ...problem,
    path: ["connectors", index, "lightrag", ...problem.path],
  }));
}

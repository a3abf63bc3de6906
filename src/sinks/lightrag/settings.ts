import * as z from "zod";
import { metadata } from "../../kernel/settings/metadata.ts";
import { beneath, type RuleProblem } from "../../kernel/settings/rules.ts";
import { directRules, directSettings, toDirectConfig } from "./embedded/settings.ts";
import { loginIsComplete, serverSettings, toServerConfig } from "./server/settings.ts";

export const lightragSettings = z.strictObject({
  mode: z.enum(["api", "direct"]).prefault("api").register(metadata, {
    description:
      "`api` sends documents to a LightRAG server; `direct` indexes them in this process into a folder.",
  }),
  api: serverSettings.prefault({}).register(metadata, { description: "The LightRAG server, in mode `api`." }),
  direct: directSettings.prefault({}).register(metadata, {
    description:
      "The folder and the models, in mode `direct`. The folder has LightRAG's own layout; a LightRAG server can be started on it.",
  }),
});

export type LightragSettings = z.output<typeof lightragSettings>;

/** Also applied to a connector's merged settings. */
export function lightragRules(settings: unknown): RuleProblem[] {
  return [...beneath(settings, "api", loginIsComplete), ...beneath(settings, "direct", directRules)];
}

/** `keyOrigin`: where the server's key comes from, in words; null for the file itself. */
export function toLightRagConfig(settings: LightragSettings, folder: string, keyOrigin: string | null) {
  return settings.mode === "api"
    ? { mode: settings.mode, api: { ...toServerConfig(settings.api, folder), keyOrigin } }
    : { mode: settings.mode, direct: toDirectConfig(settings.direct, folder) };
}

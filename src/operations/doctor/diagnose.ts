import * as z from "zod";
import type { CheckResult } from "../../sync/check-connector.ts";
import { tryEnds } from "../connectors/check-connector.ts";
import { operation } from "../operation.ts";
import type { OperationContext } from "../operation-context.ts";
import { countSchema } from "../runs/run-json.ts";
import { checkClock } from "./check-clock.ts";
import { checkMachine } from "./check-machine.ts";
import { type Diagnosis, diagnosisSchema, problem } from "./diagnosis.ts";

const output = z.strictObject({
  ok: z.boolean().describe("there is no problem"),
  warnings: countSchema,
  problems: countSchema,
  diagnoses: z.array(diagnosisSchema),
});

export const diagnose = operation({
  name: "service.diagnose",
  tag: "Service",
  summary: "Look at everything that memory-connector needs, and say what to fix",
  details:
    "Versions, configuration, rights of files, state store, sealed secrets, audit log, room on disks, clocks, and both ends of every enabled " +
    "connector as `check` tries them; in direct mode that reads the whole folder. Changes nothing. Names files and addresses, and no secret.",
  access: "admin",
  input: z.strictObject({ offline: z.boolean().default(false).describe("contact nobody") }),
  output,
  errors: [],
  run: async (context, { offline }) => {
    const found = await checkMachine(context.services.configuration);
    return sumUp([...found, ...(offline ? [] : await checkEnds(context))]);
  },
});

export function sumUp(diagnoses: readonly Diagnosis[]): z.output<typeof output> {
  const count = (wanted: Diagnosis["level"]) => diagnoses.filter(({ level }) => level === wanted).length;
  const [warnings, problems] = [count("warning"), count("problem")];
  return { ok: problems === 0, warnings, problems, diagnoses: [...diagnoses] };
}

/** Source and LightRAG of every enabled connector, those in the state store included, and the clocks of the sources. */
async function checkEnds({ services, signal, clock }: OperationContext): Promise<Diagnosis[]> {
  const enabled = services.connectors.configs().filter((connector) => connector.enabled);
  const found = services.connectors.problems.map((text) =>
    problem("connectors", text, "correct or remove it"),
  );
  const checks = await Promise.all(
    enabled.map((each) => tryEnds(services, each, signal, { thorough: true })),
  );
  found.push(...checks.flat().map(diagnosisOf));
  for (const url of new Set(enabled.flatMap(({ source }) => source.server ?? [])))
    found.push(...(await checkClock(url, clock, signal)));
  return found;
}

function diagnosisOf({ connectorId, subject, ok, message, code, hint }: CheckResult): Diagnosis {
  const text = `${connectorId}, ${subject}: ${message}`;
  return { area: "connection", level: ok ? "ok" : levelOf(code), message: text, code, fix: hint };
}

/** A running service rightly holds the lock on its direct-mode folder, which cannot be checked meanwhile. */
function levelOf(code: string | null): Diagnosis["level"] {
  return code === "DIRECT_FOLDER_LOCKED" ? "warning" : "problem";
}

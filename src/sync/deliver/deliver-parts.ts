import type { MemoryEnricher } from "../../documents/enrich/memory-enricher.ts";
import type { MemoryTransformer } from "../../documents/memory-transformer.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { Emitter } from "../../kernel/util/event-bus.ts";
import type { Places } from "../../kernel/util/places.ts";
import type { LightRagClient, SinkInfo } from "../../sinks/lightrag/light-rag-client.ts";
import type { StateManager } from "../../state/state-manager.ts";
import type { RunEvents } from "../events.ts";
import type { AdmissionParts } from "../guards/admission.ts";
import type { KnownDelivery } from "../known-delivery.ts";
import type { LedgerWriter } from "../ledger-writer.ts";
import type { RunReport } from "../report/run-report.ts";
import type { Retries } from "../retry-policy.ts";
import type { RunOptions } from "../run-options.ts";
import type { SinkPolling, SyncSettings } from "../sync-settings.ts";

/** The dependencies of the delivery; each of its parts declares the subset that it uses. */
export interface DeliverParts extends AdmissionParts {
  readonly state: AdmissionParts["state"] & Pick<StateManager, "earliestAttempt">;
  readonly sink: LightRagClient;
  readonly places?: Places | undefined;
  readonly info: Pick<SinkInfo, "maxBatch" | "documents">;
  readonly transformer: MemoryTransformer;
  readonly enricher: MemoryEnricher;
  readonly known: KnownDelivery;
  readonly ledger: LedgerWriter;
  readonly retries: Retries;
  readonly clock: Clock;
  readonly events: Emitter<RunEvents>;
  readonly report: Pick<
    RunReport,
    "counts" | "expected" | "settled" | "putsOff" | "budgetSpent" | "addError" | "noteFound"
  >;
  readonly settings: AdmissionParts["settings"] & DeliverySettings;
  readonly options: Pick<RunOptions, "wait" | "force">;
}

type DeliverySettings = SinkPolling &
  Pick<SyncSettings, "contextIds" | "concurrency" | "retry" | "graceMs" | "modelPauseMs" | "maxModelPauses">;

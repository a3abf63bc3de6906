import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { pendingRow, scope } from "../../../test/contract/state-manager-samples.ts";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";
import { noFacets } from "../../domain/facets.ts";
import { fileBackends, openState } from "../../state/open-state.ts";
import type { OperationContext } from "../operation-context.ts";
import { places } from "./places.ts";

test.each(fileBackends)(
  "an area is called what its memories call it, however old they are (%s)",
  async (backend) => {
    const state = await openState({ backend, path: join(temporaryFolder(), "state") });
    onTestFinished(() => state.close());
    const newer = Array.from({ length: 700 }, (_, at) => pendingRow({ memoryId: `m${at}` }));
    const facets = { ...noFacets, place: ["Alfama", "Lisbon"] };
    const old = {
      ...pendingRow({ memoryId: "old" }),
      memoryCreatedAt: 0,
      location: { lat: 38.71, lon: -9.13 },
      facets,
    };
    await state.saveRows([...newer.map((row) => ({ ...row, location: null })), old]);
    const services = { state, connectors: { configs: () => [{ id: scope.connectorId }] } };
    const context = { services, signal: new AbortController().signal } as unknown as OperationContext;
    const answer = await places.run(context, places.input.parse({}));
    expect(answer.places).toMatchObject([{ area: "0.1:38.7:-9.2", memories: 1, name: "Alfama, Lisbon" }]);
  },
);

import { may } from "../../api/endpoint.ts";
import { api } from "../../api/endpoints.ts";
import { useAnswer, useAnswerOften } from "../../api/use-answer.ts";
import { Empty } from "../../parts/empty.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { Page } from "../../parts/page.tsx";
import type { Schema } from "../../settings/schema.ts";
import type { PageProps } from "../../shell/page-props.ts";
import { addressOf } from "../../shell/router.ts";
import { SettingsForm } from "./settings-form.tsx";
import { TryKept } from "./tries.tsx";

/** How soon it is seen that somebody else has changed the connector; a change of its schedule is told at once. Milliseconds. */
const oftenMs = 10_000;

/** The settings of a connector, or of a new one, in a form that is made from their schema. */
export default function SettingsPage({ params: { id } }: PageProps) {
  const schema = useAnswer(
    async (signal) => (await api.connectorSchema({}, { signal })).schema as Schema,
    [],
  );
  const connector = useAnswerOften(
    async (signal) =>
      id === undefined ? { of: null } : { of: await api.getConnector({ connectorId: id }, { signal }) },
    [id],
    oftenMs,
    ({ type, connectorId }) => type === "schedule:change" && connectorId === id,
  );
  return (
    <Page
      title={id === undefined ? "What shall be carried?" : `How ${id} is set.`}
      short={id === undefined ? "New connector" : `Settings of ${id}`}
      above={<Crumb id={id} />}
      lede="What is left out takes its default, or what the configuration file says for all connectors."
    >
      {may(id === undefined ? api.createConnector : api.replaceConnector) ? (
        <Loaded from={schema}>
          {(fields) => (
            <Loaded from={connector}>
              {({ of }) =>
                of?.origin === "file" ? (
                  <MadeInFile id={of.id} />
                ) : (
                  <SettingsForm
                    schema={fields}
                    id={id ?? null}
                    latest={{ version: of?.version ?? null, settings: of?.settings ?? {} }}
                    reload={connector.reload}
                  />
                )
              }
            </Loaded>
          )}
        </Loaded>
      ) : (
        <Empty title="Settings are for admins">
          <p class="soft">The key that signed you in may look at runs and memories.</p>
        </Empty>
      )}
    </Page>
  );
}

function Crumb({ id }: { id: string | undefined }) {
  return (
    <nav class="crumb" aria-label="Where this is">
      <a href="#/">Overview</a>
      <span aria-hidden="true">/</span>
      {id === undefined ? (
        <span>new connector</span>
      ) : (
        <>
          <a href={addressOf(["connectors", id])}>{id}</a>
          <span aria-hidden="true">/</span>
          <span>settings</span>
        </>
      )}
    </nav>
  );
}

function MadeInFile({ id }: { id: string }) {
  return (
    <>
      <Empty title={`${id} is made in the configuration file`}>
        <p class="soft">
          Change it there, under <code>connectors</code>: a running service takes it up by itself. Only
          connectors that were made here or through the API are changed here.
        </p>
      </Empty>
      <TryKept connectorId={id} />
    </>
  );
}

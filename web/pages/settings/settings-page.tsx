import { may } from "../../api/endpoint.ts";
import { api } from "../../api/endpoints.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { Empty } from "../../parts/empty.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { Page } from "../../parts/page.tsx";
import type { Schema } from "../../settings/schema.ts";
import type { PageProps } from "../../shell/page-props.ts";
import { addressOf } from "../../shell/router.ts";
import { SettingsForm } from "./settings-form.tsx";
import { TryKept } from "./tries.tsx";

/** The settings of a connector, or of a new one, in a form that is made from their schema. */
export default function SettingsPage({ params: { id } }: PageProps) {
  const answer = useAnswer(
    async (signal) => ({
      schema: (await api.connectorSchema({}, { signal })).schema as Schema,
      connector: id === undefined ? null : await api.getConnector({ connectorId: id }, { signal }),
    }),
    [id],
  );
  return (
    <Page
      title={id === undefined ? "What shall be carried?" : `How ${id} is set.`}
      short={id === undefined ? "New connector" : `Settings of ${id}`}
      above={<Crumb id={id} />}
      lede="What is left out takes its default, or what the configuration file says for all connectors."
    >
      {may(id === undefined ? api.createConnector : api.replaceConnector) ? (
        <Loaded from={answer}>
          {({ schema, connector }) =>
            connector?.origin === "file" ? (
              <MadeInFile id={connector.id} />
            ) : (
              <SettingsForm
                schema={schema}
                id={id ?? null}
                version={connector?.version ?? null}
                before={connector?.settings ?? {}}
              />
            )
          }
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

import { api } from "../../api/endpoints.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { ConnectorChoice } from "../../connectors/connector-choice.tsx";
import { knownConnectors } from "../../connectors/known-connectors.ts";
import { usePages } from "../../memories/use-pages.ts";
import { BusyButton } from "../../parts/busy-button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { Page } from "../../parts/page.tsx";
import { Trouble } from "../../parts/trouble.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { addressOf, go } from "../../shell/router.ts";
import { counted } from "../../words/numbers.ts";
import { withoutTags } from "../../words/text.ts";
import { type EntityView, neighbourhoodOf } from "./neighbourhood.ts";
import { Picture } from "./picture.tsx";

/** Of each list of an entity. */
const pageSize = 100;

/** An entity with what stands near it. It begins with a search: a whole graph shows nothing. */
export default function GraphPage({ query }: PageProps) {
  const entity = query.get("entity");
  const connectorId = query.get("connector") ?? knownConnectors.value?.[0]?.id;
  return (
    <Page
      title={entity === null ? "What is known of whom?" : `${entity}, and what stands near it.`}
      short="Graph"
    >
      {connectorId === undefined ? (
        <Empty title="There is no connector, and so no graph." />
      ) : (
        <>
          <Search connectorId={connectorId} text={query.get("find") ?? ""} key={query.toString()} />
          {entity === null ? (
            <Names connectorId={connectorId} text={query.get("find") ?? ""} />
          ) : (
            <Around connectorId={connectorId} opened={query.getAll("entity")} hidden={query.getAll("hide")} />
          )}
        </>
      )}
    </Page>
  );
}

function Search({ connectorId, text }: { connectorId: string; text: string }) {
  const find = (event: SubmitEvent) => {
    event.preventDefault();
    const said = new FormData(event.currentTarget as HTMLFormElement);
    go(
      addressOf(["graph"], {
        connector: String(said.get("connector")),
        find: String(said.get("find")).trim(),
      }),
    );
  };
  return (
    <form class="panel pad form" onSubmit={find} aria-label="Search">
      <div class="fields">
        <div class="row">
          <label for="graph-find">A part of a name</label>
          <input id="graph-find" class="input" name="find" required maxLength={500} defaultValue={text} />
        </div>
        <ConnectorChoice chosen={connectorId} label="Graph of" />
        <button type="submit" class="btn main">
          Search
        </button>
      </div>
    </form>
  );
}

function Names({ connectorId, text }: { connectorId: string; text: string }) {
  const found = useAnswer(
    async (signal) =>
      text === "" ? null : await api.findEntities({ connectorId, contains: text, limit: 50 }, { signal }),
    [connectorId, text],
  );
  if (text === "") return null;
  return (
    <Loaded from={found}>
      {(answer) =>
        answer?.names.length === 0 ? (
          <Empty title="Nothing was found.">
            <p class="soft">No entity of this graph has “{text}” in its name.</p>
          </Empty>
        ) : (
          <div class="panel pad stack">
            <ul class="links" aria-label="Entities found">
              {answer?.names.map((name) => (
                <li key={name}>
                  <a href={addressOf(["graph"], { connector: connectorId, entity: name })}>{name}</a>
                </li>
              ))}
            </ul>
            {answer?.note && <p class="small soft">{answer.note}</p>}
          </div>
        )
      }
    </Loaded>
  );
}

interface Shown {
  connectorId: string;
  /** The one that is looked at first, then those that were expanded. */
  opened: readonly string[];
  hidden: readonly string[];
}

function Around({ connectorId, opened, hidden }: Shown) {
  const views = useAnswer(
    (signal) =>
      Promise.all(opened.map((name) => api.getEntity({ connectorId, name, limit: pageSize }, { signal }))),
    [connectorId, ...opened.slice(0, 1), opened.join("\n")],
  );
  return (
    <Loaded from={views}>{(all) => <Drawn views={all} shown={{ connectorId, opened, hidden }} />}</Loaded>
  );
}

function Drawn({ views, shown }: { views: readonly EntityView[]; shown: Shown }) {
  const { connectorId, opened, hidden } = shown;
  const near = neighbourhoodOf(views, new Set(hidden));
  const [first] = views;
  if (first === undefined) return null;
  const to = (changes: Partial<Shown>) => {
    const next = { ...shown, ...changes };
    return addressOf(["graph"], { connector: connectorId, entity: next.opened, hide: next.hidden });
  };
  const others = near.names.filter((name) => name !== first.entity.name);
  return (
    <div class="cols g-2-1">
      <section class="panel" aria-label="Picture">
        <Picture near={near} opened={opened} addressOfName={(name) => to({ opened: [name], hidden: [] })} />
      </section>
      <section class="panel pad stack" aria-label="Neighbours">
        <h2>{counted(others.length, "neighbour")}</h2>
        {first.note && <p class="small soft">{first.note}</p>}
        {near.left > 0 && (
          <p class="small soft">{counted(near.left, "relation")} more: said less often, not drawn.</p>
        )}
        <ul class="links">
          {others.map((name) => (
            <li class="nb" key={name}>
              <a href={to({ opened: [name], hidden: [] })}>{name}</a>
              <span class="acts">
                {!opened.includes(name) && (
                  <a class="btn sm" href={to({ opened: [...opened, name] })} aria-label={`Expand ${name}`}>
                    Expand
                  </a>
                )}
                <a
                  class="btn sm"
                  href={to({ opened: opened.filter((each) => each !== name), hidden: [...hidden, name] })}
                  aria-label={`Hide ${name}`}
                >
                  Hide
                </a>
              </span>
            </li>
          ))}
        </ul>
        {hidden.length > 0 && (
          <a href={to({ hidden: [] })}>
            Show {counted(hidden.length, "hidden entity", "hidden entities")} again
          </a>
        )}
      </section>
      <Details view={first} connectorId={connectorId} key={`${connectorId} ${first.entity.name}`} />
    </div>
  );
}

function Details({ view, connectorId }: { view: EntityView; connectorId: string }) {
  const { entity, complete } = view;
  const list = usePages<EntityView["memories"][number]>(async (after, signal) => {
    const asked = { connectorId, name: entity.name, limit: pageSize };
    const page = after === undefined ? view : await api.getEntity({ ...asked, after }, { signal });
    // Its relations may go on for longer.
    return { items: page.memories, next: page.chunkIds.length < pageSize ? null : page.next };
  }, []);
  const memories = list.items.value;
  return (
    <section class="panel pad stack" aria-label="Details">
      <p class="label">{entity.type}</p>
      <h2>{entity.name}</h2>
      {entity.descriptions.slice(0, 5).map((text) => (
        <p class="soft" key={text}>
          {withoutTags(text)}
        </p>
      ))}
      <h3>
        {!list.isWhole.value && "More than "}
        {counted(memories.length, "memory", "memories")}
      </h3>
      {!complete && <p class="small soft">The server shows only a part.</p>}
      <ul class="links" aria-label="Memories">
        {memories.map(({ memoryId, fileSource }) => (
          <li key={`${fileSource} ${memoryId}`}>
            {memoryId === null ? (
              fileSource
            ) : (
              <a href={addressOf(["memories"], { id: memoryId })}>{memoryId}</a>
            )}
          </li>
        ))}
      </ul>
      {list.problem.value && <Trouble problem={list.problem.value} retry={list.retry} />}
      {!list.isWhole.value && (
        <BusyButton isBusy={list.isAsking.value} onClick={list.more}>
          {list.isAsking.value ? "Bringing more…" : "Show more"}
        </BusyButton>
      )}
    </section>
  );
}

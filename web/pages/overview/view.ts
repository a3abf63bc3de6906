import { type ConnectorState, ranks } from "../../connectors/connector-state.ts";
import { addressOf } from "../../shell/router.ts";

/** How many connectors one page of the list shows. */
export const pageLength = 50;

/** What of the list an address shows. */
export interface View {
  /** Only those that stand so; null for all. */
  rank: ConnectorState["rank"] | null;
  /** Only those whose id has this in it. */
  part: string;
  /** From 1. */
  page: number;
}

export function viewOf(query: URLSearchParams): View {
  return {
    rank: ranks.find((rank) => rank === query.get("show")) ?? null,
    part: query.get("id") ?? "",
    page: Number(query.get("page") ?? 1),
  };
}

export function addressOfView({ rank, part, page }: View): string {
  return addressOf([], { show: rank, id: part, page: page === 1 ? null : String(page) });
}

interface Row {
  id: string;
  state: Pick<ConnectorState, "rank">;
}

export interface Shown<Of> {
  rows: Of[];
  /** Of the whole list, as the view has it. */
  count: number;
  /** The page that is shown: the last one for an address behind it. */
  page: number;
  pages: number;
}

export function shownOf<Of extends Row>(rows: readonly Of[], { rank, part, page }: View): Shown<Of> {
  const wanted = part.toLowerCase();
  const meant = rows.filter(
    ({ id, state }) => (rank === null || state.rank === rank) && id.toLowerCase().includes(wanted),
  );
  const pages = Math.max(1, Math.ceil(meant.length / pageLength));
  const at = Math.min(page, pages);
  return { rows: meant.slice((at - 1) * pageLength, at * pageLength), count: meant.length, page: at, pages };
}

import * as z from "zod";
import { connectorIdField, textOf } from "../operations/fields.ts";
import { schedulerOf, schedulingErrors } from "../operations/runs/scheduler.ts";
import { following, whatFollows } from "../operations/runs/what-follows.ts";
import { isRecord } from "../sources/json-list/parsed-item.ts";
import { flawOfId } from "../sources/listed-item.ts";
import { contextOf } from "./endpoint.ts";
import { route } from "./route.ts";

/**
 * The word of a source that something has changed. Nothing that it says is believed but which memory may be meant: the source is asked for that
 * one where it can be asked so, else, or where it does not have it, for all that is new.
 */
export const webhook = route({
  method: "POST",
  path: "/connectors/{id}/webhook",
  access: "admin",
  tag: "Runs",
  summary: "Tell that a connector's source has changed",
  details:
    "For webhooks of sources: the connector runs soon, once for however many come, and fetches what is new itself. Of the body no more is taken than the id of a " +
    "memory (`memo.name`, `memory_id`, `data.id` or `id`): a source that can be asked for one memory is asked for that one. " +
    "Instead of a key, the sender signs by `webhook.signing_secret` of the connector, as Standard Webhooks or `X-Hub-Signature-256` has it, or " +
    "shows its `webhook.url_secret`. A signed message that comes again is answered and does nothing. The connector of `POST " +
    "/connectors/{id}/memories` needs none.",
  params: z.object({ id: connectorIdField }),
  query: z.object({
    secret: textOf(500).optional().describe("`webhook.url_secret`, for senders that cannot sign"),
  }),
  status: 202,
  answer: z.strictObject({
    connectorId: z.string(),
    next: z
      .enum(following)
      .describe("what comes of it: a run, or after `resume` of the paused connector, or with a `sync`"),
  }),
  errors: schedulingErrors,
  shared: {
    of: ({ webhook: { signingSecret, urlSecret } }) => ({ signing: signingSecret, url: urlSecret }),
    takesUndated: true,
  },
  bodyLimit: 1024 * 1024,
  takesAnyBody: true,
  handle: async (request, parts) => {
    const connectorId = request.params.id;
    schedulerOf(contextOf(request, parts), connectorId);
    const { message } = request;
    if (message === null || parts.messages.sightOf(connectorId, message) === "new")
      await parts.service.sourceChanged(connectorId, namedIn(request.body));
    if (message !== null) parts.messages.add(connectorId, message);
    return { body: { connectorId, next: await whatFollows(parts.app, connectorId) } };
  },
});

/** Where webhooks say which memory they are about. Another thing's id does no harm: the source does not know it. */
const places = [["memo", "name"], ["memory_id"], ["data", "id"], ["id"]] as const;

/** The id of the memory that a body names; null where it names none. */
function namedIn(body: unknown): string | null {
  for (const place of places) {
    const found = place.reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), body);
    if (typeof found === "string" && flawOfId(found) === null) return found.replace(/^memos\//u, "");
  }
  return null;
}

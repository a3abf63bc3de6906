import { api } from "../api/endpoints.ts";
import { useAnswer } from "../api/use-answer.ts";

/** A field `connector` of a form; without a choice among several there is nothing to choose. */
export function ConnectorChoice({
  chosen,
  none,
  label,
  onChoice,
}: {
  chosen: string | null;
  /** What no choice means; absent where one has to be made. */
  none?: string;
  label: string;
  onChoice?: (id: string) => void;
}) {
  const answer = useAnswer((signal) => api.listConnectors({}, { signal }), []);
  const ids = answer.value.value?.connectors.map(({ id }) => id) ?? [];
  const all = chosen === null || ids.includes(chosen) ? ids : [chosen, ...ids];
  return (
    <div class="row">
      <label for="choice-connector">{label}</label>
      <select
        id="choice-connector"
        class="input"
        name="connector"
        onChange={({ currentTarget }) => onChoice?.(currentTarget.value)}
      >
        {none !== undefined && <option value="">{none}</option>}
        {all.map((id) => (
          <option key={id} value={id} selected={id === chosen}>
            {id}
          </option>
        ))}
      </select>
    </div>
  );
}

import { api } from "../api/endpoints.ts";
import { useAnswer } from "../api/use-answer.ts";

interface SelectProps {
  ids: readonly string[];
  chosen: string | null;
  /** What no choice means; absent where one has to be made. */
  none?: string | undefined;
  label: string;
  onChoice?: ((id: string) => void) | undefined;
}

/** A field `connector` of a form, over all connectors. */
export function ConnectorChoice({ chosen, ...rest }: Omit<SelectProps, "ids">) {
  const answer = useAnswer((signal) => api.listConnectors({}, { signal }), []);
  const ids = answer.value.value?.connectors.map(({ id }) => id) ?? [];
  const all = chosen === null || ids.includes(chosen) ? ids : [chosen, ...ids];
  return <ConnectorSelect {...rest} ids={all} chosen={chosen} />;
}

/** The same over these. */
export function ConnectorSelect({ ids, chosen, none, label, onChoice }: SelectProps) {
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
        {ids.map((id) => (
          <option key={id} value={id} selected={id === chosen}>
            {id}
          </option>
        ))}
      </select>
    </div>
  );
}

import { knownConnectors } from "./known-connectors.ts";

interface ChoiceProps {
  chosen: string | null;
  /** What no choice means; absent where one has to be made. */
  none?: string | undefined;
  label: string;
  onChoice?: ((id: string) => void) | undefined;
}

/** A field `connector` of a form, over all connectors, on a page that reads one in its address. */
export function ConnectorChoice({ chosen, none, label, onChoice }: ChoiceProps) {
  const ids = (knownConnectors.value ?? []).map(({ id }) => id);
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

/**
 * For the form that holds the fields `since` and `until`: a last day before the first one is said at its field, and keeps the form from being
 * sent. Call it with each input.
 */
export function orderDays({ currentTarget }: { currentTarget: HTMLFormElement }): void {
  const day = (name: string) => currentTarget.elements.namedItem(name) as HTMLInputElement;
  const [since, until] = [day("since"), day("until")];
  const isReversed = since.value !== "" && until.value !== "" && until.value < since.value;
  until.setCustomValidity(isReversed ? "The last day is before the first one." : "");
}

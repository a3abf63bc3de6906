import type { ButtonHTMLAttributes, TargetedMouseEvent } from "preact";

interface BusyButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "onClick" | "disabled"> {
  /** Whether what it does is under way. */
  isBusy: boolean;
  /** None for a button that sends its form. */
  onClick?: () => unknown;
}

/**
 * The button of something that takes a while: until it is done, pressing it again does nothing. It stays where the keyboard is, also where
 * that is refused: a browser takes the focus from a disabled one, to the top of the page.
 */
export function BusyButton({
  isBusy,
  onClick,
  type = "button",
  class: name = "btn",
  ...rest
}: BusyButtonProps) {
  const press = (event: TargetedMouseEvent<HTMLButtonElement>) => {
    if (isBusy) event.preventDefault();
    else onClick?.();
  };
  return <button {...rest} type={type} class={name} aria-disabled={isBusy} onClick={press} />;
}

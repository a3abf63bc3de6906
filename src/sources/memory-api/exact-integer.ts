/** Whole numbers with more digits are no ids. */
const maxDigits = 64;

/**
 * The whole number that a JSON number stands for, in all its digits, as JavaScript's own numbers could not hold it: `1.0`, `1e0` and
 * `1` are the same. Null for a number with a fraction, one of more than 64 digits, and what is no number.
 */
export function exactInteger(literal: string): string | null {
  const match = /^(-?)(\d{1,400})(?:\.(\d{1,400}))?(?:e([+-]?\d{1,4}))?$/iu.exec(literal);
  if (match === null) return null;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const digits = (whole + fraction).replace(/^0+/u, "");
  const significant = digits.replace(/0+$/u, "");
  if (significant === "") return "0";
  const zeros = digits.length - significant.length + Number(exponent) - fraction.length;
  if (zeros < 0 || significant.length + zeros > maxDigits) return null;
  return sign + significant + "0".repeat(zeros);
}

/** Shorter values occur too often in ordinary words to be masked. */
const shortestSecret = 4;

/** Masks secrets in a text in every form in which they occur: plain, in JSON, in a URL. */
export class SecretMask {
  #forms: string[] = [];

  constructor(secrets: Iterable<string> = []) {
    this.set(secrets);
  }

  /** Replaces the secrets to mask; a reload of the configuration changes them. */
  set(secrets: Iterable<string>): void {
    const forms = Iterator.from(secrets)
      .filter((secret) => secret.length >= shortestSecret)
      .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]);
    // A secret that contains another comes first, or its rest would remain visible.
    this.#forms = [...new Set(forms)].sort((a, b) => b.length - a.length);
  }

  readonly mask = (text: string): string =>
    this.#forms.reduce((masked, form) => masked.replaceAll(form, "***"), text);
}

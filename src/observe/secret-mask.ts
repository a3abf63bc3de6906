/** Shorter values are too common as parts of words to be masked. */
const shortestSecret = 4;

/** Replaces values that must never be seen, in the forms in which they get into text: as they are, in JSON, in a URL. */
export class SecretMask {
  private forms: string[] = [];

  constructor(secrets: Iterable<string> = []) {
    this.set(secrets);
  }

  /** The secrets to mask from now on; they change when the configuration is read anew. */
  set(secrets: Iterable<string>): void {
    const forms = Iterator.from(secrets)
      .filter((secret) => secret.length >= shortestSecret)
      .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]);
    // A secret that contains another goes first, or its rest would show.
    this.forms = [...new Set(forms)].sort((a, b) => b.length - a.length);
  }

  readonly mask = (text: string): string =>
    this.forms.reduce((masked, form) => masked.replaceAll(form, "***"), text);
}
